"""What an article calls its things, whose they are and where they are from, by the words beside their names."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cache

from pyoxigraph import NamedNode

from aigraph.mentions.text import Stretch
from aigraph.mentions.words import compile_pattern, read_data, words
from aigraph.records import BODY, TECHNOLOGY, BlockKind, EntityType, Mention, Span

_NEAR = 30
"""How many characters may part a name from the place that it is named with."""


@cache
def group(key: str) -> frozenset[str]:
    """Descriptions of a kind, from `nominals.yaml`."""
    return frozenset(word.casefold() for word in read_data("nominals.yaml")[key])


def main_company(blocks: Sequence[Stretch], names: Sequence[Mention]) -> Mention | None:
    """The company that the article is about: named in the title, or clearly the most often named."""
    companies = [m for m in names if m.type is EntityType.COMPANY]
    counts = Counter(m.entity.value for m in companies)
    title = next((b for b in blocks if b.kind is BlockKind.TITLE), None)
    if title:
        first = [m for m in companies if title.offset <= m.span.start < title.offset + len(title.text)]
        if first and counts[first[0].entity.value] == max(counts[m.entity.value] for m in first):
            return first[0]
    ranked = counts.most_common(2)
    if ranked and ranked[0][1] > 2 and (len(ranked) == 1 or ranked[0][1] >= 2 * ranked[1][1]):
        return next(m for m in companies if m.entity.value == ranked[0][0])
    return None


def descriptions(blocks: Sequence[Stretch], names: Sequence[Mention]) -> dict[str, set[NamedNode]]:
    """What the article calls things where it names them: "X, a start-up", "the start-up X"."""
    found: dict[str, set[NamedNode]] = defaultdict(set)
    for block in blocks:
        for mention in names:
            start, end = mention.span.start - block.offset, mention.span.end - block.offset
            if not 0 <= start < len(block.text) or mention.type.value not in _describing():
                continue
            before, after = _describing()[mention.type.value]
            for match in (before.search(block.text[max(0, start - 40) : start]), after.match(block.text, end)):
                if match:
                    found[match["head"].casefold()].add(mention.entity)
    return found


def owners(blocks: Sequence[Stretch], names: Sequence[Mention]) -> dict[str, set[NamedNode]]:
    """Whose things the article names, by the words of their names: "Nvidia's Grace Blackwell"."""
    found: dict[str, set[NamedNode]] = defaultdict(set)
    for block in blocks:
        here = mentions_inside(names, block, Span(0, len(block.text)))
        for owner, thing in itertools.pairwise(here):
            between = block.text[owner.span.end - block.offset : thing.span.start - block.offset]
            if owner.type in BODY and thing.type in TECHNOLOGY and re.fullmatch(r"'s (?:[a-z-]+ ){0,2}", between):
                for word in thing.form.split():
                    found[word].add(owner.entity)
    return found


@cache
def excluding(head: str) -> frozenset[str]:
    """The descriptions of other kinds of firms, where the head is one of a kind."""
    kinds = [frozenset(word.casefold() for word in kind) for kind in read_data("nominals.yaml")["kinds"]]
    if not any(head in kind for kind in kinds):
        return frozenset()
    return frozenset(word for kind in kinds if head not in kind for word in kind)


@cache
def _describing() -> dict[str, tuple[re.Pattern[str], re.Pattern[str]]]:
    """For each type, the patterns of a description before and behind a name."""
    patterns = {}
    for kind, heads in read_data("nominals.yaml")["heads"].items():
        listed = "|".join(re.escape(head) for head in sorted(heads, key=lambda head: (-len(head), head)))
        patterns[kind] = (
            compile_pattern(rf"\b(?P<head>{listed}),? ", ends=True),
            compile_pattern(rf",? (?:which is |is |was )?(?:an?|the) {{adjectives}}(?P<head>{listed}){{end}}"),
        )
    return patterns


def nations(text: str) -> frozenset[str]:
    """The words for nations in a text: "Dutch"."""
    return frozenset(word for word in re.findall(r"[\w-]+", text.casefold()) if word in words("nationality"))


def named_with(block: Stretch, names: Sequence[Mention]) -> dict[NamedNode, frozenset[str]]:
    """The places and nations beside the names of a block: "Lightelligence of Boston", "Dutch start-up Axelera"."""
    found: dict[NamedNode, frozenset[str]] = {}
    for order, mention in enumerate(names):
        if mention.type not in BODY:
            continue
        start, end = mention.span.start - block.offset, mention.span.end - block.offset
        beside = {
            other.form.casefold()
            for other in (*names[max(order - 1, 0) : order], *names[order + 1 : order + 2])
            if other.type is EntityType.PLACE
            and (
                other.span.start - block.offset - end <= _NEAR
                if other.span.start >= mention.span.end
                else start - (other.span.end - block.offset) <= _NEAR
            )
        }
        found[mention.entity] = (
            found.get(mention.entity, frozenset()) | beside | nations(block.text[max(0, start - _NEAR) : start])
        )
    return found


def whole(block: Stretch) -> Span:
    """All of a block, as the one sentence of what has none."""
    return Span(0, len(block.text))


def mentions_inside(names: Sequence[Mention], block: Stretch, sentence: Span) -> list[Mention]:
    """The mentions that begin in a sentence of a block."""
    start, end = block.offset + sentence.start, block.offset + sentence.end
    return [mention for mention in names if start <= mention.span.start < end]
