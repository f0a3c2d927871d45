"""What verbs, adjectives and nouns make of the deed or deal that hangs on them: denials, ends, wishes, rumours."""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import TYPE_CHECKING

from aigraph.facts.speech.asides import has_run_out
from aigraph.facts.speech.hedges import (
    DEALS,
    LASTING,
    Hedge,
    is_apart,
    is_denied,
    is_joint,
    is_none,
    lemmas_of,
    load_hedges,
    verbal,
)
from aigraph.facts.speech.routes import Route
from aigraph.facts.speech.tellers import (
    is_based_on,
    is_draft,
    is_heard_from,
    is_paper,
    is_printed,
    is_supposed,
    is_sworn,
    tattles,
)
from aigraph.facts.words.trees import child, children, is_negated, is_predicate
from aigraph.records import Modality

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token

_BESIDE = frozenset({"competesWith", "founded", "locatedIn", "worksFor"})
"""What is mostly told beside a name, whatever the clause around it says."""
_CLAUSAL = frozenset({"ccomp", "xcomp", "csubj", "csubj:pass", "acl", "advcl"})
GOVERNED = _CLAUSAL | {"obj", "obl", "nmod", "nsubj:pass", "dep"}
"""The labels under which a verb, adjective or noun has a say in what hangs on it."""
_LEFT = frozenset({"licensing", "locatedIn", "supply", "uses", "usesArchitecture"})
"""What may be left for another: "turned its back on the Q7"."""
_VERBS = 3
"""How many verbs "agreed to start to explore" may have."""
_WAITING = frozenset({"be", "have", "remain"})


class Governing:
    """What the words of a route, and those above it, make of what is below them."""

    def __init__(self, route: Route) -> None:
        self._tree, self._label, self._on, self._top = route.tree, route.label, route.on, route.top
        self._lasting = route.label in LASTING
        self._words = load_hedges()

    def hedges(self, word: Token, below: Token) -> Iterator[Hedge]:
        """What a verb, adjective or noun makes of the deed or deal below it."""
        words, lemmas = self._words, lemmas_of(word)
        if below.dep_ == "advcl" and child(below, "nsubj", "nsubj:pass") is not None:
            return
        deed = is_predicate(below) or below.lemma_ in words["deals"]
        name = self._tree.named(below)
        if self.denies(word, below) or self._ends_it(below, lemmas):
            dealt = (
                self._label in DEALS
                and (below.lemma_ in words["deals"] or is_joint(below))
                and not lemmas & words["disowning"]
            )
            refuted = not is_denied(word) and self._tells_an_end(below)
            twice = refuted or is_denied(word) or (below.i in self._on and bool(lemmas_of(below) & words["denying"]))
            twice_open = twice and bool(lemmas & words["excluding"])  # "does not rule out": `unsettled.py`
            once = Hedge(over=True) if dealt else Hedge(1)
            yield Hedge() if twice_open else Hedge(-1, sure=refuted) if twice else once
        if has_run_out(word, below) or self._is_end_of(word, below):
            yield Hedge(over=True)
        deal = below.lemma_ in words["deals"] or (self._label in DEALS and is_joint(below))
        gone = words["failing"] | words["perishing"] if is_joint(below) else words["failing"]
        if below.dep_ in ("nsubj", "nsubj:pass") and lemmas & gone and deal:
            yield Hedge(over=True)
        dissolved = below.dep_ in ("obj", "nsubj:pass") and lemmas & words["dissolving"] and deal
        if (dissolved and not is_denied(word)) or self._has_ceased(word, below, lemmas):
            yield Hedge(over=True)
        clausal = below.dep_ in ("ccomp", "csubj", "acl", "xcomp", "csubj:pass", "nsubj")
        if clausal and lemmas & words["false"] and deed:
            yield Hedge(-1, sure=True) if self._tells_an_end(below) and not is_denied(word) else Hedge(1)
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

    def _tells_an_end(self, below: Token) -> bool:
        """Does a clause, or a report that holds one, deny what joins the names: "reports that it dropped Beta"?"""
        told = [below, *children(below, "acl", "ccomp", "acl:relcl")] if below.pos_ == "NOUN" else [below]
        clauses = [t for t in told if verbal(t) and t.i in self._on]
        ends = self._words["ending"] | self._words["failing"] | self._words["disowning"]
        return any(is_denied(t) or bool(lemmas_of(t) & ends) for t in clauses if t.dep_ != "xcomp")

    def _is_end_of(self, word: Token, below: Token) -> bool:
        """Is it the end of a deal that is spoken of: "the loss of its licence", "notice of termination of the deal"?"""
        dealt = below.lemma_.lower() in self._words["deals"] | self._words["doings"] or is_joint(below)
        lost = self._tree.named(below) and word.lemma_.lower() == "loss"
        ended = dealt and word.lemma_.lower() in self._words["endings"]
        return self._label in DEALS and (ended or lost) and below.dep_ == "nmod"

    def _has_ceased(self, word: Token, below: Token, lemmas: Set[str]) -> bool:
        """Has a doing come to an end, a holding to nothing: "production ended", "the stake has shrunk to nil"?"""
        if below.dep_ not in ("nsubj", "nsubj:pass"):
            return False
        doing = below.lemma_.lower() in self._words["doings"]
        if not doing and below.lemma_ not in self._words["deals"]:
            return False
        past = word.lemma_ == "thing" and any(t.lower_ == "past" for t in children(word, "nmod"))
        if (past or word.lemma_.lower() in self._words["dead"]) and child(word, "cop") is not None:
            return self._on <= {t.i for t in below.subtree} and not is_negated(word)
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
        told = told or (teller is not None and is_supposed(teller)) or is_heard_from(word)
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
        rumoured = rumoured or is_based_on(word, below)
        ruling = teller is not None and bool({teller.lower_, teller.lemma_} & words["authorities"])
        # who may import chips by name has them ordered, as a rule
        allowed = ruling and self._label != "uses" and bool(lemmas & {"allow", "authorise", "authorize", "let"})
        joked = word.lemma_ in self._words["joking"] and below.dep_ == "ccomp"
        drafted = teller is not None and below.dep_ == "ccomp" and is_draft(teller)
        if lemmas & words["wishing"] or claim or uncertain or allowed or joked or drafted:
            yield Modality.HYPOTHETICAL
        elif rumoured or wanted or self._is_ground(word, below):
            yield Modality.REPORTED
        if teller is not None and teller.lemma_ in ("option", "proposal", "idea", "right"):
            yield Modality.HYPOTHETICAL

    def agreed(self, verb: Token) -> Iterator[Modality]:
        """What a verb makes of the deal that those who stand in one list are after: "A and B explore a partnership"."""
        for _ in range(_VERBS):
            if any(t.lemma_ in self._words["deals"] for t in children(verb, "obj", "obl")):
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

    def _is_yet_to(self, word: Token, below: Token) -> bool:
        """True for "has yet to buy"."""
        waiting = any(t.lower_ == "yet" for t in (*word.children, *below.children))
        return word.lemma_ in _WAITING and below.dep_ == "xcomp" and waiting

    def _is_passed_over(self, word: Token, below: Token, lemmas: Set[str]) -> bool:
        """Is a thing given up for another: "chose A over it", "switched from it"?"""
        case = child(below, "case")
        if self._label == "locatedIn" and word.dep_ == "obj" and case is not None and case.lower_ == "from":
            return bool(lemmas_of(word.head) & self._words["changing"])  # "moved its seat from Bergen to Oslo"
        if case is None or not verbal(word):
            return False
        if self._label == "worksFor":
            return case.lower_ == "from" and bool(lemmas & self._words["hiring"])
        left = case.lower_ in ("from", "off") and not self._lasting and lemmas & self._words["changing"]
        return bool(left or (case.lower_ == "over" and lemmas & self._words["choosing"]))

    def denies(self, word: Token, below: Token) -> bool:
        """Does a verb deny the deed or deal that hangs on it?"""
        deed = is_predicate(below) or below.lemma_ in self._words["deals"] | self._words["grounds"]
        deed = deed or (self._label in DEALS and is_joint(below))
        deed = deed or (below.lemma_ in self._words["matters"] and bool(lemmas_of(word) & self._words["disowning"]))
        if below.dep_ == "obj" and f"{word.lemma_}_{below.lemma_}" in self._words["denying"]:
            return True  # "called time on it"
        if below.dep_ == "nsubj" or below.dep_ not in GOVERNED or not deed or self._tree.named(below):
            return False
        if below.dep_ == "advcl" and below.i < word.i and below.tag_ in ("VBG", "VBN") and not child(below, "mark"):
            return False  # "Having bought Beta, Acme declined to comment"
        return bool(lemmas_of(word) & self._words["denying"])

    def _ends_it(self, below: Token, lemmas: Set[str]) -> bool:
        """Does a verb end what it is said of?"""
        trimmed = "cut" in lemmas and below.lemma_ in self._words["holdings"]  # "cut its stake to nine percent"
        if trimmed or self._label in ("founded", "successorOf", "optimizedFor"):
            return False
        if self._label == "worksFor":
            return self._is_left(below, lemmas)
        if self._label == "locatedIn":
            site = below if below.dep_ in ("obj", "nsubj:pass") else None
            site = child(below.head, "obj") if below.dep_ == "obl" else site
            closed = lemmas & self._words["closing"] and site is not None and site.lemma_ in self._words["sites"]
            ceased = lemmas & self._words["ending"] and site is not None and site.lemma_ in self._words["doings"]
            return (
                bool(closed or ceased)
                or self._is_let_go(below, lemmas)
                or (below.dep_ in ("obj", "obl") and bool(lemmas & self._words["vacating"]))
            )
        if self._label == "investment" and below.dep_ in ("obj", "obl") and lemmas & self._words["unloading"]:
            told = child(below.head, "nsubj") is not None
            last = (*below.children, *children(below.head, "xcomp"))
            return told and any(t.lower_ in self._words["last"] for t in last)
        if below.dep_ not in ("obj", "nsubj:pass") or self._label in _BESIDE or self._is_let_go(below, lemmas):
            return self._is_let_go(below, lemmas)
        return bool(lemmas & self._words["undoing" if self._lasting else "ending"])

    def _is_left(self, below: Token, lemmas: Set[str]) -> bool:
        """Does somebody leave an employer?"""
        case = child(below, "case")
        if below.dep_ == "conj" and (verbal(below) or child(below, "cop") is not None):
            return False  # "left Beta and has since joined Acme", "… and is now its chair"
        away = case is None or case.lower_ in ("at", "from", "as", "with")
        away = away and not (below.dep_ in ("xcomp", "advcl") and below.tag_ == "VB")  # "left Beta to join Acme"
        return below.dep_ != "nsubj" and not is_apart(below) and away and bool(lemmas & self._words["leaving"])

    def _is_let_go(self, below: Token, lemmas: Set[str]) -> bool:
        """Is a thing taken away, or a holding sold: "took the Q7 out", "cashed out of Acme", "called time on it"?"""
        if below.dep_ == "obl" and self._label not in _BESIDE and lemmas & self._words["stopping"]:
            return child(below, "case") is not None and not is_denied(below.head)
        if below.dep_ in ("obj", "iobj") and self._label in DEALS and lemmas & self._words["dismissing"]:
            return True
        if self._label == "investment" and below.dep_ == "obl" and lemmas & self._words["selling_out"]:
            return True
        away = below.dep_ == "obl" and not any(t.lower_ in ("for", "in", "to") for t in children(below, "case"))
        if away and lemmas & self._words["forsaking"] and self._label in _LEFT:
            return True
        last = (below, *below.children)
        whole = self._tree.named(below) or any(t.lower_ in self._words["last"] for t in last)
        removed = below.dep_ in ("obj", "nsubj:pass") and whole and lemmas & self._words["removing"]
        return bool(removed) and not self._lasting and self._label not in _BESIDE

    def _is_avowed_by_nobody(self, word: Token, below: Token) -> bool:
        """Does a source that nobody vouches for announce or confirm it: "two anonymous accounts confirm that"?"""
        teller = child(word, "nsubj")
        return teller is not None and below.dep_ != "acl" and tattles(self._tree, teller)

    def is_factive(self, word: Token, below: Token) -> bool:
        """True where a word takes for granted what hangs on it: "regrets that it bought"."""
        deed = below.dep_ in ("ccomp", "acl") or (below.lemma_ in self._words["deals"] and below.dep_ in ("obj", "obl"))
        open_secret = word.lemma_ == "secret" and any(t.lower_ == "open" for t in word.children)
        if open_secret or (deed and self._is_avowed_by_nobody(word, below)):
            return False
        asked = below.dep_ in ("ccomp", "advcl") and any(
            t.lower_ in ("why", "when", "how") and t.dep_ in ("advmod", "mark") for t in below.children
        )
        if below.dep_ in ("acl", "ccomp") and word.lemma_ in ("deny", "dispute", "doubt", "question"):
            # "there is no question that …", "nobody doubts that …"
            return is_denied(word) if verbal(word) else is_none(word)
        if below.dep_ == "csubj" and word.lemma_ in ("secret", "surprise", "wonder"):
            return any(t.lower_ == "that" for t in children(below, "mark"))
        if word.lower_ == "fact" and below.dep_ in ("acl", "ccomp"):
            return not lemmas_of(word.head) & (self._words["denying"] | self._words["false"])
        withheld = is_denied(word) or (word.dep_ == "xcomp" and bool(lemmas_of(word.head) & self._words["denying"]))
        withheld = withheld and bool(lemmas_of(word) & self._words["avowing"])
        # "let it be known that it could buy Beta", "when it buys Beta will depend on"
        able = below.dep_ == "ccomp" and any(t.lower_ in ("could", "may", "might") for t in children(below, "aux"))
        if withheld or (able and not asked) or lemmas_of(word) & self._words["depending"]:
            return False  # "could not be confirmed that …", "refused to confirm that …"
        return asked or (deed and not self._tree.named(below) and bool(lemmas_of(word) & self._words["factive"]))
