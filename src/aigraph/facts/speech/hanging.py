"""What words and phrases make of the word of a sentence that they hang on: negations, adverbs, auxiliaries, sources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from aigraph.facts.speech.asides import QUOTES, gives_way, is_hearsay, is_in_quotes, is_never, is_parting
from aigraph.facts.speech.hedges import (
    DEALS,
    LASTING,
    MODALS,
    Hedge,
    is_cut_off,
    is_denied,
    is_for_good,
    is_none,
    is_past,
    load_hedges,
    verbal,
)
from aigraph.facts.speech.routes import Route
from aigraph.facts.speech.tellers import (
    is_account,
    is_assumed,
    is_guessed,
    is_had,
    is_mere_talk,
    is_rumoured_by,
    is_sworn,
    is_tattler,
    tattles,
)
from aigraph.facts.words.trees import child, children, is_predicate
from aigraph.records import Modality

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token

_PAIRING = frozenset({"cc", "cc:preconj"})
_WAITING = frozenset({"be", "have", "remain"})


class Hanging:
    """What hangs on the words of a route, and on those above it."""

    def __init__(self, route: Route) -> None:
        self._tree, self._label, self._on, self._top = route.tree, route.label, route.on, route.top
        self._listed, self._shut = route.listed, route.shut
        self._lasting = route.label in LASTING
        self._words = load_hedges()

    def beside(self, word: Token, embedding: Token | None = None) -> Iterator[Hedge]:
        """Negations, adverbs, auxiliaries and adjectives of one word."""
        if word.lower_ in self._words["nobody"] and is_none(word):
            yield Hedge(1)
        if self._tree.named(word) and word.i == self._top.i and not self._listed:
            yield from (h for t in word.children if t.lower_ == "ex" for h in self._described("ex", word))
            return
        for kid in word.children:
            if (kid.i not in self._on or kid.dep_ in ("nsubj", "nsubj:pass")) and not is_cut_off(kid, word):
                yield from self._hanging(kid, word, embedding)
        if is_predicate(word):
            yield from (Hedge(modality=m) for m in self.modals(word))
        yield from self._by_itself(word, embedding)

    def predicated(self, above: Token) -> Iterator[Hedge]:
        """What the predicate makes of the deal that is its subject: "the merger would need approval"."""
        if above.lemma_ in self._words["false"]:
            yield Hedge(1)
        for modality in self.modals(above):
            yield Hedge(modality=modality)
        if is_mere_talk(above):
            yield Hedge(modality=Modality.REPORTED)
        if above.lemma_ == "make" and any(t.lemma_ == "sense" for t in children(above, "obj")):
            yield Hedge(modality=Modality.HYPOTHETICAL)
        if above.lemma_ in self._words["happening"] | {"exist", "go"}:
            yield from (h for h in self.beside(above) if h.denials)

    def _hanging(self, kid: Token, word: Token, embedding: Token | None) -> Iterator[Hedge]:
        """What one word or phrase makes of the word that it hangs on."""
        if (denials := self._denials(kid, word)) != 0:
            yield Hedge(denials)
        elif kid.dep_ in ("advmod", "mark", "case") and (said := self._adverb(kid, word)) is not None:
            yield said if not said.over or embedding is None else Hedge()
        elif kid.dep_ in ("amod", "compound", "case", "advmod") and not verbal(self._top) and not child(kid, "case"):
            yield from self._described(kid.lower_, word)
        elif kid.dep_ in ("nsubj", "nsubj:pass", "obj") and kid.i not in self._on and is_none(kid):
            yield Hedge(1)
        elif kid.dep_ in ("obl", "advcl", "nmod", "parataxis") or (kid.dep_ == "compound" and child(kid, "case")):
            yield from (Hedge(1) for _ in range(is_never(kid)))
            yield from self._sourced(kid, word, embedding)
            if embedding is None and self._is_until(kid, word):
                yield Hedge(over=True)

    def _by_itself(self, word: Token, embedding: Token | None) -> Iterator[Hedge]:
        """What a verb or post makes of a relation by what it is and by its tense."""
        if word.lemma_ in self._words["beaten"] and self._label in DEALS and child(word, "aux:pass") is not None:
            yield Hedge(1)
        gone = not self._lasting and (gives_way(word, self._on) or _is_what_used_to_be(word))
        if gone or (self._label in DEALS and is_parting(word)):
            yield Hedge(over=True)
        if verbal(word) and is_in_quotes(word):
            yield Hedge(modality=Modality.REPORTED)
        if word.i in self._on:
            yield from (Hedge(modality=m) for m in self._lies_ahead(word))
        if is_had(word, self._on) or is_rumoured_by(self._tree, word, self._on):
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
        return -1 if is_denied(word.head) and kid.lower_ == "without" else 1

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
            and (
                not is_for_good(self._label, word)
                or (self._label == "optimizedFor" and word.lemma_ in words["offering"])
            )
            and is_past(word)
            and self._may_tell(word)
            and not _is_hour(kid, word)
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

    def _sourced(self, kid: Token, word: Token, embedding: Token | None) -> Iterator[Hedge]:
        """What a source makes of a clause: "according to gossip", "sources say", "if the rumours are right"."""
        teller = child(kid, "nsubj")
        told = (
            kid.dep_ == "parataxis"
            and teller is not None
            and (tattles(self._tree, teller) or is_sworn(self._tree, kid))
        )
        if kid.dep_ == "advcl" and any(t.lower_ == "if" and t.dep_ == "mark" for t in kid.children):
            rumour = teller is not None and teller.lemma_ in self._words["grounds"] | self._words["tattlers"]
            told = rumour or kid.lemma_ in ("believe", "credit", "trust")
        told = told or (kid.dep_ == "parataxis" and is_hearsay(kid)) or is_account(kid) or is_guessed(kid)
        if kid.dep_ == "parataxis" and kid.lemma_ in self._words["joking"]:
            yield Hedge(modality=Modality.HYPOTHETICAL)
        speaker = None if embedding is None else child(word, "nsubj")
        venue = speaker is not None and self._tree.named(speaker)  # "Acme said on the forums that it has bought Beta"
        if told or (kid.dep_ == "obl" and is_tattler(kid) and not venue):
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

    def _described(self, text: str, word: Token) -> Iterator[Hedge]:
        """What an adjective makes of the noun behind it."""
        words = self._words
        if text in words["past"] and not is_for_good(self._label, word) and self._label != "locatedIn":
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
        if kid.lower_ in ("longer", "more") and kid.dep_ == "advmod" and kid.i:
            return _is_no_longer(kid, word)
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

    def _is_until(self, kid: Token, word: Token) -> bool:
        """True for "until 2021" and "in its day" of what was so."""
        if (
            is_for_good(self._label, word)
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


def _is_no_longer(adverb: Token, word: Token) -> bool:
    """True for "no longer rivals" and "rivals no more", not for "rivals, no more and no less"."""
    if adverb.nbor(-1).lower_ != "no":
        return any(t.lower_ == "no" for t in adverb.children)
    after = adverb.nbor(1).lower_ if adverb.i + 1 < len(adverb.doc) else ""
    return adverb.lower_ == "longer" or (adverb.i > word.i and after not in ("and", "nor", "or", "than"))


def _is_what_used_to_be(verb: Token) -> bool:
    """Does "used to" stand before a verb, whatever the tree hangs it on: ", which used to be based in Bergen,"?"""
    first = min((t.i for t in children(verb, "aux", "aux:pass", "cop", "mark")), default=verb.i)
    before = [t.lower_ for t in verb.doc[max(first - 1, 0) : first + 1]]
    return before == ["used", "to"] and verb.doc[first - 1].tag_ == "VBD"


def _is_hour(adverb: Token, verb: Token) -> bool:
    """True for "late on Thursday" and "earlier this year", which tell when and not that it was once so."""
    after = adverb.nbor(1).lower_ if adverb.i + 1 < len(adverb.doc) else ""
    return adverb.lower_ in ("earlier", "late") and adverb.i > verb.i and after in ("in", "last", "on", "that", "this")
