"""Mending a parsed sentence before it is read: names become one node, and some slips of parsers are put right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from aigraph.records import BODY, Mention, MentionKind

INNER = "inner"
"""The label of words that a name covers beside its head."""
RELATIVE = frozenset({"that", "which", "who", "whom"})
_CLAUSES = frozenset({"acl:relcl", "conj", "ccomp", "advcl", "parataxis", "ROOT", "root", "xcomp", "acl"})
_BE = frozenset({"is", "are", "was", "were", "be", "been", "being", "'s", "'re"})
_DOUBLED = frozenset({"nsubj", "nsubj:pass", "obj", "obl", "nmod", "conj"})
_MAIN = frozenset({"conj", "parataxis", "ROOT", "root"})
_SUBJECTS = frozenset({"nsubj", "nsubj:pass", "csubj", "csubj:pass", "expl"})
_FINITE = frozenset({"VBZ", "VBD", "VBP", "MD"})
_DEPTH = 8


@dataclass(slots=True)
class Draft:
    """A sentence whose tree can still be changed; words as in `Tree`."""

    texts: list[str]
    tags: list[str]
    kinds: list[str]
    labels: list[str]
    heads: list[int]
    mentions: list[Mention | None]

    def repair(self) -> None:
        """All repairs in turn."""
        self._join_names()
        for at in range(len(self.texts)):
            self._mark_owner(at)
        for at in range(len(self.texts)):
            self._free_subject(at)
            self._lift_apposition(at)
            self._attach_participle(at)
            self._turn_relative(at)
            self._turn_subject(at)
            self._set_voice(at)
            self._join_apposition(at)
            self._hang_worth(at)
            self._count_among(at)
        for at in range(len(self.texts)):
            self._bind_owner(at)

    def _join_names(self) -> None:
        """Let one word stand for each name: the last whose head lies outside; the others hang on it."""
        at = 0
        while at < len(self.texts):
            mention = self.mentions[at]
            end = at + 1
            while mention is not None and end < len(self.texts) and self.mentions[end] is mention:
                end += 1
            if end - at > 1:
                self._join(at, end)
            at = end

    def _join(self, first: int, end: int) -> None:
        inside = range(first, end)
        # a word that hangs, by others, on the name itself would hang on what hangs on it
        outer = [i for i in inside if not any(first <= above < end for above in self._above(i))]
        if not outer:
            return
        top = outer[-1] if self.labels[outer[0]] in ("compound", "amod", "det", "nummod") else outer[0]
        rooted = any(self.heads[i] == i for i in outer)
        if rooted:
            top = next(i for i in outer if self.heads[i] == i)
        for i in range(len(self.heads)):
            if i not in inside and self.heads[i] in inside:
                self.heads[i] = top
        for i in inside:
            if i != top:
                self.heads[i], self.labels[i] = top, INNER
        if self.kinds[top] == "VERB":
            self.kinds[top] = "PROPN"

    def _kids(self, at: int) -> Iterator[int]:
        return (i for i, head in enumerate(self.heads) if head == at and i != at)

    def _free_subject(self, at: int) -> None:
        """ "refines its K40, the Vela line has grown": what a finite verb follows that lacks a subject is no aside."""
        head = self.heads[at]
        if self.labels[at] != "appos" or head > at:
            return
        verb = self._verb_behind(at)
        if verb is None or verb in self._above(head) or at in self._above(verb):
            return  # "Acme, whose unit is growing": the clause hangs on what would be its subject
        kids = list(self._kids(verb))
        if any(self.labels[i] in _SUBJECTS or self.texts[i] in RELATIVE for i in kids):
            return
        passive = any(self.labels[i] == "aux:pass" for i in kids)
        self.heads[at], self.labels[at] = verb, "nsubj:pass" if passive else "nsubj"
        opens = min((i for i in kids if self.labels[i] in ("cc", "mark")), default=at)
        if opens < head and self.labels[head] in ("obl", "nmod"):
            self._hang(head, verb, "obl")  # "and with its Orca Corvex has joined in"
        if self.heads[verb] < at and self.kinds[self.heads[verb]] not in ("VERB", "AUX"):
            main = next((i for i in self._above(self.heads[verb]) if self.kinds[i] in ("VERB", "AUX")), None)
            if main is not None:
                self._hang(verb, main, "parataxis")

    def _mark_owner(self, at: int) -> None:
        """ "The K7 is Acme's own": "'s" goes with the name before it, and who it marks owns what follows."""
        if self.tags[at] != "POS" or at == 0:
            return
        owner = at - 1
        if self.labels[owner] == INNER:
            owner = self.heads[owner]
        if not self._is_name(owner):
            return
        if self.heads[owner] != at:
            self._hang(at, owner, "case")
        behind = self.heads[owner]
        parted = at + 1 >= len(self.texts) or self.kinds[at + 1] == "PUNCT"  # "Acme's, sold in Ulm, is the other one"
        mistaken = self.labels[owner] in ("nsubj", "nsubj:pass") and self.kinds[behind] in ("NOUN", "ADJ")
        if mistaken and behind > at and not parted:
            self.labels[owner] = "nmod:poss"

    def _count_among(self, at: int) -> None:
        """ "Acme counts Beta among its customers": Beta is what is counted, and no subject of a clause."""
        verb = self.heads[at]
        if self.labels[at] not in ("ccomp", "xcomp") or self.kinds[at] != "NOUN" or self.kinds[verb] != "VERB":
            return
        kids = list(self._kids(at))
        if any(self.labels[i] in ("cop", "aux") for i in kids):
            return
        case = next((i for i in kids if self.labels[i] == "case" and self.texts[i] in ("among", "as", "for")), None)
        counted = next((i for i in kids if self.labels[i] == "nsubj"), None)
        if case is not None and counted is not None and verb < counted < case:
            self.heads[counted], self.labels[counted] = verb, "obj"
            self.labels[at] = "obl"

    def _verb_behind(self, at: int) -> int | None:
        """The head of the finite verb group that follows a word at once or behind one adverb."""
        behind = at + 1
        if behind < len(self.texts) and self.kinds[behind] == "ADV" and self.labels[behind] == "advmod":
            behind += 1
        if behind >= len(self.texts) or self.tags[behind] not in _FINITE:
            return None
        if self.labels[behind] in ("aux", "aux:pass", "cop"):
            return self.heads[behind] if self.heads[behind] > behind else None
        return behind if self.kinds[behind] == "VERB" else None

    def _above(self, at: int) -> Iterator[int]:
        """The words above a word, the nearest first."""
        for _ in range(len(self.heads)):
            if self.heads[at] == at:
                return
            at = self.heads[at]
            yield at

    def _hang(self, at: int, head: int, label: str) -> None:
        """Hang a word on another, unless that hangs on it."""
        if at != head and at not in self._above(head):
            self.heads[at], self.labels[at] = head, label

    def _lift_apposition(self, at: int) -> None:
        """ "Samsung, Kioxia's larger rival, …": a name parted by a comma does not own what follows it."""
        mention, head = self.mentions[at], self.heads[at]
        if mention is None or mention.kind == MentionKind.PRONOUN or head <= at or self.labels[head] == INNER:
            return
        if self.labels[at] not in ("nmod:poss", "compound", "nmod") or self.kinds[head] not in ("NOUN", "PROPN"):
            return
        case = [i for i in self._kids(at) if self.labels[i] == "case"]
        behind = next((i for i in range(at + 1, head) if self.mentions[i] is not mention), head)
        if self.texts[behind] != "," or any(self.texts[i] in ("'s", "'") for i in case):
            return
        joined = any(self.labels[i] in ("cc", "conj") for i in self._kids(head))
        if joined:
            return
        above, label = self.heads[head], self.labels[head]
        self.heads[at], self.labels[at] = (above, label) if above != head else (at, label)
        self.heads[head], self.labels[head] = at, "appos"

    def _attach_participle(self, at: int) -> None:
        """ "Enflame, based in Shanghai, is close to Tencent": a participle behind a comma goes with what is before."""
        loose = ("acl", "advcl", "csubj", "csubj:pass", "xcomp", "ccomp", "amod")
        if self.labels[at] not in loose or self.tags[at] != "VBN" or at < 2 or self.texts[at - 1] != ",":
            return
        if any(self.labels[i] in ("nsubj", "nsubj:pass", "aux", "aux:pass") for i in self._kids(at)):
            return
        before = at - 2
        while self.labels[before] == INNER:
            before = self.heads[before]
        if self.heads[at] > at and self.mentions[before] is not None:
            self._hang(at, before, "acl")

    def _turn_relative(self, at: int) -> None:
        """ "Rebel-Quad, which Samsung fabricates": of two subjects the relative pronoun is the object."""
        if self.labels[at] != "nsubj" or self.texts[at] not in RELATIVE:
            return
        others = [i for i in self._kids(self.heads[at]) if self.labels[i] == "nsubj" and i != at]
        if others:
            self.labels[at] = "obj"

    def _turn_subject(self, at: int) -> None:
        """ "AMD took over Untether AI": of two subjects the one behind the verb is the object."""
        verb = self.heads[at]
        if self.labels[at] != "nsubj" or at < verb or self.kinds[verb] != "VERB":
            return
        kids = list(self._kids(verb))
        before = any(self.labels[i] in ("nsubj", "nsubj:pass") and i < verb for i in kids)
        if before and not any(self.labels[i] in ("obj", "ccomp", "cop") for i in kids):
            self.labels[at] = "obj"

    def _set_voice(self, at: int) -> None:
        """Voice by the forms of be and the participle: "is optimised", "the chip that AMD announced"."""
        head = self.heads[at]
        if self.labels[at] == "aux" and self.texts[at] in _BE and self.tags[head] == "VBN":
            self.labels[at] = "aux:pass"
        elif self.labels[at] == "nsubj:pass":
            kids = list(self._kids(head))
            if any(self.labels[i] == "obj" for i in kids) and not any(self.labels[i] == "aux:pass" for i in kids):
                self.labels[at] = "nsubj"

    def _join_apposition(self, at: int) -> None:
        """ "Zeta 2, Acme's newest chip, sells": of two equal phrases, one of them a name, the second is an aside."""
        label, head = self.labels[at], self.heads[at]
        kids = list(self._kids(at))
        if label not in _DOUBLED or any(self.labels[i] in ("cc", "case") and self.texts[i] != "'s" for i in kids):
            return
        start = min([at, *(i for i in kids if i < at)])
        start = min([start, *(i for k in kids if k < at for i in self._kids(k))])
        if start < 2 or self.texts[start - 1] != ",":
            return
        first = start - 2
        while self.labels[first] == INNER:
            first = self.heads[first]
        same = self.labels[first] == label and self.heads[first] == head
        if same and self._is_name(first) != self._is_name(at) and self.kinds[at] in ("NOUN", "PROPN"):
            self.heads[at], self.labels[at] = first, "appos"

    def _hang_worth(self, at: int) -> None:
        """ "ordered chips worth $40 billion": what is worth something is the object, and no clause of its own."""
        worth = self.heads[at]
        if self.texts[worth] != "worth" or self.labels[at] != "nsubj" or self.labels[worth] not in ("ccomp", "xcomp"):
            return
        if at < worth and self.heads[worth] < at:
            self.heads[at], self.labels[at] = self.heads[worth], "obj"
            self.heads[worth], self.labels[worth] = at, "amod"

    def _is_name(self, at: int) -> bool:
        mention = self.mentions[at]
        return mention is not None and mention.kind == MentionKind.NAME

    def _bind_owner(self, at: int) -> None:
        """Give "its" the named subject of its own clause: "Acme advances, and Beta has entered with its B1".

        That holds for main clauses, and for any clause where nothing else was found for the pronoun.
        """
        mention = self.mentions[at]
        if self.labels[at] != "nmod:poss" or self.texts[at] not in ("its", "their"):
            return
        if mention is not None and (mention.kind != MentionKind.PRONOUN or mention.type not in BODY):
            return
        clause = self._clause_of(at)
        if clause is None or (mention is not None and self.labels[clause] not in _MAIN):
            return
        subject = next((i for i in self._kids(clause) if self.labels[i] in ("nsubj", "nsubj:pass") and i < at), None)
        named = self.mentions[subject] if subject is not None else None
        if named is None or named.type not in BODY:
            return
        if mention is None:
            self.mentions[at] = replace(named, kind=MentionKind.PRONOUN)
        elif named.kind == MentionKind.NAME and named.entity != mention.entity:
            self.mentions[at] = replace(mention, entity=named.entity, type=named.type)

    def _clause_of(self, at: int) -> int | None:
        """The head of the clause that a word stands in; None for a word of its subject or of an aside."""
        for _ in range(_DEPTH):
            if self.labels[at] in ("appos", "nsubj", "nsubj:pass"):
                return None  # "Acme, its oldest rival"
            at = self.heads[at]
            if self.kinds[at] in ("VERB", "AUX") or self.labels[at] in _CLAUSES:
                return at
        return None
