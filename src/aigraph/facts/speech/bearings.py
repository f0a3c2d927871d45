"""What words of a sentence make of those below them: adverbs, negations, governing verbs, sources."""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import TYPE_CHECKING

from aigraph.facts.speech.asides import QUOTES, gives_way, has_run_out, is_hearsay, is_in_quotes, is_never, is_parting
from aigraph.facts.speech.hedges import (
    DEALS,
    LASTING,
    MODALS,
    Hedge,
    is_cut_off,
    is_past,
    lemmas_of,
    load_hedges,
    verbal,
)
from aigraph.facts.speech.tellers import (
    is_account,
    is_assumed,
    is_had,
    is_paper,
    is_printed,
    is_sworn,
    is_tattler,
    tattles,
)
from aigraph.facts.words.trees import Tree, child, children, is_negated, is_predicate
from aigraph.records import Modality

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token

_BESIDE = frozenset({"competesWith", "founded", "locatedIn", "worksFor"})
"""What is mostly told beside a name, whatever the clause around it says."""
_CLAUSAL = frozenset({"ccomp", "xcomp", "csubj", "csubj:pass", "acl", "advcl"})
GOVERNED = _CLAUSAL | {"obj", "obl", "nmod", "nsubj:pass", "dep"}
"""The labels under which a verb, adjective or noun has a say in what hangs on it."""
_VERBS = 3
"""How many verbs "agreed to start to explore" may have."""
_PAIRING = frozenset({"cc", "cc:preconj"})
_WAITING = frozenset({"be", "have", "remain"})


class Bearings:
    """What bears on the path between two names.

    `on` are the indices of its words, `top` is the highest of them, `listed` tells that the names stand in one list
    ("A and B"), `shut` are the stretches that `contrasts` finds.
    """

    def __init__(
        self, tree: Tree, label: str, on: Set[int], top: Token, shut: tuple[tuple[int, ...], ...], *, listed: bool
    ) -> None:
        self._tree, self._label, self._on, self._top, self._shut = tree, label, on, top, shut
        self._listed = listed
        self._lasting = label in LASTING
        self._words = load_hedges()

    def predicated(self, above: Token) -> Iterator[Hedge]:
        """What the predicate makes of the deal that is its subject: "the merger would need approval"."""
        if above.lemma_ in self._words["false"]:
            yield Hedge(1)
        for modality in self.modals(above):
            yield Hedge(modality=modality)
        if above.lemma_ == "make" and any(t.lemma_ == "sense" for t in children(above, "obj")):
            yield Hedge(modality=Modality.HYPOTHETICAL)
        if above.lemma_ in self._words["happening"] | {"exist", "go"}:
            yield from (h for h in self.beside(above) if h.denials)

    # --- what hangs on a word ------------------------------------------------------------------------------

    def beside(self, word: Token, embedding: Token | None = None) -> Iterator[Hedge]:
        """Negations, adverbs, auxiliaries and adjectives of one word."""
        if word.lower_ in self._words["nobody"] and self.is_none(word):
            yield Hedge(1)
        if self._tree.named(word) and word.i == self._top.i and not self._listed:
            yield from (h for t in word.children if t.lower_ == "ex" for h in self._described("ex"))
            return
        for kid in word.children:
            if (kid.i not in self._on or kid.dep_ in ("nsubj", "nsubj:pass")) and not is_cut_off(kid, word):
                yield from self._hanging(kid, word, embedding)
        if is_predicate(word):
            yield from (Hedge(modality=m) for m in self.modals(word))
        yield from self._by_itself(word, embedding)

    def _hanging(self, kid: Token, word: Token, embedding: Token | None) -> Iterator[Hedge]:
        """What one word or phrase makes of the word that it hangs on."""
        if (denials := self._denials(kid, word)) != 0:
            yield Hedge(denials)
        elif kid.dep_ in ("advmod", "mark", "case") and (said := self._adverb(kid, word)) is not None:
            yield said if not said.over or embedding is None else Hedge()
        elif kid.dep_ in ("amod", "compound", "case", "advmod") and not verbal(self._top) and not child(kid, "case"):
            yield from self._described(kid.lower_)
        elif kid.dep_ in ("nsubj", "nsubj:pass", "obj") and kid.i not in self._on and self.is_none(kid):
            yield Hedge(1)
        elif self._is_vouched_by_nobody(kid, word):
            yield Hedge(modality=Modality.REPORTED)
        elif kid.dep_ in ("obl", "advcl", "nmod", "parataxis") or (kid.dep_ == "compound" and child(kid, "case")):
            yield from (Hedge(1) for _ in range(is_never(kid)))
            yield from self._sourced(kid)
            if embedding is None and self._is_until(kid, word):
                yield Hedge(over=True)

    def _by_itself(self, word: Token, embedding: Token | None) -> Iterator[Hedge]:
        """What a verb or post makes of a relation by what it is and by its tense."""
        gone = not self._lasting and gives_way(word, self._on)
        if gone or (self._label in DEALS and is_parting(word)):
            yield Hedge(over=True)
        if verbal(word) and is_in_quotes(word):
            yield Hedge(modality=Modality.REPORTED)
        if word.i in self._on:
            yield from (Hedge(modality=m) for m in self._lies_ahead(word))
        if is_had(word, self._on):
            yield Hedge(modality=Modality.REPORTED)
        if is_assumed(word, embedding, self._on):
            yield Hedge(modality=Modality.HYPOTHETICAL)
        if embedding is None and (self._is_served(word) if self._label == "worksFor" else self._is_past_perfect(word)):
            yield Hedge(over=True)

    def _lies_ahead(self, word: Token) -> Iterator[Modality]:
        """What leaves open a thing that is yet to be: "pencilled in as its successor", "the favourite for the post"."""
        if word.lemma_.lower() in self._words["aspiring"] and self._label != "competesWith":
            yield Modality.HYPOTHETICAL
        passive = verbal(word) and child(word, "aux:pass") is not None
        if passive and word.lemma_ in self._words["earmarking"] and self._label not in ("develops", "optimizedFor"):
            yield Modality.FORECAST

    def _is_vouched_by_nobody(self, kid: Token, word: Token) -> bool:
        """Does a source without a name tell it: "one anonymous post names her as the founder"?"""
        telling = kid.dep_ == "nsubj" and kid.i not in self._on and word.lemma_ in self._words["claiming"]
        return telling and tattles(self._tree, kid)

    def is_merely_sold(self, word: Token) -> bool:
        """Does somebody sell what others make: "merely resells the Q7"?"""
        only = any(t.lower_ in ("just", "merely", "only", "simply") for t in children(word, "advmod"))
        return self._label in ("develops", "manufactures") and only and word.lemma_ in self._words["reselling"]

    def _denials(self, kid: Token, word: Token) -> int:
        """1 for a word that denies the one that it hangs on, -1 where that takes back a denial ("not without")."""
        if self._negates(kid, word) or (kid.lower_ == "cannot" and kid.dep_ == "aux"):
            return 1
        if not self._shuts_out(kid):
            return 0
        return -1 if self._is_denied(word.head) and kid.lower_ == "without" else 1

    def _adverb(self, kid: Token, word: Token) -> Hedge | None:
        """What an adverb or conjunction makes of the word that it hangs on."""
        words, text = self._words, kid.lower_
        if kid.dep_ == "mark" and text in words["conditions"]:
            return Hedge(modality=Modality.HYPOTHETICAL) if is_predicate(word) else None
        if text in words["perhaps"]:
            return Hedge(modality=Modality.HYPOTHETICAL)
        if text in words["hearsay"]:
            return Hedge(modality=Modality.REPORTED)
        if text in words["almost"]:
            return Hedge(1) if verbal(word) else None
        once = (
            (text in words["once"] or (text in words["first"] and self._is_changed()))
            and (kid.dep_ != "mark" or not verbal(word) or (word.tag_ == "VBN" and child(word, "nsubj:pass") is None))
            and (not self._lasting or (self._label == "optimizedFor" and word.lemma_ in words["offering"]))
            and is_past(word)
            and self._may_tell(word)
        )
        return Hedge(over=True) if once else None

    def _is_changed(self) -> bool:
        """Does the sentence say what is so by now, so that "originally" tells what is no longer?"""
        return any(t.lower_ in ("now", "nowadays", "since", "today") for t in self._tree.tokens)

    def _may_tell(self, word: Token) -> bool:
        """Can what is called former be what a label means: a rival for "competesWith", no client?"""
        return self._label != "competesWith" or word.lemma_ in self._words["telling_competesWith"]

    def _shuts_out(self, kid: Token) -> bool:
        """Does "without", "instead of", "rather than" stand before a word?"""
        outside = kid.lower_ in self._words["without"]
        outside = outside and not (kid.lower_ == "unlike" and self._label in ("successorOf", "competesWith"))
        return outside and (kid.dep_ in ("case", "mark", "cc") or child(kid, "fixed") is not None)

    def _is_served(self, word: Token) -> bool:
        """Is a post told in the past: "was its chair", "ran its laboratory"?"""
        copula = child(word, "cop")
        if self._tree.named(word) and (copula is None or child(word, "case") is None):
            return False
        worked = word.lemma_ in self._words["working"] and word.tag_ == "VBD"
        worked = worked and child(word, "aux", "aux:pass", "obl:agent") is None
        return worked or (copula is not None and copula.lower_ in ("was", "were", "been"))

    def _is_past_perfect(self, word: Token) -> bool:
        """True for "had been based there": it was so, before what the sentence tells."""
        had = any(t.lower_ == "had" for t in children(word, "aux"))
        return had and self._label == "locatedIn" and word.dep_ in ("ROOT", "acl:relcl", "advcl:relcl", "advcl")

    def _sourced(self, kid: Token) -> Iterator[Hedge]:
        """What a source makes of a clause: "according to gossip", "sources say", "if the rumours are right"."""
        teller = child(kid, "nsubj")
        told = (
            kid.dep_ == "parataxis"
            and teller is not None
            and (tattles(self._tree, teller) or is_sworn(self._tree, kid))
        )
        if kid.dep_ == "advcl" and any(t.lower_ == "if" and t.dep_ == "mark" for t in kid.children):
            rumour = teller is not None and teller.lemma_ in self._words["grounds"] | self._words["tattlers"]
            told = rumour or kid.lemma_ == "believe"
        told = told or (kid.dep_ == "parataxis" and is_hearsay(kid)) or is_account(kid)
        if kid.dep_ == "parataxis" and kid.lemma_ in self._words["joking"]:
            yield Hedge(modality=Modality.HYPOTHETICAL)
        if told or (kid.dep_ == "obl" and is_tattler(kid)):
            yield Hedge(modality=Modality.REPORTED)

    def modals(self, word: Token) -> Iterator[Modality]:
        """What the auxiliaries of a verb make of it."""
        able = any(t.lower_ in ("can", "could") for t in children(word, "aux"))
        if able and any(
            t.lower_ in ("once", "when", "if") for c in children(word, "advcl") for t in children(c, "mark")
        ):
            yield Modality.HYPOTHETICAL
        for kid in children(word, "aux"):
            if kid.lower_ in MODALS and not self._is_reported_future(word, kid):
                yield MODALS[kid.lower_]

    def _is_reported_future(self, word: Token, modal: Token) -> bool:
        """Is "would" the future as seen from "said"?"""
        first = min(word.subtree, key=lambda t: t.i)
        quoted = first.text in QUOTES or (first.i > 0 and first.nbor(-1).text in QUOTES)
        told = word.dep_ in ("ccomp", "acl:relcl", "acl") and word.head.tag_ in ("VBD", "VBN")
        if modal.lower_ != "would" or word.lemma_ in self._words["longing"]:
            return False
        return told and not (quoted and word.dep_ == "ccomp")

    def _described(self, text: str) -> Iterator[Hedge]:
        """What an adjective makes of the noun behind it."""
        words = self._words
        if text in words["past"] and not self._lasting and self._label != "locatedIn":
            yield Hedge(over=True)
        elif text in words["void"]:
            yield Hedge(1)
        elif text in words["possible"]:
            yield Hedge(modality=Modality.HYPOTHETICAL)
        elif text in words["rumoured"]:
            yield Hedge(modality=Modality.REPORTED)

    def _negates(self, kid: Token, word: Token) -> bool:
        if kid.lower_ == "yet" and kid.i + 1 < len(kid.doc):  # "has yet to buy"
            return bool(kid.nbor(1).lower_ == "to") and word.lemma_ not in _WAITING
        if kid.lower_ == "longer" and kid.dep_ == "advmod":
            return any(t.lower_ == "no" for t in kid.children) or kid.nbor(-1).lower_ == "no"
        if kid.lower_.replace("’", "'") not in self._words["never"] or kid.dep_ not in (
            "advmod",
            "det",
            "cc",
            "cc:preconj",
        ):
            return False
        if kid.i in {reach[0] for reach in self._shut} or (kid.dep_ == "det" and kid.lower_ != "no"):
            return False
        if kid.lower_ == "nor" and word.dep_ == "conj":
            return False  # the first of the two denies both
        return not (kid.i + 1 < len(kid.doc) and kid.nbor(1).lower_ in self._words["merely"])

    def _is_yet_to(self, word: Token, below: Token) -> bool:
        """True for "has yet to buy"."""
        waiting = any(t.lower_ == "yet" for t in (*word.children, *below.children))
        return word.lemma_ in _WAITING and below.dep_ == "xcomp" and waiting

    def is_none(self, token: Token) -> bool:
        """True for "nobody", "none of them", "no rival" – but not for "no rival but Acme"."""
        none = token.lower_ in self._words["nobody"] or any(
            (t.lower_ == "no" and t.dep_ in ("det", "advmod")) or (t.lower_ == "neither" and t.dep_ in _PAIRING)
            for t in token.children
        )
        return none and not any(t.lower_ in ("but", "except", "save", "other") for t in token.subtree)

    def _is_until(self, kid: Token, word: Token) -> bool:
        """True for "until 2021" and "in its day" of what was so."""
        if (
            self._lasting
            or word.lemma_ == "train"
            or kid.dep_ not in ("obl", "advcl", "obl:tmod", "obl:unmarked", "nmod", "compound")
            or not is_past(word)
        ):
            return False
        mark = child(kid, "case", "mark")
        if mark is None:
            return False
        if mark.lower_ == "in" and kid.lemma_ in ("day", "heyday", "time"):
            return child(kid, "nmod:poss") is not None
        upto = mark.lower_ == "up" and (kid.lower_ == "to" or mark.nbor(1).lower_ == "to")
        if not upto and mark.lower_ not in ("until", "till"):
            return False
        return not (mark.i and mark.nbor(-1).lower_ == "not")

    # --- what a word makes of what hangs on it -------------------------------------------------------------

    def governing(self, word: Token, below: Token) -> Iterator[Hedge]:
        """What a verb, adjective or noun makes of the deed or deal below it."""
        words, lemmas = self._words, lemmas_of(word)
        if below.dep_ == "advcl" and child(below, "nsubj", "nsubj:pass") is not None:
            return
        deed = is_predicate(below) or below.lemma_ in words["deals"]
        name = self._tree.named(below)
        if self.denies(word, below) or self._ends_it(below, lemmas):
            dealt = self._label in DEALS and below.lemma_ in words["deals"] and not lemmas & words["disowning"]
            twice = self._is_denied(word) or (below.i in self._on and bool(lemmas_of(below) & words["denying"]))
            yield Hedge(-1) if twice else Hedge(over=True) if dealt else Hedge(1)
        if has_run_out(word, below):
            yield Hedge(over=True)
        if below.dep_ in ("nsubj", "nsubj:pass") and lemmas & words["failing"] and below.lemma_ in words["deals"]:
            yield Hedge(over=True)
        if below.dep_ in ("nsubj", "nsubj:pass") and self._has_ceased(word, below, lemmas):
            yield Hedge(over=True)
        clausal = below.dep_ in ("ccomp", "csubj", "acl", "xcomp", "csubj:pass", "nsubj")
        if clausal and lemmas & words["false"] and deed:
            yield Hedge(1)
        if below.dep_ in GOVERNED and (deed or (word.pos_ == "NOUN" and name)):
            yield from (Hedge(modality=m) for m in self._left_open(word, below, lemmas))
        if word.lemma_ in ("call", "print", "say", "write") and below.dep_ == "ccomp" and word.tag_ == "VBD":
            # "we wrote that …" goes before a correction
            yield from (Hedge(1) for t in children(word, "nsubj") if t.lower_ == "we")
        if word.dep_ == "xcomp" and word.head.lemma_ == "let" and lemmas & words["failing"]:
            yield Hedge(over=True)
        if self._is_yet_to(word, below):
            yield Hedge(1)
        if word.lemma_ == "use" and word.tag_ == "VBD" and below.dep_ == "xcomp" and not self._lasting:
            yield Hedge(over=True)
        if self._is_passed_over(word, below, lemmas):
            yield Hedge(1)

    def _has_ceased(self, word: Token, below: Token, lemmas: Set[str]) -> bool:
        """Has a doing come to an end, a holding to nothing: "production ended", "the stake has shrunk to nil"?"""
        doing = below.lemma_.lower() in self._words["doings"]
        if not doing and below.lemma_ not in self._words["deals"]:
            return False
        to = (t for t in children(word, "obl", "xcomp", "nmod") if any(c.lower_ == "to" for c in children(t, "case")))
        if not self._on <= {t.i for t in below.subtree}:
            return False
        if any(t.lemma_ in self._words["come_to_nothing"] for t in (*to, word)):
            return True
        halted = below.dep_ == "nsubj:pass" and lemmas & (self._words["ending"] | {"suspend"})
        return doing and bool(halted or lemmas & (self._words["failing"] | {"cease", "halt", "stop"}))

    def _left_open(self, word: Token, below: Token, lemmas: Set[str]) -> Iterator[Modality]:
        """Wishes and rumours, by verb, noun and subject."""
        words, teller = self._words, child(word, "nsubj")
        wanted = word.lemma_ == "want" and self._label in DEALS
        said = bool(lemmas & words["said"]) and child(word, "aux:pass") is not None
        told = teller is not None and (tattles(self._tree, teller) or is_printed(self._tree, teller))
        heard = teller is not None and word.lemma_ in ("gather", "hear", "learn", "understand") and is_paper(teller)
        tattled = (told or heard) and below.dep_ == "ccomp"
        claim = self._label in ("acquisition", "investment") and word.lemma_ in ("option", "right", "warrant")
        clause = below.dep_ in ("ccomp", "csubj", "acl", "advcl")
        seeming = word.lemma_ in ("appear", "look", "seem") and (below.dep_ == "xcomp" or clause)
        told_you = word.lemma_ == "tell" and any(t.lower_ == "you" for t in children(word, "iobj", "obj"))
        told_you = told_you and below.dep_ == "ccomp" and child(word, "aux") is not None
        sworn = below.dep_ == "ccomp" and is_sworn(self._tree, word)
        rumoured = bool(lemmas & words["rumouring"]) or seeming or said or tattled or told_you or sworn
        adjectives = (word, *(children(word, "xcomp", "acomp") if seeming else ()))
        uncertain = clause and any(t.lemma_ in words["uncertain"] for t in adjectives)
        rumoured = rumoured or (word.lemma_ == "secret" and any(t.lower_ == "open" for t in word.children))
        ruling = teller is not None and bool({teller.lower_, teller.lemma_} & words["authorities"])
        # who may import chips by name has them ordered, as a rule
        allowed = ruling and self._label != "uses" and bool(lemmas & {"allow", "authorise", "authorize", "let"})
        joked = word.lemma_ in self._words["joking"] and below.dep_ == "ccomp"
        if lemmas & words["wishing"] or claim or uncertain or allowed or joked:
            yield Modality.HYPOTHETICAL
        elif rumoured or wanted or self._is_ground(word, below):
            yield Modality.REPORTED
        if teller is not None and teller.lemma_ in ("option", "proposal", "idea", "right"):
            yield Modality.HYPOTHETICAL

    def agreed(self, verb: Token) -> Iterator[Modality]:
        """What a verb makes of the deal that those who stand in one list are after: "A and B explore a partnership"."""
        for _ in range(_VERBS):
            deal = child(verb, "obj", "obl")
            if deal is not None and deal.lemma_ in self._words["deals"]:
                after = lemmas_of(verb) & (self._words["wishing"] | self._words["rumouring"])
                if after and self._label in DEALS:
                    yield Modality.REPORTED
            following = child(verb, "xcomp")
            if following is None:
                return
            verb = following

    def is_rumour(self, noun: Token) -> bool:
        """Is a noun one for rumours: "talk", "speculation"?"""
        return noun.pos_ == "NOUN" and noun.lemma_ in self._words["rumouring"] | self._words["tattlers"]

    def _is_ground(self, word: Token, below: Token) -> bool:
        """Is it no more than the claim or the story that something is so?"""
        return word.pos_ == "NOUN" and word.lemma_ in self._words["grounds"] and below.dep_ in ("acl", "ccomp")

    def _is_passed_over(self, word: Token, below: Token, lemmas: Set[str]) -> bool:
        """Is a thing given up for another: "chose A over it", "switched from it"?"""
        case = child(below, "case")
        if case is None or not verbal(word):
            return False
        if self._label == "worksFor":
            return case.lower_ == "from" and bool(lemmas & self._words["hiring"])
        left = case.lower_ in ("from", "off") and not self._lasting and lemmas & self._words["changing"]
        return bool(left or (case.lower_ == "over" and lemmas & self._words["choosing"]))

    def denies(self, word: Token, below: Token) -> bool:
        """Does a verb deny the deed or deal that hangs on it?"""
        deed = is_predicate(below) or below.lemma_ in self._words["deals"] | self._words["grounds"]
        if below.dep_ == "nsubj" or below.dep_ not in GOVERNED or not deed or self._tree.named(below):
            return False
        return bool(lemmas_of(word) & self._words["denying"])

    def _ends_it(self, below: Token, lemmas: Set[str]) -> bool:
        """Does a verb end what it is said of?"""
        if self._label in ("founded", "successorOf", "optimizedFor"):
            return False
        if self._label == "worksFor":
            case = child(below, "case")
            away = case is None or case.lower_ in ("at", "from", "as", "with")
            return below.dep_ != "nsubj" and away and bool(lemmas & self._words["leaving"])
        if self._label == "locatedIn":
            closed = lemmas & self._words["closing"] and below.dep_ == "obj" and below.lemma_ in self._words["sites"]
            return bool(closed) or (below.dep_ in ("obj", "obl") and bool(lemmas & self._words["vacating"]))
        if below.dep_ not in ("obj", "nsubj:pass") or self._label in _BESIDE or self._is_let_go(below, lemmas):
            return self._is_let_go(below, lemmas)
        if self._label == "investment" and "sell" in lemmas and child(below.head, "nsubj") is not None:
            return any(t.lower_ in self._words["last"] for t in (*below.children, *children(below.head, "xcomp")))
        return bool(lemmas & self._words["undoing" if self._lasting else "ending"])

    def _is_let_go(self, below: Token, lemmas: Set[str]) -> bool:
        """Is a thing taken away, or a holding sold: "took the Q7 out", "cashed out of Acme"?"""
        if self._label == "investment" and below.dep_ == "obl" and lemmas & self._words["selling_out"]:
            return True
        if below.dep_ == "obl" and lemmas & self._words["forsaking"] and self._label in ("uses", "usesArchitecture"):
            return True
        removed = below.dep_ in ("obj", "nsubj:pass") and self._tree.named(below) and lemmas & self._words["removing"]
        return bool(removed) and not self._lasting and self._label not in _BESIDE

    def is_factive(self, word: Token, below: Token) -> bool:
        """True where a word takes for granted what hangs on it: "regrets that it bought"."""
        deed = below.dep_ in ("ccomp", "acl") or (below.lemma_ in self._words["deals"] and below.dep_ in ("obj", "obl"))
        if word.lemma_ == "secret" and any(t.lower_ == "open" for t in word.children):
            return False
        asked = below.dep_ in ("ccomp", "advcl") and any(
            t.lower_ in ("why", "when", "how") and t.dep_ in ("advmod", "mark") for t in below.children
        )
        if below.dep_ in ("acl", "ccomp") and word.lemma_ in ("deny", "dispute", "doubt", "question"):
            # "there is no question that …", "nobody doubts that …"
            return self._is_denied(word) if verbal(word) else self.is_none(word)
        return asked or (deed and not self._tree.named(below) and bool(lemmas_of(word) & self._words["factive"]))

    def _is_denied(self, word: Token) -> bool:
        """Is a verb denied, by an adverb or its subject: "few deny", "neither fire nor flood stopped"?"""
        if is_negated(word) or any(t.lower_ == "cannot" for t in children(word, "aux")):
            return True
        return any(self._is_hardly_any(t) for t in children(word, "nsubj", "nsubj:pass"))

    def _is_hardly_any(self, token: Token) -> bool:
        return (
            self.is_none(token) or token.lower_ == "few" or any(t.lower_ in ("few", "neither") for t in token.children)
        )
