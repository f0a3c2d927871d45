"""How two names of a sentence are joined: denied, over, left open, rumoured, or taken for granted.

The names are joined by the path between them in the tree. Cues count that stand on this path, hang on it, or govern
the clause that it makes up. A path that holds names and descriptions alone ("Nvidia's H100", "Acme, maker of the Q7")
is taken for granted by its sentence, whatever that denies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import replace
from typing import TYPE_CHECKING

from aigraph.facts.speech.asides import (
    has_no_part,
    is_absent,
    is_anything_but,
    is_asked,
    is_bygone,
    is_cleft_out,
    is_in_quotes,
    is_ironic,
    is_misread_noun,
    is_term,
    so_told,
)
from aigraph.facts.speech.elsewhere import is_clear
from aigraph.facts.speech.ended import ended
from aigraph.facts.speech.foretelling import foretold, is_contrasted, is_cut_short, is_fancied, is_for_the_asking
from aigraph.facts.speech.framing import framed, headed, is_borne_out
from aigraph.facts.speech.gossip import is_gossip
from aigraph.facts.speech.governing import GOVERNED, Governing
from aigraph.facts.speech.hanging import Hanging
from aigraph.facts.speech.hedges import (
    DEALS,
    LASTING,
    Hedge,
    is_apart,
    is_joint,
    is_none,
    lemmas_of,
    load_hedges,
    shares,
    upward,
    verbal,
)
from aigraph.facts.speech.owned import has_moved, is_forerunner, is_own_product, is_own_site, is_settled
from aigraph.facts.speech.posts import of_post
from aigraph.facts.speech.routes import PRESUPPOSED, Route
from aigraph.facts.speech.stance import WEAKEST_FIRST
from aigraph.facts.speech.tellers import (
    is_called,
    is_heard_from,
    is_name_dropped,
    is_pointed_to,
    is_rumoured_by,
    is_said_to,
    is_taken_for,
)
from aigraph.facts.speech.unreal import unreal
from aigraph.facts.speech.unsettled import unsettled
from aigraph.facts.words.trees import Tree, child, children, is_negated, is_predicate
from aigraph.records import Modality

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token

_DONE = frozenset({"locatedIn", "manufactures", "uses"})
"""What is told beside deals by nouns of doing: "production of the Q7 at Acme ended"."""
_DEFINITE = 2
"""How many words "the company", with its preposition, has beside its noun."""
_ITSELF = frozenset({"he", "it", "she", "they"})


def read_hedge(tree: Tree, label: str, first: Token, second: Token) -> Hedge:
    """What the tree says of how two words are joined by a relation or deal with a label such as "uses".

    Relations have the names of their properties, deals those of `links`: "acquisition", "supply" and so on.
    """
    return _Reader(Route.between(tree, label, first, second)).read()


def strays_of(tree: Tree, label: str, first: Token, second: Token) -> Callable[[Token], bool]:
    """Tells for a word whether it has no say in what joins two words."""
    return Route.between(tree, label, first, second).strays()


class _Reader:
    """Reads what bears on the route between two names."""

    def __init__(self, route: Route) -> None:
        self._route, self._tree, self._label, self._ends = route, route.tree, route.label, route.ends
        self._steps, self._on, self._top = route.steps, route.on, route.top
        self._listed, self._parted = route.listed, route.parted
        self._words = load_hedges()
        self._hanging = Hanging(route)
        self._governing = Governing(route)

    def read(self) -> Hedge:
        """Denials and modality of all that bears on the path."""
        if (taken_up := self._taken_up()) is not None:
            hedge = taken_up.read()
            return replace(hedge, over=hedge.over or any(True for _ in ended(self._route)))
        if (opened := self._opened()) is not None:
            hedge = opened.read()
            done = child(opened._top, "aux") is not None and hedge == Hedge()  # "Having bought Beta, Acme …"
            return replace(hedge, sure=hedge.sure or done)
        hedge = self._read()
        told = hedge.modality in (Modality.ASSERTED, Modality.REPORTED) and not hedge.denied
        if told and is_borne_out(self._tree, self._ends):
            hedge = replace(hedge, modality=Modality.ASSERTED, granted=True, sure=True)
        clear = (
            not hedge.denied
            and not self._parted
            and is_clear(self._tree, self._route.telling(), self._top, passing=self._route.is_in_passing())
        )
        return replace(hedge, clear=clear)

    def _taken_up(self) -> _Reader | None:
        """The path from a pronoun by which a clause of its own takes up the first name: "Acme lost; it uses the Q7"."""
        belows = self._route.belows()
        relative = (t.below for t in self._steps if t.below is not None and t.below.dep_ == "acl:relcl")
        for clause in (*(t for t in belows if self._parted and is_apart(t)), *relative):
            within = {t.i for t in clause.subtree}
            inside = [end for end in self._ends if end.i in within]
            if len(inside) != 1 or any(end.i > clause.i for end in self._ends if end.i not in within):
                continue
            above = {t.i for t, _ in upward(inside[0])}
            for pronoun in (t for t in clause.subtree if t.lower_ in _ITSELF and t.dep_ in ("nsubj", "nsubj:pass")):
                if pronoun.head.i in above and not self._tree.named(pronoun):
                    return self._instead(pronoun, within)
            for word in clause.subtree:
                if self._stands_for_other(word, inside[0]):
                    return self._instead(word, within)
        return None

    def _instead(self, word: Token, within: Set[int]) -> _Reader:
        """The path from a word of a clause that takes up the name outside of it."""
        ends = [end if end.i in within else word for end in self._ends]
        return _Reader(Route.between(self._tree, self._label, ends[0], ends[1]))

    def _stands_for_other(self, word: Token, subject: Token) -> bool:
        """Does an object take up a name of an earlier clause: "…; UMC makes it now", "…; she runs the company"?"""
        if self._tree.named(word) or subject.dep_ not in ("nsubj", "nsubj:pass"):
            return False
        top = {subject.head.i}
        clause = next((t for t, _ in upward(word) if t.i in top), None)
        if clause is None or word.dep_ not in ("obj", "obl", "obl:agent", "nmod") or word.i < subject.i:
            return False
        if word.head.lemma_ in self._words["discussing"]:
            return False  # "…; Acme will not discuss it": the matter
        definite = any(t.lower_ == "the" for t in children(word, "det")) and len(list(word.children)) <= _DEFINITE
        return word.lower_ in ("it", "them") or (definite and word.lemma_ in self._words["taken_for_names"])

    def _opened(self) -> _Reader | None:
        """The path within a participle that opens a sentence: "Built for inference, the Q7 should not be blamed"."""
        subjects = self._route.belows()
        name = next(
            (t for t in subjects if t.dep_ in ("nsubj", "nsubj:pass") and t.i in {e.i for e in self._ends}), None
        )
        clause = next((t for t in subjects if t.dep_ == "advcl" and t.tag_ in ("VBN", "VBG")), None)
        if name is None or clause is None or clause.i > name.i or child(clause, "mark", "nsubj", "nsubj:pass"):
            return None
        if any(t.lower_ != "having" for t in children(clause, "aux")):
            return None
        first, second = (clause if end.i == name.i else end for end in self._ends)
        return _Reader(Route.between(self._tree, self._label, first, second))

    def _read(self) -> Hedge:
        if is_own_product(self._route) or is_forerunner(self._route) or is_own_site(self._route):
            return Hedge(granted=True, own=is_own_site(self._route))
        found = list(self._at_once())
        if self._parted or not self._told():
            return replace(_weighed(found), granted=not self._parted and self._label != "locatedIn")
        found += (Hedge(modality=modality) for modality in headed(self._route))
        seen: set[int] = set()
        for step in self._steps:
            if step.below is not None and self._governing.is_factive(step.word, step.below):
                return replace(_weighed([h for h in found if not h.denials]), granted=True, sure=True)
            if step.own and step.word.i not in seen:
                seen.add(step.word.i)
                found += self._hanging.beside(step.word)
            if step.below is not None:
                found += self._governing.hedges(step.word, step.below)
        if not self._is_governed():
            clauses = {
                step.word.i for step in self._steps if is_predicate(step.word) and not self._tree.named(step.word)
            }
            passing = not found and self._route.is_in_passing()
            granted = not clauses or (passing and len(clauses) == 1)
            return replace(_weighed(found), granted=granted, plain=bool(clauses) and passing)
        if self._is_confirmed():
            return replace(_weighed([h for h in found if h.modality != Modality.REPORTED]), granted=True, sure=True)
        above = list(self._above())
        sure = any(hedge.granted for hedge in above)
        found += (hedge for hedge in above if not hedge.granted)
        if any(h.sure and h.denials < 0 for h in found):  # "reports that it dropped Beta are false"
            found = [h for h in found if h.modality != Modality.REPORTED]
        weighed = _weighed(found)
        plain = weighed == Hedge() and not found and not sure and self._is_plain()
        stated = not weighed.denied and weighed.modality == Modality.ASSERTED
        taken_back = stated and (any(hedge.denials < 0 for hedge in found) or has_moved(self._route))
        own = stated and is_settled(self._route)
        return replace(weighed, granted=sure or own, sure=sure or taken_back, plain=plain, own=own)

    def _at_once(self) -> Iterator[Hedge]:
        """What is denied or mocked whatever the tree looks like: ", not Acme,", "Yeah, right: …"."""
        first, second = self._ends
        for end, other in ((first, second), (second, first)):
            yield from (Hedge(1) for reach in self._route.shut if end.i in reach and other.i not in reach)
            yield from (Hedge(1) for _ in range(is_cleft_out(end, other)))
        if self._label in ("develops", "founded", "manufactures") and has_no_part(self._tree, first):
            yield Hedge(1)
        but = any(is_anything_but(self._tree, step.word) for step in self._steps)
        if but or self._is_second_denied() or is_contrasted(self._route):
            yield Hedge(1)
        if any(is_absent(step.word) for step in self._steps):
            yield Hedge(over=True)
        tale = so_told(self._tree)
        if tale is not None and not (self._route.is_in_passing() and self._route.strays()(tale)):
            yield Hedge(modality=Modality.REPORTED)
        words = [*(step.word for step in self._steps), *self._route.governors()]
        rumoured = any(is_rumoured_by(self._tree, word, self._on) or is_name_dropped(word) for word in words)
        gossip = not self._is_told_of_an_end() and is_gossip(self._tree, self._ends)
        if (
            rumoured
            or gossip
            or is_heard_from(self._top)
            or self._is_only_called_so()
            or is_said_to(self._tree, self._ends)
            or is_pointed_to(self._tree, self._ends)
        ):
            yield Hedge(modality=Modality.REPORTED)
        if self._route.is_clausal():
            chain = self._route.governors()
            on = self._on - {self._top.i} if self._route.is_in_passing() else self._on
            yield from (h for h in framed(self._tree, self._ends, on, chain) if not (h.over and self._label in LASTING))
            yield from (Hedge(modality=m) for m in foretold(self._tree, self._ends, on, self._label))
        if any(self._hanging.is_merely_sold(step.word) for step in self._steps):
            yield Hedge(1)
        for_the_asking = any(is_for_the_asking(step.word) for step in self._steps)
        if (
            for_the_asking
            or is_fancied(self._route)
            or is_asked(self._tree, self._top.head if self._listed and self._top.dep_ == "nsubj" else self._top)
        ):
            yield Hedge(modality=Modality.HYPOTHETICAL)
        yield from of_post(self._route)
        yield from ended(self._route)
        yield from unreal(self._route)
        yield from unsettled(self._route, told=self._told())
        if is_ironic(self._tree):
            yield Hedge(modality=Modality.HYPOTHETICAL)

    def _is_confirmed(self) -> bool:
        """Does somebody confirm what is told: "confirmed reports that it has bought Beta"?"""
        noun = self._top.head
        told = self._top.dep_ in ("acl", "ccomp") and noun.lemma_ in self._words["grounds"] and noun.dep_ == "obj"
        return (
            told
            and noun.head.lemma_ in ("acknowledge", "admit", "concede", "confirm")
            and not (is_negated(noun.head) or is_none(noun))
        )

    def _is_governed(self) -> bool:
        """Is the path a clause or deal that words above have a say in, rather than a mere description of a name?"""
        top, deals = self._top, self._words["deals"]
        if self._is_shown():
            return True
        if self._tree.named(top) and not self._listed and not verbal(top):
            dealt = self._label in DEALS and top.dep_ in ("nmod", "obl") and top.head.lemma_ in deals
            beside = self._label == "locatedIn" and any(b.dep_ in PRESUPPOSED for b in self._route.belows())
            return dealt or (self._label in DEALS | _DONE and not beside and self._is_doing())
        joint = self._label in DEALS and is_joint(top)
        return is_predicate(top) or top.lemma_ in deals or joint or self._is_doing() or self._listed

    def _is_doing(self) -> bool:
        """Do the names stand with a noun of doing that something is said of: "shipments of boards by A to B ended"?"""
        word = self._top
        while word.dep_ == "nmod" and word.head.i < word.i:
            word = word.head
        return word.dep_ in ("nsubj", "nsubj:pass") and word.lemma_.lower() in self._words["doings"]

    def _is_shown(self) -> bool:
        """Is somebody wanted, or a thing seen, in a place: "to have Ann Lee at Acme", "to show the Q7 in the Z2"?"""
        verb, other = self._top.head, self._ends[1] if self._top.i == self._ends[0].i else self._ends[0]
        if self._top.dep_ != "obj" or self._top.i not in {end.i for end in self._ends} or not verbal(verb):
            return False
        cases = {t.lower_ for t in other.subtree if t.dep_ == "case" and t.i < other.i}
        if self._label == "componentOf":
            return bool(cases & {"in", "inside", "within"})
        hoped = verb.lemma_ in ("get", "have", "see", "want")
        return self._label == "worksFor" and hoped and bool(cases & {"at", "in"})

    def _is_plain(self) -> bool:
        """Is one verb said of both names, and of nothing between?"""
        belows = self._route.belows()
        core = all(
            b.dep_ in ("nsubj", "obj", "nsubj:pass", "obl:agent", "obl") and b.i in (self._ends[0].i, self._ends[1].i)
            for b in belows
        )
        return len(belows) == 2 and core and verbal(self._top)

    def _is_told_of_an_end(self) -> bool:
        """Is one name told of the other by the way: "Acme's Q7", "Acme, which has bought Beta"?"""
        belows = {below.dep_ for below in self._route.belows()}
        site = self._label == "locatedIn"  # "Acme's line in Austin"
        of_end = site or belows <= PRESUPPOSED or self._top.i in {end.i for end in self._ends}
        boards = not site and belows & PRESUPPOSED <= {"compound", "nmod:poss"}  # "Q7 boards in the Z2"
        return bool(belows & PRESUPPOSED) and not verbal(self._top) and (of_end or not boards)

    def _is_only_called_so(self) -> bool:
        """Is it no more than what somebody else, or a word in quotation marks, calls it: the "founder" of Acme?"""
        words = [] if self._parted else [step.word for step in self._steps]
        if any(is_called(self._tree, word, self._on) or is_taken_for(word, self._on) for word in words):
            return True
        telling = self._words.get(f"telling_{self._label}", self._words["deals"] | self._words["sides"])
        on = {*self._on, *(end.i for end in self._ends)}
        around = {*on, *(t.i for t in self._route.governors())}
        quoted = (t for t in self._tree.tokens if {t.lower_, t.lemma_.lower()} & telling and is_in_quotes(t))
        styled = (t.head for t in self._tree.tokens if t.dep_ == "amod" and t.lower_ in self._words["rumoured"])
        return any(t.i in on or t.head.i in on for t in quoted) or any(
            t.i in around and t.lemma_ in telling for t in styled
        )

    def _is_second_denied(self) -> bool:
        """Is the verb of the path the second of "neither designs nor sells", whatever the tree takes the first for?"""
        top, words = self._top, [t.lower_ for t in self._tree.tokens]
        paired = "neither" in words and top.dep_ != "conj" and top.i > self._tree.tokens[0].i
        return paired and verbal(top) and top.nbor(-1).lower_ == "nor" and top.nbor(-1).dep_ == "cc"

    def _told(self) -> bool:
        """Does a word on the path tell the relation, as far as it has words of its own?"""
        telling = self._words.get(f"telling_{self._label}")
        verbs = [step.word for step in self._steps if is_predicate(step.word) and not self._tree.named(step.word)]
        verbs = [word for word in verbs if verbal(word)] if self._label == "worksFor" else verbs
        telling = telling and telling | self._words["matters"]
        told = telling is None or not verbs or any(lemmas_of(step.word) & telling for step in self._steps)
        return told or (self._label == "develops" and any(map(is_cut_short, verbs)))

    # --- the way up ----------------------------------------------------------------------------------------

    def _above(self) -> Iterator[Hedge]:
        """What governs the clause of the path."""
        word = self._top
        if self._listed and not is_predicate(word):
            below, word = word, word.head
            yield from self._hanging.beside(word)
            yield from self._governing.hedges(word, below)
            yield from (Hedge(1) for t in children(word, "obj", "nsubj", "obl") if is_none(t))
            yield from (Hedge(modality=m) for m in self._governing.agreed(word))
        while word.head.i != word.i and (word.dep_ not in PRESUPPOSED or is_term(word)):
            above, below = word.head, word
            if self._governing.is_factive(above, below):
                yield Hedge(granted=True)
                return
            yield from self._grounds(above, below)
            if below.dep_ == "conj":
                yield from self._coordinate(above, below)
            elif not is_term(below):
                yield from self._governing.hedges(above, below)
                if below.dep_ in GOVERNED and not (below.dep_ == "advcl" and not self._governing.denies(above, below)):
                    yield from self._hanging.beside(above, embedding=below)
                elif below.dep_ not in ("nsubj", "parataxis"):
                    return
                elif below.dep_ == "nsubj":
                    yield from self._hanging.predicated(above)
            word = above
        if word.dep_ in PRESUPPOSED and is_bygone(word):
            yield Hedge(over=True)

    def _is_told_of(self, noun: Token) -> bool:
        """Does the path lie in the clause that hangs on a noun?"""
        clauses = (self._top, *(step.word for step in self._steps))
        return any(t.dep_ == "acl" and t.head.i == noun.i for t in clauses)

    def _coordinate(self, above: Token, below: Token) -> Iterator[Hedge]:
        """What the first of two coordinate words makes of the second."""
        if shares(above, below):
            yield from self._hanging.beside(above)
        elif any(t.dep_ == "mark" and t.lower_ in self._words["conditions"] for t in above.children) and not any(
            t.lower_ == "but" for t in children(below, "cc")
        ):
            yield Hedge(modality=Modality.HYPOTHETICAL)

    def _grounds(self, above: Token, below: Token) -> Iterator[Hedge]:
        """What nouns make of the clause that they are said to hold, however the tree hangs it."""
        if is_bygone(below):
            yield Hedge(over=True)
        if below.dep_ == "nmod" and self._governing.is_rumour(above) and self._is_told_of(below):
            yield Hedge(modality=Modality.REPORTED)  # "talk in the trade of its being bought"
        if below.dep_ == "ccomp" and is_misread_noun(above):  # "claims that it bought Beta are baseless"
            yield Hedge(modality=Modality.REPORTED)
            yield from (Hedge(1) for t in above.children if t.lemma_ in self._words["false"])


def _weighed(found: Sequence[Hedge]) -> Hedge:
    """All hedges in one: denials counted, the weakest modality."""
    modality = min((h.modality for h in found), key=WEAKEST_FIRST.index, default=Modality.ASSERTED)
    return Hedge(sum(h.denials for h in found), modality, any(h.over for h in found))
