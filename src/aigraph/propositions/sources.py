"""Which sources of a proposition go back to one: copies of a text, a repeated sentence or quotation, one agency.

Decided for each proposition among its own sources, so that nothing else has to be looked at when one of them changes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import combinations, pairwise
from typing import NamedTuple
from urllib.parse import unquote

from aigraph.propositions.findings import Said, Source
from aigraph.propositions.knowledge import rules
from aigraph.propositions.names import name_of
from aigraph.propositions.sketch import COPY, Sketch, bands, openings_in
from aigraph.propositions.wording import figures_behind, opening, quotations

_MANY = 40
"""Above so many sources with one key only neighbours in their order are compared: they are copies of one text."""
Figures = tuple[str, ...]
"""The numbers in what follows the beginning of a sentence."""


class Link(NamedTuple):
    """Why two sources (articles by IRI, sorted) count as one."""

    one: str
    other: str
    reason: str


@dataclass(frozen=True, slots=True, order=True)
class Group:
    """Sources that count as one, sorted, and why."""

    articles: tuple[str, ...]
    reasons: tuple[str, ...]


def named_sources(text: str, people: Iterable[str | None] = ()) -> tuple[str, ...]:
    """The agencies that an article names as where it comes from: in dateline or byline, as publisher or author.

    Being spoken of is not enough ("Reuters reported"): that stands with what Reuters reported, as its claimant.
    """
    known = _agencies()
    found = {known[name.casefold()] for name in people if name and name.casefold() in known}
    return tuple(sorted(found | {known[_credit(match)] for match in _credits().finditer(text)}))


@cache
def _agencies() -> dict[str, str]:
    """The agencies by their names in small letters."""
    return {agency.casefold(): agency for agency in rules().agencies}


def _credit(match: re.Match[str]) -> str:
    return str(match[match.lastgroup or 0]).casefold()


@cache
def _credits() -> re.Pattern[str]:
    """How a text names an agency: "TOKYO (Reuters) -", "By Reuters", "Source: AP", a line of its own."""
    names = "|".join(map(re.escape, sorted(rules().agencies, key=len, reverse=True)))
    return re.compile(
        rf"\((?P<dateline>{names})\)\s*[-–—]|^\s*(?:by|source|via|with)[: ]\s*(?P<credit>{names})\s*$"
        rf"|/(?P<wire>{names})/|^\s*[-–—]{{0,2}}\s*(?P<line>{names})\s*$",
        re.IGNORECASE | re.MULTILINE,
    )


def groups(findings: Iterable[Said]) -> tuple[Group, ...]:
    """The independent sources behind the findings of a proposition: each a group of one or more articles, sorted."""
    held = list(findings)
    sources = {said.source.article: said.source for said in held}
    if len(sources) == 1:
        return tuple(Group((article,), ()) for article in sources)
    links = sorted(set(_links(held, sources)))
    if not links:
        return tuple(Group((article,), ()) for article in sorted(sources))
    parent = {article: article for article in sources}

    def root(article: str) -> str:
        while (above := parent[article]) != article:
            parent[article] = parent[above]  # shortens the way for the next one
            article = above
        return article

    reasons: dict[str, list[str]] = defaultdict(list)
    joined: list[Link] = []
    for link in links:
        one, other = sorted((root(link.one), root(link.other)))
        if one != other:  # one reason for each that joins is enough
            parent[other] = one
            joined.append(link)
    members: dict[str, list[str]] = defaultdict(list)
    for article in sorted(sources):
        members[root(article)].append(article)
    for link in joined:
        reasons[root(link.one)].append(f"{_article(link.one)} and {_article(link.other)}: {link.reason}")
    return tuple(sorted(Group(tuple(each), tuple(reasons[key])) for key, each in members.items()))


@lru_cache(maxsize=1 << 14)
def _article(iri: str) -> str:
    """How an article is called: by the last part of its IRI."""
    return unquote(iri.rsplit("/", 1)[-1])


def _links(findings: Sequence[Said], sources: dict[str, Source]) -> Iterator[Link]:
    traces = {name: source.traces for name, source in sorted(sources.items()) if source.traces}
    yield from _copies(traces)
    yield from _same_origin(findings)
    yield from _repeated(findings, traces)
    yield from _quoted(findings)


# an article stands behind many propositions
_sketch = lru_cache(maxsize=1 << 12)(Sketch.parse)
_bands = lru_cache(maxsize=1 << 12)(bands)
_openings = lru_cache(maxsize=1 << 12)(openings_in)


def _copies(traces: Mapping[str, str]) -> Iterator[Link]:
    """Articles whose texts have most runs of words in common."""
    banded = {article: _bands(literal) for article, literal in traces.items()}
    known: set[str] = set()
    several: set[str] = set()
    for each in banded.values():
        several |= known & each
        known |= each
    if not several:  # of many articles few are copies
        return
    shared: dict[str, list[str]] = defaultdict(list)
    for article, each in banded.items():
        for band in several & each:
            shared[band].append(article)
    for one, other in {pair for articles in shared.values() for pair in _pairs(articles)}:
        if (likeness := _sketch(traces[one]).likeness(_sketch(traces[other]))) >= COPY:
            yield Link(one, other, f"nearly the same text ({likeness:.2f})")


def _same_origin(findings: Iterable[Said]) -> Iterator[Link]:
    """Articles that name one agency as where they have it from."""
    named: dict[str, set[str]] = defaultdict(set)
    for said in findings:
        for agency in _origins(said):
            named[agency].add(said.source.article)
    for agency, articles in named.items():
        for one, other in pairwise(sorted(articles)):
            yield Link(one, other, f"both have it from {agency}")


def _origins(said: Said) -> tuple[str, ...]:
    """The agencies that stand behind a finding: named by the article, its publisher, or who says so."""
    return _agencies_among(said.source.agencies, said.source.publisher, said.claimant)


@lru_cache(maxsize=1 << 14)
def _agencies_among(named: tuple[str, ...], publisher: str | None, claimant: str | None) -> tuple[str, ...]:
    known = _agencies()
    others = (name.casefold() for name in (publisher or "", name_of(claimant or "")))
    return (*named, *(known[name] for name in others if name in known))


def _repeated(findings: Iterable[Said], traces: Mapping[str, str]) -> Iterator[Link]:
    """An article whose sentence begins like one of another article: a teaser, or a passage taken over."""
    holders: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for text, article in {(text, said.source.article) for said in findings for text in said.sentences}:
        if begun := opening(text):
            holders[begun][text].add(article)
    also: dict[str, set[str]] = defaultdict(set)
    for article, literal in traces.items():
        for begun in holders.keys() & _openings(literal):
            also[begun].add(article)
    for begun, texts in holders.items():
        for text, articles in _of_one_figure(texts, also[begun]):
            for one, other in pairwise(sorted(articles)):
                yield Link(one, other, f"the same sentence: “{text[:80]}”")


def _of_one_figure(texts: Mapping[str, Set[str]], also: Set[str]) -> Iterator[tuple[str, set[str]]]:
    """Sentences that begin alike, with their articles, but where they go on with other figures each by itself.

    "The site in Gdansk has a power capacity of 150 megawatts" is no copy of what gives it 140. A teaser that breaks off
    before the figure, and an article of which only the beginning of the sentence is known (`also`), count where there
    is one figure.
    """
    figures = {text: figures_behind(text) for text in texts}
    whole = {each for each in figures.values() if not any(_begins(each, other) for other in figures.values())}
    told = set().union(*texts.values())
    for figure in sorted(whole):
        one = [text for text in texts if figures[text] == figure or _begins_alone(figures[text], figure, whole)]
        more = also - told if len(whole) == 1 else set()
        yield min(one), set().union(more, *(texts[text] for text in one))


def _begins(one: Figures, other: Figures) -> bool:
    return len(one) < len(other) and other[: len(one)] == one


def _begins_alone(one: Figures, other: Figures, all_: Set[Figures]) -> bool:
    return [each for each in all_ if _begins(one, each)] == [other]


def _quoted(findings: Iterable[Said]) -> Iterator[Link]:
    """Articles that give the same words of somebody."""
    holders: dict[str, set[str]] = defaultdict(set)
    texts: dict[str, str] = {}
    for said in findings:
        for key, text in (each for sentence in said.sentences for each in _quotations(sentence)):
            holders[key].add(said.source.article)
            texts[key] = min(text, texts.get(key, text))
    for key, articles in holders.items():
        for one, other in pairwise(sorted(articles)):
            yield Link(one, other, f"the same quotation: “{texts[key][:80]}”")


@lru_cache(maxsize=1 << 12)
def _quotations(sentence: str) -> tuple[tuple[str, str], ...]:
    return tuple(quotations(sentence))


def _pairs(articles: Sequence[str]) -> Iterator[tuple[str, str]]:
    return combinations(articles, 2) if len(articles) <= _MANY else pairwise(articles)
