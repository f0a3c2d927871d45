"""Who does what to whom: the arguments of verbs and of nouns that stand for deeds, posts and relations.

Active and passive, control, relative clauses, participles behind a noun, coordination and light verbs are levelled
here, so that a rule names roles alone: `subj`, `obj`, `self`, `owner`, and prepositions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from aigraph.facts.frames.repairs import RELATIVE
from aigraph.facts.frames.trees import Tree
from aigraph.records import MentionKind

_SUBJECTS = ("nsubj", "nsubj:pass", "csubj")
_PHRASES = ("obl", "obl:agent", "nmod", "obl:unmarked", "advcl")
_LEADING = frozenset({"lead", "co-lead", "co-led", "colead", "anchor", "head", "back"})
_TAKING_PART = frozenset({"join", "participate", "take", "invest"})
_PHRASAL = frozenset(
    {
        ("take", "over"),
        ("rent", "out"),
        ("buy", "out"),
        ("snap", "up"),
        ("roll", "out"),
        ("set", "up"),
        ("pick", "up"),
        ("put", "in"),
        ("chip", "in"),
        ("kick", "in"),
        ("pay", "in"),
    }
)
"""Verbs whose particle parsers take for a preposition."""
_STAYING = frozenset({"remain", "become", "stay"})
_JOINING = frozenset({"join", "rejoin"})
_MODIFYING = ("compound", "amod", "nmod:poss", "nmod", "nmod:unmarked", "flat")
_PLAIN = ("NOUN", "ADJ", "PROPN", "PUNCT", "ADV")
_BEFORE = 4
"""How many words may stand between a noun and the name before it."""
_DEPTH = 6
"""How far a shared subject is followed up the tree."""


class Predicates:
    """The predicates of one sentence. `words` are classes of verbs and nouns (`rules/frames/words.yaml`)."""

    def __init__(self, tree: Tree, words: Mapping[str, frozenset[str]]) -> None:
        self._tree = tree
        self._words = words

    def verb(self, at: int) -> str | None:
        """The lemma of a word that can be the verb of a frame, its particle joined by "_"; None for any other word."""
        tree = self._tree
        predicate = tree.kinds[at] == "VERB" or (tree.has(at, "nsubj") and tree.has(at, "obj"))
        if not predicate and not self._is_hyphened(at):
            return None
        lemma = tree.lemmas[at]
        particle = next(tree.under(at, "compound:prt"), None)
        if particle is None and at + 1 < len(tree) and (lemma, tree.texts[at + 1]) in _PHRASAL:
            particle = at + 1
        return lemma if particle is None else f"{lemma}_{tree.texts[particle]}"

    def _is_hyphened(self, at: int) -> bool:
        """ "backed" in "the Acme-backed start-up"."""
        tree = self._tree
        return tree.texts[at].endswith(("ed", "led", "made", "built", "run", "owned")) and (
            tree.labels[at] in ("amod", "compound", "acl") and at >= 2 and tree.texts[at - 1] == "-"
        )

    def hyphened(self, at: int) -> int | None:
        """The name before the hyphen of a participle: "Acme" in "the Acme-backed start-up"."""
        if at >= 2 and self._tree.texts[at - 1] == "-" and self._tree.mentions[at - 2]:
            return at - 2
        return None

    # --- verbs ------------------------------------------------------------------------------------------------

    def passive(self, at: int, depth: int = 0) -> bool:
        """True for a verb whose grammatical subject, or the noun before it, undergoes what it says."""
        tree = self._tree
        if tree.has(at, "aux:pass", "nsubj:pass", "obl:agent"):
            return True
        if tree.tags[at] != "VBN" or tree.has(at, "aux", "nsubj", "obj"):
            return False
        if tree.labels[at] in ("acl", "amod", "advcl", "xcomp", "acl:relcl"):
            return True
        if tree.labels[at] == "conj" and depth < _DEPTH:
            return self.passive(tree.heads[at], depth + 1)
        return not any(tree.under(at, *_SUBJECTS)) and tree.labels[at] in ("root", "ROOT", "dep", "parataxis")

    def subjects(self, at: int) -> Sequence[int]:
        """The words of who does it."""
        if self._is_hyphened(at) and (name := self.hyphened(at)) is not None:
            return (name,)
        return self.agents(at) if self.passive(at) else self.surface(at)

    def objects(self, at: int) -> Sequence[int]:
        """The words of whom or what it is done to."""
        tree = self._tree
        if self._is_hyphened(at):
            return (tree.heads[at],)
        if self.passive(at):
            return self.surface(at)
        found = tuple(map(self._tree.antecedent, tree.under(at, "obj")))
        if at + 1 < len(tree) and (tree.lemmas[at], tree.texts[at + 1]) in _PHRASAL:
            found += tuple(i for i in tree.under(at, "obl") if tree.case(i) == tree.texts[at + 1])
        if found:
            return found
        for kid in tree.under(at, "conj"):  # "designs and builds the A1"
            between = range(at + 1, kid)
            close = all(tree.labels[i] in ("cc", "advmod", "aux", "punct", "conj") for i in between)
            if self.verb(kid) and close and tree.has(kid, "obj") and not tree.has(kid, "nsubj"):
                return tuple(tree.under(kid, "obj"))
        return self._gap(at)

    def _gap(self, at: int) -> Sequence[int]:
        """The noun that a relative clause without an object of its own hangs on: "the chip Acme plans to launch"."""
        tree = self._tree
        for _ in range(_DEPTH):
            if tree.has(at, "obj", "ccomp"):
                return ()
            if tree.labels[at] == "acl:relcl":
                subjects = [i for i in tree.under(at, "nsubj") if tree.texts[i] not in RELATIVE]
                free = not any(tree.texts[i] in RELATIVE for i in tree.within(at) if tree.labels[i] != "obj")
                return (tree.heads[at],) if subjects and free else ()
            if tree.labels[at] != "xcomp":
                return ()
            at = tree.heads[at]
        return ()

    def agents(self, at: int) -> Sequence[int]:
        """The words behind "by"."""
        tree = self._tree
        found = [
            i for i in tree.kids[at] if tree.labels[i] in ("obl:agent", "obl", "nmod", "advcl") and tree.case(i) == "by"
        ]
        if not found:
            for kid in tree.under(at, "conj"):
                if self.verb(kid) and self.passive(kid):
                    return self.agents(kid)
        return tuple(map(self._tree.antecedent, found))

    def surface(self, at: int, depth: int = 0) -> Sequence[int]:
        """The words of the grammatical subject, own or shared."""
        tree = self._tree
        own = tuple(map(self._tree.antecedent, tree.under(at, *_SUBJECTS)))
        head, label = tree.heads[at], tree.labels[at]
        if label == "ccomp" and len(own) == 1 and tree.texts[own[0]] == "they" and tree.mentions[own[0]] is None:
            return self.surface(head, depth + 1) or own  # "Acme and Beta said that they would …"
        if own or head == at or depth > _DEPTH:
            return own
        if label in ("xcomp", "ccomp", "obl") and self._given_object(head) and label != "ccomp":
            return (
                tuple(map(self._tree.antecedent, tree.under(head, "obj")))
                if not self.passive(head)
                else self.surface(head)
            )
        if label in ("conj", "xcomp", "advcl", "parataxis"):
            return self.surface(head, depth + 1)
        if label in ("acl", "amod"):
            infinitive = any(tree.texts[i] == "to" for i in tree.under(at, "mark"))
            return self.doers(head, depth + 1) if infinitive else (tree.listed_under(head),)
        return ()

    def _given_object(self, at: int) -> bool:
        """True for a verb whose object does what its infinitive says: "picked Acme to build it"."""
        return self._tree.has(at, "obj") and self._tree.lemmas[at] not in self._words["subject_control"]

    # --- nouns ------------------------------------------------------------------------------------------------

    def support(self, at: int) -> int | None:
        """The light verb that a noun of doing leans on: "signed" in "signed a deal with", "take" in "take a stake"."""
        tree = self._tree
        at = tree.listed_under(at)
        for _ in range(2):
            head, label = tree.heads[at], tree.labels[at]
            if label in ("obj", "nsubj:pass", "obl", "xcomp") and tree.lemmas[head] in self._words["support"]:
                return head
            if label == "acl:relcl" or tree.lemmas[head] not in self._words["phase_noun"]:
                break
            at = head  # "the completion of its purchase of Beta"
        for kid in tree.under(at, "acl", "acl:relcl"):  # "a deal signed with Acme"
            if tree.lemmas[kid] in self._words["support"] and self.passive(kid):
                return kid
        return None

    def doers(self, at: int, depth: int = 0) -> Sequence[int]:
        """The words of who does what a noun stands for: "by", its possessor, the subject of its light verb."""
        tree = self._tree
        by = [i for i in tree.under(at, "nmod", "obl") if tree.case(i) == "by"]
        found = by or [i for i in tree.under(at, "nmod:poss") if tree.mentions[i] or tree.kinds[i] != "PRON"]
        if not found and tree.has(at, *_SUBJECTS):  # "Acme is in talks to …"
            found = list(tree.under(at, *_SUBJECTS))
        if not found and depth <= _DEPTH:
            verb = self.support(at)
            if verb is not None:
                return self.agents(verb) if self.passive(verb) else self.surface(verb, depth + 1)
            if tree.labels[at] == "nmod" and tree.heads[at] != at:
                return self.doers(tree.heads[at], depth + 1)
        return tuple(map(self._tree.antecedent, found))

    def selves(self, at: int, depth: int = 0) -> Iterator[int]:
        """The words of what a noun tells of: "Acme" in "Acme is a rival", "a rival, Acme", "rivals include Acme"."""
        tree = self._tree
        head, label = tree.heads[at], tree.labels[at]
        yield at
        if tree.has(at, "cop"):
            yield from map(self._tree.antecedent, tree.under(at, *_SUBJECTS))
        if label == "appos" or (
            label in ("compound", "nmod", "nmod:unmarked", "amod") and head > at and not tree.case(at)
        ):
            yield tree.listed_under(head) if label == "appos" else head
        if label in ("obj", "xcomp", "nsubj") and tree.lemmas[head] in _STAYING and head < at:
            yield from self.surface(head)
        if label in ("nsubj", "nsubj:pass"):
            if tree.has(head, "cop") or tree.lemmas[head] == "be":
                yield head
            if tree.lemmas[head] in self._words["include"]:
                yield from tree.under(head, "obj", "obl", "xcomp")
        if label in ("obl", "xcomp", "advcl", "nmod") and (
            tree.case(at) in ("as", "among")
            or label == "xcomp"
            or any(tree.texts[k] == "as" for k in tree.under(at, "mark"))
        ):
            yield from self._described(head)
        if label == "nmod" and tree.texts[head] in ("one", "some", "part") and depth < _DEPTH:
            yield from self.selves(head, depth + 1)
        if label == "conj" and depth < _DEPTH:
            yield from self.selves(head, depth + 1)
        yield from self._beside(at)

    def _beside(self, at: int) -> Iterator[int]:
        """Names right beside a description, whatever the tree says: "Acme, the maker of …", "Acme boss Ann Lee"."""
        tree = self._tree
        if at + 1 < len(tree) and _is_name(tree, at + 1):
            yield at + 1
        owned = tree.has(at, "nmod:poss") or at == 0
        if owned and at + 2 < len(tree) and tree.texts[at + 1] == "," and _is_name(tree, at + 2):
            yield at + 2
        if (left := tree.left_name(at)) is not None:
            yield left

    def _described(self, at: int) -> Iterator[int]:
        """What "as" and complements speak of: the object of their verb, else its subject."""
        tree = self._tree
        if self.passive(at) or not tree.has(at, "obj") or tree.lemmas[at] in _JOINING:
            yield from self.surface(at)
        else:
            yield from tree.under(at, "obj")

    def pickers(self, at: int) -> Sequence[int]:
        """The words of who makes somebody what a noun says: "Acme" in "Acme named her chief", "chosen by Acme as"."""
        tree = self._tree
        at = tree.listed_under(at)
        head, label = tree.heads[at], tree.labels[at]
        if label not in ("obl", "xcomp", "advcl", "obj") or head == at:
            return ()
        if label == "obj":  # "named Ann Lee chief executive" with the post as the object
            return self.subjects(head) if tree.has(head, "iobj") else ()
        if tree.lemmas[head] in _JOINING:
            return self.objects(head)
        named = label == "xcomp" or tree.case(at) in ("as", "among")
        return self.subjects(head) if named and (self.passive(head) or tree.has(head, "obj")) else ()

    def leaders(self, at: int) -> Sequence[int]:
        """The words of who leads what a word stands for, or takes part in it: "a round led by Acme"."""
        tree = self._tree
        inside = tuple(tree.under(at, "acl", "acl:relcl", "advcl", "xcomp", "conj", "appos"))
        led = [word for kid in inside if tree.lemmas[kid] in _LEADING for word in self.agents(kid)]
        for kid in inside:  # "a round in which Acme took part"
            if tree.lemmas[kid] in _TAKING_PART and tree.labels[kid] == "acl:relcl":
                led += [word for word in self.surface(kid) if word != at]
        return tuple(led)

    def counterparties(self, at: int) -> Sequence[int]:
        """The words of the other side of the deal that an infinitive tells of: "a deal with Acme to buy its chips"."""
        tree = self._tree
        head = tree.heads[at]
        if tree.labels[at] not in ("acl", "advcl", "xcomp", "acl:relcl") or head == at:
            return ()
        found = self.phrases(head, "with", noun=self.verb(head) is None)
        if not found and self.verb(head):
            found = tuple(i for word in tree.under(head, "obj", "obl") for i in self.phrases(word, "with", noun=True))
        return found

    def clause(self, at: int) -> int | None:
        """The verb that a participle or noun hangs under: "trains" for "leased" in "trains on leased machines"."""
        tree = self._tree
        head = tree.heads[at]
        for _ in range(_DEPTH):
            if tree.heads[head] == head or self.verb(head):
                break
            head = tree.heads[head]
        return head if head != at and self.verb(head) else None

    def above(self, at: int) -> Sequence[int]:
        """The subject of the clause that a participle or noun hangs in: "Acme trains on machines leased from Beta"."""
        verb = self.clause(at)
        return () if verb is None else self.subjects(verb)

    def possessed(self, at: int) -> Sequence[int]:
        """The words of what is said to be somebody's: "Zeta" in "Zeta is Acme's", "Zeta, Acme's since May"."""
        tree = self._tree
        if not any(tree.texts[kid] in ("'s", "'") for kid in tree.under(at, "case")):
            return ()
        if tree.has(at, "cop"):
            return tuple(map(tree.antecedent, tree.under(at, *_SUBJECTS)))
        behind = tree.labels[at] == "appos" and at > 0 and tree.texts[at - 1] == ","
        return (tree.listed_under(tree.heads[at]),) if behind else ()

    def _qualifying(self, at: int) -> bool:
        """True for what may stand between an owner and what is owned: "newly appointed", "second-largest"."""
        kind = self._tree.kinds[at]
        return kind in _PLAIN or (kind == "VERB" and self._tree.tags[at] in ("VBN", "VBG"))

    def goods(self, at: int) -> Sequence[int]:
        """The words of what is bought or sold, behind amounts: "chips" in "hundreds of thousands of chips"."""
        return tuple(self._unpacked(word) for word in self.objects(at))

    def _unpacked(self, at: int) -> int:
        tree = self._tree
        for _ in range(_DEPTH):
            counted = tree.lemmas[at] in self._words["amount"] or tree.kinds[at] in ("NUM", "SYM")
            inner = next((kid for kid in tree.under(at, "nmod") if tree.case(kid) == "of"), None)
            if not counted or inner is None or tree.mentions[at] is not None:
                break
            at = inner
        return at

    def companions(self, at: int) -> Sequence[int]:
        """The words of who does it too: "together with Acme", "alongside Acme"."""
        tree = self._tree
        found = []
        for kid in tree.under(at, "obl", "nmod", "advcl"):
            case = next(tree.under(kid, "case"), kid)
            joined = tree.case(kid) == "with" and case > 0 and tree.texts[case - 1] in ("together", "jointly")
            if joined or tree.case(kid) in ("alongside", "together_with"):
                found.append(kid)
        for kid in tree.under(at, "advmod"):
            if tree.texts[kid] in ("together", "jointly"):
                found += [i for i in tree.under(kid, "obl", "nmod") if tree.case(i) == "with"]
        return tuple(found)

    # --- prepositions -----------------------------------------------------------------------------------------

    def phrases(self, at: int, preposition: str, *, noun: bool) -> Sequence[int]:
        """The words behind a preposition: on the predicate, else on its light verb, else within its arguments."""
        tree = self._tree

        def behind(word: int) -> list[int]:
            particle = word + 1 < len(tree) and (tree.lemmas[word], tree.texts[word + 1]) in _PHRASAL
            own = tree.texts[word + 1] if particle else ""  # "put in $40 million"
            return [
                i
                for i in tree.kids[word]
                if tree.labels[i] in _PHRASES and tree.case(i) == preposition and preposition != own
            ]

        found = behind(at)
        if not found and noun:
            found = self._right_behind(at, preposition)
        if noun and not found:
            verb = self.support(at)
            found = behind(verb) if verb is not None else []
        if not found:
            inside = tree.under(at, "nmod", "obl") if noun else tree.under(at, "obj", "obl", "nsubj:pass", "conj")
            found = [i for word in inside if tree.labels[word] != "conj" or self.verb(word) for i in behind(word)]
        if not found and noun:  # "a deal for chips signed with Acme"
            signed = (word for word in tree.under(at, "acl") if tree.lemmas[word] in self._words["support"])
            found = [i for word in signed for i in behind(word)]
        return tuple(map(self._tree.antecedent, found))

    def _right_behind(self, at: int, preposition: str) -> list[int]:
        """The head of a phrase whose preposition follows a noun at once, wherever the parser hung it."""
        tree = self._tree
        behind = at + 1
        while behind < len(tree) and tree.mentions[at] is not None and tree.mentions[behind] is tree.mentions[at]:
            behind += 1
        fits = behind < len(tree) and tree.texts[behind] == preposition and tree.labels[behind] == "case"
        return [tree.heads[behind]] if fits else []

    def modifiers(self, at: int) -> Sequence[int]:
        """The words before a noun that say whose or which it is: "Acme" in "Acme's chief executive", "Acme chief"."""
        tree = self._tree
        found = [kid for kid in tree.kids[at] if tree.labels[kid] in _MODIFYING and not tree.case(kid)]
        left = at - 1
        while left >= 0 and at - left <= _BEFORE and tree.mentions[left] is None and self._qualifying(left):
            left -= 1
        if left >= 0 and tree.texts[left] in ("'s", "'"):
            left -= 1
        if left >= 0 and _is_name(tree, left):
            found.append(left)
        return tuple(dict.fromkeys(found))


def _is_name(tree: Tree, at: int) -> bool:
    mention = tree.mentions[at]
    return mention is not None and mention.kind == MentionKind.NAME
