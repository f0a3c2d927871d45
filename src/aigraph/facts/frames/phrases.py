"""From the head of a phrase to what it stands for: names behind head nouns, lists, appositions, owners."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from aigraph.facts.frames.context import Context
from aigraph.facts.frames.trees import Tree
from aigraph.records import BODY, TECHNOLOGY, EntityType, Mention, MentionKind
from aigraph.vocab import AIG

_NAMED = ("compound", "flat", "nmod:unmarked", "amod", "nummod", "nmod", "dep", "appos", "det")
_POINTING = frozenset({"the", "this", "these", "those", "that", "both"})
_OTHER = frozenset(
    {"other", "own", "rival", "competing", "first", "next", "new", "newest", "latest", "second", "future"}
)
_BY_NOUN = (
    ("chip_noun", EntityType.CHIP),
    ("system_noun", EntityType.SYSTEM),
    ("model_noun", EntityType.AI_MODEL),
    ("software_noun", EntityType.SOFTWARE),
)
_WORKLOADS = {"training": AIG.Training, "inference": AIG.Inference, "inferencing": AIG.Inference}


@dataclass(frozen=True, slots=True)
class Thing:
    """What a phrase stands for: an entity or a workload, with its class and the word that names it."""

    iri: NamedNode
    type: str
    at: int
    kind: MentionKind = MentionKind.NAME


class Phrases:
    """The phrases of one sentence. `words` are classes of head nouns (`rules/frames/words.yaml`)."""

    def __init__(self, tree: Tree, words: Mapping[str, frozenset[str]], context: Context) -> None:
        self._tree = tree
        self._words = words
        self._context = context
        self._told: dict[tuple[int, frozenset[str]], tuple[Thing, ...]] = {}
        self._asked: set[int] = set()

    def things(self, at: int, wanted: frozenset[str]) -> tuple[Thing, ...]:
        """The things of some types that a phrase stands for, by its head word; all members of a list."""
        known = self._told.get((at, wanted))
        if known is None:
            known = self._told[at, wanted] = self._things(at, wanted)
        return known

    def _things(self, at: int, wanted: frozenset[str]) -> tuple[Thing, ...]:
        found: dict[NamedNode, Thing] = {}
        for member in self._tree.members(self._tree.antecedent(at)):
            if "Workload" in wanted:
                for thing in self._workloads(member):
                    found.setdefault(thing.iri, thing)
            for thing in self._denoted(member):
                if thing.type in wanted:
                    found.setdefault(thing.iri, thing)
        return tuple(found.values())

    def owners(self, at: int, wanted: frozenset[str]) -> tuple[Thing, ...]:
        """Whose a thing is: "Acme's A1", "the Acme A1"; a list shares the owner before it."""
        at = self._tree.antecedent(at)
        for member in (at, self._tree.listed_under(at)):
            found = tuple(thing for thing in self._owners(member) if thing.type in wanted)
            if found:
                return found
        return ()

    def owners_of_name(self, at: int, wanted: frozenset[str]) -> tuple[Thing, ...]:
        """Whose a named thing is, with owners that hang on its head noun: "Acme's A1 cards"."""
        tree = self._tree
        found = self.owners(at, wanted)
        while not found and tree.labels[at] in _NAMED and tree.heads[at] != at and not tree.case(at):
            at = tree.heads[at]
            found = self.owners(at, wanted)
        return found

    def _owners(self, at: int) -> Iterator[Thing]:
        """Makers before the name first, for "Acme's Zeta Z1 cards" are Zeta's."""
        tree = self._tree
        own = tree.mentions[at]
        makers: list[Thing] = []
        for kid in tree.kids[at]:
            mention = tree.mentions[kid]
            beside = tree.labels[kid] in ("compound", "flat", "nmod", "nmod:unmarked", "amod") and not tree.case(kid)
            if beside and kid < at and mention and mention.type in BODY and mention is not own:
                makers.extend(_things(mention, kid))
        if own and own.type in TECHNOLOGY and tree.labels[at] in ("flat", "appos", "compound") and tree.heads[at] < at:
            above = tree.mentions[tree.heads[at]]
            if above and above.type in BODY and "," not in tree.texts[tree.heads[at] : at]:
                makers.extend(_things(above, tree.heads[at]))
        if makers:
            yield from makers
            return
        for kid in tree.under(at, "nmod:poss"):
            yield from self._members_denoted(tree.antecedent(kid))

    def _members_denoted(self, at: int) -> Iterator[Thing]:
        for member in self._tree.members(at):
            yield from self._denoted(member)

    # --- what a single phrase stands for ---------------------------------------------------------------------

    def _denoted(self, at: int) -> Iterator[Thing]:
        if at in self._asked:  # a tree may have a thing for its own owner: "Acme, whose cloud unit competes, said …"
            return
        self._asked.add(at)
        found = tuple(self._named_in(at))
        self._asked.discard(at)
        yield from found or self._taken_up(at)

    def _taken_up(self, at: int) -> Iterator[Thing]:
        """What was named before where a phrase points back: "the cards", "these machines", "it"."""
        tree = self._tree
        if tree.mentions[at] is not None:
            return
        types: set[str] = set()
        if tree.kinds[at] == "PRON" and tree.texts[at] in ("it", "them", "they", "both", "these", "those"):
            types |= {EntityType.CHIP, EntityType.SYSTEM}
        elif any(tree.texts[kid] in _POINTING for kid in tree.under(at, "det", "nmod:poss")):
            plain = not any(tree.texts[kid] in _OTHER for kid in tree.under(at, "amod"))
            named = not tree.has(at, "acl:relcl", "flat", "appos")
            owners = tree.has(at, "nmod:poss") or any(
                tree.case(kid) in ("of", "from") for kid in tree.under(at, "nmod")
            )
            if plain and named and not owners:
                types |= {type_ for name, type_ in _BY_NOUN if tree.lemmas[at] in self._words[name]}
        if types:
            pronoun = tree.kinds[at] == "PRON"
            mention = self._context.technology(frozenset(types), tree.spans[at].start, here=pronoun)
            if mention:
                yield Thing(mention.entity, mention.type, at, MentionKind.NOMINAL)

    def _named_in(self, at: int) -> Iterator[Thing]:
        tree = self._tree
        mention = tree.mentions[at]
        if mention is not None:
            yield from _things(mention, at)
            if mention.type in BODY:  # "AMD MI450" with the maker as the head
                yield from self._after_maker(at, mention)
            if mention.kind != MentionKind.NAME:
                yield from self._examples(at)
            return
        if tree.texts[at] in ("that", "those", "one", "ones") or tree.kinds[at] in ("NUM", "SYM"):
            yield from self._of(at)
        if tree.texts[at] in ("those", "one") and tree.has(at, "cop"):  # "Acme and Beta are among those who …"
            for subject in tree.under(at, "nsubj"):
                yield from self._members_denoted(subject)
        lemma = tree.lemmas[at]
        if lemma in self._words["product"] or tree.kinds[at] in ("PROPN", "X"):
            yield from self._named(at, TECHNOLOGY)
        if lemma in self._words["amount"]:
            yield from self._of(at)
        if lemma in self._words["part_of_firm"]:
            beside = [t for t in (*self._named(at, BODY), *self._renamed(at)) if t.type in BODY and t.at > at]
            yield from beside or (t for t in self._owners(at) if t.type in BODY)
        if lemma in self._words["firm"] or lemma in self._words["person"]:
            yield from self._named(at, frozenset(BODY | {EntityType.PERSON}), left=lemma not in self._words["firm"])
        yield from self._renamed(at)
        yield from self._examples(at)
        if any(lemma in self._words[name] for name in ("product", "firm", "part_of_firm", "person")):
            yield from self._equal(at)

    def _equal(self, at: int) -> Iterator[Thing]:
        """The name that a description stands beside: "a core" in "Ascalon, a core based on …"."""
        tree = self._tree
        title = tree.labels[at] in ("compound", "nmod", "nmod:unmarked") and tree.heads[at] > at and not tree.case(at)
        words = [tree.heads[at]] if tree.labels[at] == "appos" or title else []
        if tree.has(at, "cop"):
            words += map(tree.antecedent, tree.under(at, "nsubj"))
        if not words and (left := tree.left_name(at)) is not None:
            words.append(left)
        for word in words:
            if mention := tree.mentions[word]:
                yield from _things(mention, word)

    def _after_maker(self, at: int, mention: Mention) -> Iterator[Thing]:
        tree = self._tree
        for kid in tree.under(at, "flat", "compound", "appos", "nmod:unmarked"):
            other = tree.mentions[kid]
            near = kid > at and kid - at <= 4 and "," not in tree.texts[at:kid]
            if other and other is not mention and other.type in TECHNOLOGY and near:
                yield from _things(other, kid)

    def _named(self, at: int, types: frozenset[str] | frozenset[EntityType], *, left: bool = True) -> Iterator[Thing]:
        """Names of some types beside a head noun: "the H100 GPUs", "startup Acme", "chips called A1"."""
        tree = self._tree
        for kid in tree.kids[at]:
            mention = tree.mentions[kid]
            if tree.case(kid) or tree.labels[kid] not in _NAMED or (not left and kid < at):
                continue
            if mention and mention.type in types:
                for member in tree.members(kid):
                    inner = tree.mentions[member]
                    if inner and inner.type in types:
                        yield from _things(inner, member)

    def _of(self, at: int) -> Iterator[Thing]:
        tree = self._tree
        for kid in tree.under(at, "nmod", "obl"):
            if tree.case(kid) in ("of", "from"):
                yield from self._members_denoted(kid)

    def _renamed(self, at: int) -> Iterator[Thing]:
        """The name in apposition to a description: "its newest chip, the K7"; "chips called K7"."""
        tree = self._tree
        for kid in tree.under(at, "appos", "flat", "nmod:unmarked"):
            for member in tree.members(kid):
                if mention := tree.mentions[member]:
                    yield from _things(mention, member)
                elif tree.lemmas[member] in self._words["product"]:
                    yield from self._named(member, TECHNOLOGY)
        for kid in tree.under(at, "acl"):
            if tree.lemmas[kid] in self._words["calling"]:
                for name in tree.under(kid, "xcomp", "obj", "obl:unmarked", "obl", "dep"):
                    yield from self._members_denoted(name)

    def _examples(self, at: int) -> Iterator[Thing]:
        """Those that a description goes on to list: "customers such as A and B"."""
        tree = self._tree
        for kid in tree.under(at, "nmod", "obl", "acl", "appos", "advcl", "parataxis"):
            if tree.case(kid) in self._words["such_as"] and kid > at:
                yield from self._members_denoted(kid)
        if tree.lemmas[at] in self._words["circle"]:  # "a group around Acme that includes Beta"
            for kid in tree.under(at, "nmod"):
                if tree.case(kid) == "around":
                    yield from self._members_denoted(kid)
            for verb in tree.under(at, "acl:relcl"):
                if tree.lemmas[verb] in ("include", "comprise"):
                    for kid in tree.under(verb, "obj"):
                        yield from self._members_denoted(kid)

    def _workloads(self, at: int) -> Iterator[Thing]:
        tree = self._tree
        inside = (at, *(k for k in tree.kids[at] if tree.labels[k] in ("compound", "amod", "conj", "nmod")))
        for word in inside:
            for part in tree.lemmas[word].split("-")[:1]:
                if part in _WORKLOADS and tree.mentions[word] is None:
                    yield Thing(_WORKLOADS[part], "Workload", word)


def _things(mention: Mention, at: int) -> Iterator[Thing]:
    """What a mention stands for: two things for "both"."""
    yield Thing(mention.entity, mention.type, at, mention.kind)
    yield from (Thing(fellow.entity, fellow.type, at, mention.kind) for fellow in mention.fellows)
