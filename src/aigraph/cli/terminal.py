"""How results look on a terminal: tables, summaries, progress."""

from __future__ import annotations

import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, QueryBoolean, QueryResultsFormat, QuerySolutions, parse_query_results
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from aigraph.explanations import Explanation, OtherName, Source, Together
from aigraph.search import Found

if TYPE_CHECKING:
    from pathlib import Path

    from aigraph.pipeline import BuildReport
    from aigraph.pipeline import Progress as Report
    from aigraph.queries import CannedQuery
    from aigraph.store import Reader

_LABEL = "Label"

_COUNTS = {
    "articles": "SELECT (COUNT(*) AS ?n) { ?x a aig:Article }",
    "entities": "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?article aig:mentions ?x }",
    "statements": "SELECT (COUNT(*) AS ?n) { ?x a aig:Statement }",
    "partnerships": "SELECT (COUNT(*) AS ?n) { ?x a aig:Partnership }",
    "claims": "SELECT (COUNT(*) AS ?n) { ?x a aig:Claim FILTER NOT EXISTS { ?x a aig:Statement } }",
    "triples": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
}


@contextmanager
def progress(
    doing: str = "Reading", things: str = "articles", *, clock: Callable[[], float] = time.monotonic
) -> Iterator[Report]:
    """A progress bar on standard error while it is a terminal, with rate and time left; elsewhere a line a minute."""
    if not sys.stderr.isatty():
        yield _Lines(clock, things)
        return
    columns = (
        TextColumn(doing),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(things),
        TimeRemainingColumn(),
        TextColumn("{task.fields[name]}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(doing, name="", total=None)
        yield lambda done, total, name: bar.update(task, completed=done, total=total, name=name)


@contextmanager
def spinner(doing: str) -> Iterator[Callable[[str], None]]:
    """Something that turns on standard error while it is a terminal, with the name of what is being done."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with Console(stderr=True).status(doing) as status:
        yield lambda name: status.update(f"{doing}: {escape(name)}")


class _Rate(ProgressColumn):
    """How many things a second, or how many seconds one of them."""

    def __init__(self, things: str) -> None:
        super().__init__()
        self._things = things

    def render(self, task: Task) -> Text:
        """The rate of the last while; nothing before there is one."""
        return Text(rate(task.speed, self._things) if task.speed else "")


_EVERY = 60.0
"""Seconds between two lines on how far a build is."""


class _Lines:
    """How far a build is, where no bar can be drawn: a line a minute on standard error."""

    def __init__(self, clock: Callable[[], float], things: str = "articles") -> None:
        self._clock = clock
        self._things = things
        self._started = self._last = clock()

    def __call__(self, done: int, total: int, name: str) -> None:
        now = self._clock()
        if now - self._last < _EVERY or not done:
            return
        self._last = now
        speed = done / (now - self._started)
        left = timedelta(seconds=round((total - done) / speed))
        print(
            f"{done} of {total} {self._things}, {rate(speed, self._things)}, {left} left, now {name}",
            file=sys.stderr,
            flush=True,
        )


def rate(speed: float, things: str = "articles") -> str:
    """Articles or other things a second in words that fit the size."""
    one = "an article" if things == "articles" else f"a {things.removesuffix('s')}"
    return f"{speed:.1f} {things}/s" if speed >= 1 else f"{1 / speed:.1f} s {one}"


def build_summary(report: BuildReport, store: Path) -> str:
    """One line on what a build did, and some for candidates that the ontology or the text refused."""
    parts = [
        f"{len(names)} {kind}"
        for kind, names in (
            ("added", report.added),
            ("replaced", report.replaced),
            ("removed", report.removed),
            ("unchanged", report.unchanged),
            ("skipped", report.skipped),
            ("not read", report.failures),
        )
        if names
    ]
    lines = [f"Articles in {store}: {', '.join(parts) or 'none given'}."]
    if refused := Counter(rejection.reason for _, rejection in report.rejections):
        count = refused.total()
        lines.append(f"{count} candidate {'fact was' if count == 1 else 'facts were'} refused:")
        shown = sorted(refused.items(), key=lambda each: (-each[1], each[0]))[:5]
        lines += [f"  {number} in {_few(_articles_of(report, reason))}: {reason}" for reason, number in shown]
        if left := count - sum(number for _, number in shown):
            lines.append(f"  … and {left} more")
    return "\n".join(lines)


def _articles_of(report: BuildReport, reason: str) -> list[str]:
    """The articles with candidates that were refused for that reason."""
    return sorted({article for article, rejection in report.rejections if rejection.reason == reason})


def _few(names: list[str]) -> str:
    """The first three of some names, and how many more there are."""
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def print_table(content: bytes, prefixes: Mapping[str, str]) -> None:
    """Print SPARQL JSON results as a table, IRIs by their prefixes; ASK as yes or no.

    Row by row where the terminal is too narrow for so many columns.
    """
    results = parse_query_results(content, QueryResultsFormat.JSON)
    console = Console(highlight=False)
    if isinstance(results, QueryBoolean):
        console.print("yes" if results else "no")
        return
    if not isinstance(results, QuerySolutions):  # JSON results are solutions or a boolean
        raise TypeError(type(results).__name__)
    names = _shown_columns([variable.value for variable in results.variables])
    heads = [name.removesuffix(_LABEL) for name in names]
    rows = [[_short(row[name], prefixes) for name in names] for row in results]
    if _is_cramped(heads, rows, console.width):
        for number, row in enumerate(rows, 1):
            console.print(_record(number, heads, row))
    else:
        table = Table(*heads, show_lines=True)
        for row in rows:
            table.add_row(*map(Text, row))
        console.print(table)
    console.print(f"{len(rows)} row{'' if len(rows) == 1 else 's'}")


_LEGIBLE = 18
"""How many characters wide a column of sentences has to be, for the table to be read."""


def _is_cramped(heads: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> bool:
    """Does a table have more columns than a terminal of that width can show legibly?"""
    widest = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    return bool(rows) and sum(each + 3 for each in widest) + 1 > width and width // len(heads) < _LEGIBLE


def _record(number: int, heads: Sequence[str], row: Sequence[str]) -> Table:
    """One row as a list of what its columns hold; empty ones are left out."""
    lines = Table.grid(padding=(0, 2), pad_edge=False)
    lines.add_column(no_wrap=True, style="bold")
    lines.add_column(overflow="fold")
    lines.add_row(Text(str(number)), Text("─" * 3))
    for head, cell in zip(heads, row, strict=True):
        if cell:
            lines.add_row(Text(f"  {head}"), Text(cell))
    return lines


def _shown_columns(names: list[str]) -> list[str]:
    """The columns that a terminal has room for: not the IRI of what another column names ("developerLabel")."""
    named = {name.removesuffix(_LABEL) for name in names if name.endswith(_LABEL)}
    if "title" in names:
        named.add("article")
    return [name for name in names if name not in named]


def print_queries(queries: Iterable[CannedQuery]) -> None:
    """Print every canned query with what it answers and takes."""
    console = Console(highlight=False)
    for query in queries:
        console.print(Text(query.name, style="bold"), Text(query.summary), sep="  ")
        for parameter in query.parameters:
            need = "required" if parameter.required else "optional"
            default = f", default {parameter.default}" if parameter.default is not None else ""
            kind = " | ".join(parameter.values) or parameter.type
            console.print(Text(f"    -p {parameter.name}=…  {parameter.description} ({kind}, {need}{default})"))


def found(results: Found, prefixes: Mapping[str, str]) -> str:
    """What a search gave as text: kind, label, IRI, and where it stands."""
    lines = [f"Nothing has “{word}”; this is for “{used}”." for word, used in results.corrected.items()]
    if results.partial:
        lines.append("Nothing has all of these words; this has some of them.")
    if not results.hits:
        return "\n".join((*lines, "Nothing in this graph has these words."))
    for one in results.hits:
        where = ", ".join(filter(None, (one.type, one.title if one.title != one.label else "", one.published)))
        lines += [
            "",
            f"{one.kind}  {one.label}",
            f"  {_short(NamedNode(one.iri), prefixes)}{f'  ({where})' if where else ''}",
        ]
    counts = [f"{number:,} {kind}{'' if number == 1 else 's'}" for kind, number in results.counts.items() if number]
    lines += ["", f"{'At least ' if results.more else ''}{', '.join(counts).replace('entitys', 'entities')}"]
    return "\n".join(lines).strip()


def explanation(found: Explanation, prefixes: Mapping[str, str], as_of: str | None = None) -> str:
    """A triple and its sources as text, first those that support it; `as_of` is the day they were published by."""
    triple = "  ".join(_short(term, prefixes) for term in found.triple)
    lines = [triple if found.held else f"{triple}   (the graph does not hold this triple)"]
    if not found.sources and not found.steps:
        read = f"is dated and was published by {as_of}" if as_of else "was read"
        lines.append(f"  Nothing that {read} says so.")
    for step in found.steps:
        lines += ["", f"  follows by {step.rule}: {step.axiom}"]
        lines += [f"    from     {'  '.join(_short(term, prefixes) for term in premise)}" for premise in step.premises]
    if found.sources:
        lines += ["", *_sources(found.sources)]
    lines += [f"  {reason}" for reason in found.hindrances]
    if found.near:
        lines += [*([""] if lines[-1] else []), "  Nearest to it:", "", *_sources(found.near)]
    return "\n".join(lines).rstrip() + "\n"


def together(found: Iterable[Together], prefixes: Mapping[str, str], as_of: str | None = None) -> str:
    """Propositions with their sources, how these count, the score, and what stands against them, as text.

    `as_of` is the day by which all of it was published.
    """
    lines: list[str] = []
    for each in found:
        lines += [each.label, f"  {_short(each.proposition, prefixes)}", ""]
        if as_of and not each.sources:
            lines += [f"  Nothing that is dated and was published by {as_of} says so.", ""]
            continue
        lines += _sources(each.sources)
        articles = sum(len(group.articles) for group in each.groups)
        lines.append(f"  sources    {articles}, of which {len(each.groups)} independent")
        lines += [f"    as one   {reason}" for group in each.groups for reason in group.reasons]
        lines.append(f"  belief     {each.belief.arithmetic()}")
        for weight in each.belief.weights:
            names = ", ".join(article.rsplit("/", 1)[-1] for article in weight.articles)
            factors = (
                f"confidence {weight.confidence:.2f} × modality {weight.modality:g} × claimant {weight.claimant:g}"
            )
            lines.append(f"    {weight.value:.3f}    {factors}  ({names})")
        for other in each.opposites:
            if other.kind:
                lines.append(f"  conflict   {other.kind}: {other.reason}")
                lines.append(f"    other    {other.label}")
            else:
                lines.append(f"  similar    {other.degree:.2f}  {other.label}")
            lines.append(f"    with     {_short(other.proposition, prefixes)}")
        for later, earlier in each.updates:
            new, old = (_short(NamedNode(finding), prefixes) for finding in (later, earlier))
            lines.append(f"  update     {new} supersedes {old}")
        lines.append("")
    return "\n".join(lines)


def identities(found: Iterable[OtherName], prefixes: Mapping[str, str]) -> str:
    """Which other thing a thing may be, and why, as text."""
    lines: list[str] = []
    for each in found:
        lines += [f"{each.name} may be {each.other_name}", f"  {_short(each.thing, prefixes)}"]
        lines += [f"  {_short(each.other, prefixes)}", "", f"  degree     {each.degree:.2f}"]
        lines += [f"  because    {reason}" for reason in each.reasons]
        lines.append("")
    return "\n".join(lines)


def _sources(sources: Iterable[Source]) -> Iterator[str]:
    """What says so as text: each finding once, with all its sentences."""
    by_finding: dict[tuple[str, str], list[Source]] = defaultdict(list)
    for source in sources:
        by_finding[source.finding.value, source.kind].append(source)
    for held in by_finding.values():
        first = held[0]
        for source in held:
            yield f"  “{source.sentence}”"
            for each in source.references:
                yield f"    {each.form:10} stands for {each.entity} (named in “{each.named}”)"
        where = ", ".join(part for part in (first.title, first.publisher, first.issued) if part)
        stance = ", ".join(part.lower() for part in (first.modality, first.polarity, first.status) if part)
        yield f"    article    {first.article}" + (f" ({where})" if where else "")
        if stance:
            yield f"    stance     {stance}" + (f" by {first.claimant}" if first.claimant else "")
        if first.held_back_by:
            yield f"    no fact    {first.held_back_by}"
        if first.extractor:
            yield f"    rule       {first.extractor} (confidence {first.confidence or 0:.2f})"
        yield f"    node       {first.finding.value} ({first.kind})"
        yield ""


def print_counts(reader: Reader) -> None:
    """Print how many articles, entities, findings and triples the graph holds, and its graphs."""
    console = Console(highlight=False)
    for name, query in _COUNTS.items():
        for row in reader.select(query):
            console.print(f"  {name:14}{row['n'].value:>10}")
    for graph in reader.graphs():
        console.print(f"  {graph.value}  {sum(1 for _ in reader.quads(graph))} triples")


def _short(term: object, prefixes: Mapping[str, str]) -> str:
    if isinstance(term, Literal):
        return term.value
    if isinstance(term, NamedNode):
        for prefix, namespace in prefixes.items():
            if term.value.startswith(namespace):
                return f"{prefix}:{term.value.removeprefix(namespace)}"
        return term.value
    return "" if term is None else str(term)
