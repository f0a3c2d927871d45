"""Applying frame rules to the sentences of an article."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from aigraph.facts.frames.context import Context
from aigraph.facts.frames.ellipsis import taken_up
from aigraph.facts.frames.phrases import Phrases, Thing
from aigraph.facts.frames.predicates import Predicates
from aigraph.facts.frames.rules import ANY, FrameBook, FramePattern, FrameRule, Path_, Paths, load_frame_words
from aigraph.facts.frames.trees import Tree, read_tree
from aigraph.records import MentionKind, Span

_KIN = {
    "iobj": ("iobj",),
    "xcomp": ("xcomp",),
}
"""Roles that are read off the labels of a predicate's children, those with prepositions left aside."""
_QUALIFYING = ("amod", "compound", "advmod", "nmod", "nmod:poss", "det")
_SELF = (("self",),)
_COMPANY = ("@company",)
_IMPLIED = (_COMPANY, ("@technology",))
"""The last resort of an argument: the company that the passage is about, the thing that it named last."""
_SUBJECT = ("subj",)
_COMPLEMENTS = frozenset({"of", "for", "to", "at", "with", "from"})
_CONTEXTUAL = 0.8
_BODIES = frozenset({"Company", "Organization"})
_PARTY = frozenset({"Company", "Organization", "Person"})


@dataclass(frozen=True, slots=True)
class FrameMatch:
    """A predicate that a rule applies to, with what fills its arguments."""

    rule: FrameRule
    tree: Tree
    at: int
    anchor: int
    arguments: Mapping[str, tuple[Thing, ...]]
    verbal: bool
    contextual: bool = False

    @property
    def confidence(self) -> float:
        """That of the rule, or less where an argument was taken from the passage."""
        return round(self.rule.confidence * (_CONTEXTUAL if self.contextual else 1), 2)

    def text(self, first: int, last: int) -> str:
        """The words from one index to another as the article writes them, blanks levelled."""
        tree = self.tree
        parts = []
        for i in range(first, last + 1):
            parts.append(tree.forms[i])
            if i < last and tree.spans[i].end < tree.spans[i + 1].start:
                parts.append(" ")
        return "".join(parts)

    @property
    def focus(self) -> Span:
        """The stretch that is asserted or denied: from the predicate to the last of its arguments behind it."""
        start = min(self.at, self.anchor)
        ends = [thing.at for things in self.arguments.values() for thing in things if thing.at >= self.at]
        last = max([self.at, self.anchor, *ends])
        return Span(self.tree.spans[start].start, self.tree.spans[last].end)


class FrameReader:
    """Finds where the rules of a book apply; one instance serves any number of articles."""

    def __init__(self, book: FrameBook) -> None:
        self._book = book

    def read(self, context: Context) -> Iterator[FrameMatch]:
        """All matches in a sentence, with what clauses without a verb of their own take up."""
        tree = read_tree(context.block, context.sentence, context.inside) if context.inside else None
        if tree is None:
            return
        told = list(self._told(tree, context))
        yield from told
        yield from taken_up(tree, told, lambda: self._told_before(context))

    def _told_before(self, context: Context) -> Sequence[FrameMatch]:
        """The matches in the sentence before."""
        sentences = context.block.sentences
        place = next((i for i, each in enumerate(sentences) if each.span == context.sentence.span), 0)
        if place == 0:
            return ()
        last = replace(context, sentence=sentences[place - 1])
        tree = read_tree(last.block, last.sentence, last.inside) if last.inside else None
        return tuple(self._told(tree, last)) if tree is not None else ()

    def _told(self, tree: Tree, context: Context) -> Iterator[FrameMatch]:
        view = _view(_Seen(tree, context))
        for at in range(len(tree)):
            mention = tree.mentions[at]
            named = mention is not None and mention.kind == MentionKind.NAME
            if named and mention is not None and view.heads_name(at) and not view.qualifies(at):
                patterns = self._book.by_type.get(mention.type, ())
            elif named:
                continue
            elif verb := view.predicates.verb(at):
                patterns = (*self._book.by_verb.get(verb, ()), *self._book.by_verb.get(ANY, ()))
            elif tree.kinds[at] in ("NOUN", "PROPN", "ADJ"):
                patterns = self._book.by_noun.get(tree.lemmas[at], ())
            else:
                continue
            noun = tree.kinds[at] != "VERB" and not (not named and view.predicates.verb(at))
            for rule, frame in patterns:
                yield from view.match(rule, frame, at, noun=noun)


class _View:
    """One sentence, with the readers of its predicates and phrases."""

    def __init__(self, tree: Tree, words: Mapping[str, frozenset[str]], context: Context) -> None:
        self._tree = tree
        self._context = context
        self._things_words = (
            words["product"] | words["amount"] | words["person"] | words["firm"] | words["part_of_firm"]
        )
        self._firms = words["firm"] | words["part_of_firm"]
        self.predicates = Predicates(tree, words)
        self._phrases = Phrases(tree, words, context)
        self._filled: dict[tuple[str, int, bool], Sequence[int]] = {}
        self._readers: Mapping[str, Callable[[int], Sequence[int]]] = {
            "subj": self.predicates.subjects,
            "obj": self.predicates.objects,
            "doer": self.predicates.doers,
            "above": self.predicates.above,
            "clause": self._clause,
            "modifier": self.predicates.modifiers,
            "picker": self.predicates.pickers,
            "led": self.predicates.leaders,
            "counterparty": self.predicates.counterparties,
            "kid": self._kid,
            "owner": self._owner,
            "governor": self._governor,
            "support": self._support,
            "goods": self.predicates.goods,
            "together": self.predicates.companions,
            "possessed": self.predicates.possessed,
        }

    def match(self, rule: FrameRule, frame: FramePattern, at: int, *, noun: bool) -> Iterator[FrameMatch]:
        """The match of a rule at a predicate, where all its arguments are filled."""
        if frame.present and self._tree.tags[at] == "VBD":
            return
        if noun and self._tree.heads[at] > at and self._tree.lemmas[self._tree.heads[at]] in frame.nouns:
            return  # "chief" in "chief executive"
        for paths, lemmas in frame.where:
            heads = self._heads(paths, at, noun=noun)
            if not (lemmas & heads or (ANY in lemmas and heads)):
                return
        for paths, lemmas in frame.unless:
            heads = self._heads(paths, at, noun=noun)
            if lemmas & heads or (ANY in lemmas and heads):
                return
        arguments: dict[str, tuple[Thing, ...]] = {}
        contextual = False
        for name, paths in sorted(frame.arguments, key=lambda pair: pair[1][-1] in _IMPLIED):
            found = self._name(frame, paths, at) or self._fill(paths, at, rule.types.get(name, _PARTY), noun=noun)
            if not found and (last := paths[-1]) in _IMPLIED:
                named = {path[0] for key, others in frame.arguments if key != name for path in others}
                taken = _COMPLEMENTS - named if noun else frozenset()
                found = self._implied(paths, at, rule.types.get(name, _PARTY), taken)
                found = tuple(t for t in found if all(t.iri != o.iri for others in arguments.values() for o in others))
                contextual = last == _COMPANY
            if not found:
                return
            arguments[name] = found
        if not self._owned(frame, arguments) or not _parted(arguments):
            return
        support = self.predicates.support(at) if noun else None
        yield FrameMatch(
            rule,
            self._tree,
            at,
            at if support is None else support,
            arguments,
            not noun or support is not None,
            contextual,
        )

    def _name(self, frame: FramePattern, paths: Paths, at: int) -> tuple[Thing, ...]:
        """The name itself, for patterns over names: its list is not meant, only it."""
        mention = self._tree.mentions[at]
        if not frame.names or paths != _SELF or mention is None:
            return ()
        return (Thing(mention.entity, mention.type, at),)

    def _implied(self, paths: Paths, at: int, wanted: frozenset[str], taken: frozenset[str]) -> tuple[Thing, ...]:
        """The company that the passage is about, or the thing it named last, where nothing else takes its place.

        For nouns, a possessor or one of the prepositions `taken` does.
        """
        tree = self._tree
        its = paths[-1] != _COMPANY  # "its maker, Acme", where nothing was found for the pronoun
        if taken and any(
            (tree.labels[k] == "nmod:poss" and not (its and tree.texts[k] == "its"))
            or (tree.case(k) in taken and self._is_party(k, wanted))
            for k in tree.kids[at]
        ):
            return ()
        if paths[0] == _SUBJECT and self.predicates.subjects(at):
            return ()
        if paths[-1] == _COMPANY:
            found = self._context.company()
        else:
            found = self._context.technology(wanted, tree.spans[at].start)
        return (Thing(found.entity, found.type, at, MentionKind.NOMINAL),) if found else ()

    def _is_party(self, at: int, wanted: frozenset[str]) -> bool:
        """True for a complement that may stand for what is looked for: a name, a firm without one."""
        named = bool(self._phrases.things(at, wanted))
        return named or not wanted <= _BODIES or self._tree.lemmas[at] in self._firms

    def qualifies(self, at: int) -> bool:
        """True for a name before a noun that is no thing of its kind: "H100" in "its H100 purchase"."""
        tree = self._tree
        head = tree.heads[at]
        before = tree.labels[at] in ("compound", "amod", "nmod") and head > at and not tree.case(at)
        return before and tree.mentions[head] is None and tree.lemmas[head] not in self._things_words

    def _near(self, at: int) -> Iterator[int]:
        """The words right before a noun, up to a name or a sign."""
        tree = self._tree
        for left in range(at - 1, max(-1, at - 4), -1):
            if tree.mentions[left] is not None or tree.kinds[left] == "PUNCT":
                return
            yield left

    def heads_name(self, at: int) -> bool:
        """True for the word of a name that the others hang on."""
        tree = self._tree
        return tree.heads[at] == at or tree.mentions[tree.heads[at]] is not tree.mentions[at]

    def _owned(self, frame: FramePattern, arguments: dict[str, tuple[Thing, ...]]) -> bool:
        """Keep to things without another owner (`own`) or to things of others (`foreign`); false where none is left."""
        name = frame.own or frame.foreign
        if name is None:
            return True
        others = {thing.iri for key, things in arguments.items() if key != name for thing in things}
        kept = []
        for thing in arguments[name]:
            owners = {o.iri for o in self._phrases.owners_of_name(thing.at, _BODIES)}
            foreign = bool(owners) and not owners & others
            if foreign == (frame.foreign is not None):
                kept.append(thing)
        arguments[name] = tuple(kept)
        return bool(kept)

    def _heads(self, paths: Paths, at: int, *, noun: bool) -> set[str]:
        tree = self._tree
        found: set[str] = set()
        for path in paths:
            for word in self._words(path, at, noun=noun):
                found |= {tree.lemmas[m] for m in tree.members(word)}
        return found

    def _fill(self, paths: Paths, at: int, wanted: frozenset[str], *, noun: bool) -> tuple[Thing, ...]:
        for path in paths:
            if path in _IMPLIED:
                continue
            owners = path[-1] == "owner"
            words = self._words(path[:-1] if owners else path, at, noun=noun)
            found: dict[object, Thing] = {}
            for word in words:
                things = self._phrases.owners(word, wanted) if owners else self._phrases.things(word, wanted)
                for thing in things:
                    found.setdefault(thing.iri, thing)
            if found:
                return tuple(found.values())
        return ()

    def _words(self, path: Path_, at: int, *, noun: bool) -> Sequence[int]:
        """The head words that a path leads to."""
        words: Sequence[int] = (at,)
        for step, role in enumerate(path):
            if step == 0:
                words = self._filling(role, at, noun=noun)
            else:
                words = [w for word in words for w in self._filling(role, word, noun=True)]
        return words

    def _filling(self, role: str, at: int, *, noun: bool) -> Sequence[int]:
        """The head words of a role of a predicate, found once for all rules that ask for them."""
        known = self._filled.get((role, at, noun))
        if known is None:
            known = self._filled[role, at, noun] = self._found(role, at, noun=noun)
        return known

    def _found(self, role: str, at: int, *, noun: bool) -> Sequence[int]:
        tree, predicates = self._tree, self.predicates
        if reader := self._readers.get(role):
            return reader(at)
        if role == "self":
            return tuple(dict.fromkeys(predicates.selves(at))) if noun else (at,)
        if role in _KIN:
            return tuple(kid for kid in tree.kids[at] if tree.labels[kid] in _KIN[role] and not tree.case(kid))
        return predicates.phrases(at, role, noun=noun)

    def _kid(self, at: int) -> Sequence[int]:
        """The modifiers of a noun, and the words right before it."""
        return (*self._near(at), *(kid for kid in self._tree.kids[at] if self._tree.labels[kid] in _QUALIFYING))

    def _governor(self, at: int) -> Sequence[int]:
        return (self._tree.heads[self._tree.listed_under(at)],)

    def _support(self, at: int) -> Sequence[int]:
        return () if (verb := self.predicates.support(at)) is None else (verb,)

    def _clause(self, at: int) -> Sequence[int]:
        return () if (verb := self.predicates.clause(at)) is None else (verb,)

    def _owner(self, at: int) -> Sequence[int]:
        return tuple(self._tree.under(at, "nmod:poss"))


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """A sentence as rules see it; the same only with the same mentions of the same article."""

    tree: Tree
    context: Context

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Seen)
            and other.tree is self.tree
            and other.context.document is self.context.document
            and other.context.mentions is self.context.mentions
        )

    def __hash__(self) -> int:
        return hash((id(self.tree), id(self.context.mentions)))


@lru_cache(maxsize=256)
def _view(seen: _Seen) -> _View:
    """Relations and deals look at the same sentences: the last ones are kept."""
    return _View(seen.tree, load_frame_words(), seen.context)


def _parted(arguments: dict[str, tuple[Thing, ...]]) -> bool:
    """Leave out of longer lists who already stands alone in another argument; false where nobody is left."""
    alone = {things[0].iri for things in arguments.values() if len(things) == 1}
    for name, things in arguments.items():
        if len(things) > 1:
            arguments[name] = tuple(thing for thing in things if thing.iri not in alone)
    return all(arguments.values())
