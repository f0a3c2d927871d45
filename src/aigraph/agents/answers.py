"""Answers for agents: the same content as data and as a text to read, sentences and permalinks included."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, QueryBoolean, QuerySolutions, parse_query_results

from aigraph.explanations import Explanation, Source, Term, Together
from aigraph.formats import JSON
from aigraph.search import Found, Hit
from aigraph.vocab import XSD

Data = dict[str, object]
_LONGEST_VALUE = 2000
_WHOLE = (XSD.integer, XSD.gYear)
_NUMBERS = (XSD.double, XSD.decimal)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a tool answers: `data` for programs, `text` for a model to read."""

    data: Data
    text: str


def rows_reply(content: bytes, *, total: int | None, offset: int, more: bool, about: Data) -> Reply:
    """The JSON that a query worker gave; `about` (permalink, snapshot, …) is added to the data.

    `total` is the number of all rows, of which `more` says that it was not counted to the end.
    """
    results = parse_query_results(content, JSON.engine)
    if isinstance(results, QueryBoolean):
        return Reply({"answer": bool(results), **about}, _with("Yes." if results else "No.", about))
    if not isinstance(results, QuerySolutions):
        raise TypeError(type(results).__name__)
    names = [variable.value for variable in results.variables]
    rows = [{name: value(row[name]) for name in names if row[name] is not None} for row in results]
    count = len(rows) if total is None else total
    data: Data = {"columns": names, "rows": rows, "total": None if more else count, "offset": offset, **about}
    head = f"{'More than ' if more else ''}{count:,} row{'' if count == 1 else 's'}"
    if not rows:
        head = "No rows: nothing in the graph fits." if not count else f"{head}; none from {offset:,} on."
    elif len(rows) < count or offset:
        head += f"; these are rows {offset + 1:,} to {offset + len(rows):,}. Ask on with offset={offset + len(rows)}."
    else:
        head += "."
    lines = [f"{offset + n}. {row_text(row)}" for n, row in enumerate(rows, 1)]
    return Reply(data, _with("\n".join((head, *lines)), about))


def found_reply(found: Found, *, offset: int, about: Data) -> Reply:
    """What a search gave, best first."""
    rows = [_hit(one) for one in found.hits]
    total = f"{'at least ' if found.more else ''}{found.total:,}"
    lines = [f"Nothing has “{word}”; this is for “{used}”." for word, used in found.corrected.items()]
    if found.partial:
        lines.append("Nothing has all of these words; this has some of them.")
    if not rows:
        lines.append("Nothing in the graph has these words." if not found.total else f"None from {offset:,} on.")
    elif len(rows) < found.total:
        lines.append(
            f"These are {offset + 1:,} to {offset + len(rows):,} of {total}. Ask on with offset={offset + len(rows)}."
        )
    lines += [f"{offset + n}. {row_text(row)}" for n, row in enumerate(rows, 1)]
    data: Data = {
        "rows": rows,
        "total": None if found.more else found.total,
        "offset": offset,
        "corrected": dict(found.corrected),
        "partial": found.partial,
        **about,
    }
    return Reply(data, _with("\n".join(lines), about))


def _hit(one: Hit) -> Data:
    """One thing that was found; an article with its title alone, since its text is long."""
    names = {"entity": "names", "claim": "sentence", "deal": ""}.get(one.kind, "")
    row: Data = {"kind": str(one.kind), "text": one.label, "iri": one.iri, "type": one.type, names: one.text}
    row |= {"article": one.article, "title": one.title, "published": one.published} if one.kind != "entity" else {}
    return {name: content for name, content in row.items() if name and content}


def row_text(row: Mapping[str, object]) -> str:
    """A row on one line."""
    return "; ".join(f"{name}: {_quoted(name, content)}" for name, content in row.items())


def value(term: Term | None) -> object:
    """A term as JSON has it: numbers and truth values as such, all else as text."""
    if isinstance(term, Literal):
        if term.datatype in _WHOLE and term.value.lstrip("+-").isdigit():
            return int(term.value)
        if term.datatype in _NUMBERS and term.value.upper().lstrip("+-") not in ("INF", "NAN"):
            return float(term.value)
        if term.datatype == XSD.boolean:
            return term.value in ("true", "1")
        return term.value if len(term.value) <= _LONGEST_VALUE else f"{term.value[:_LONGEST_VALUE]}…"
    return term.value if isinstance(term, NamedNode) else str(term)


def explained_reply(found: Iterable[Explanation]) -> Reply:
    """Why triples are in the graph, or why not."""
    all_of_them = tuple(found)
    lines: list[str] = []
    for one in all_of_them:
        triple = " ".join(str(value(term)) for term in one.triple)
        lines.append(f"{triple}: {'the graph holds this' if one.held else 'the graph does not hold this'}.")
        lines += [f"It follows by {step.rule}: {step.axiom}" for step in one.steps]
        lines += [source_text(source) for source in one.sources]
        lines += one.hindrances
        lines += [f"Nearest to it: {source_text(source)}" for source in one.near]
    explanations = [
        {
            "triple": [value(term) for term in one.triple],
            "held": one.held,
            "sources": [source_data(source) for source in one.sources],
            "follows": [{"rule": step.rule, "axiom": step.axiom} for step in one.steps],
            "near": [source_data(source) for source in one.near],
            "hindrances": list(one.hindrances),
        }
        for one in all_of_them
    ]
    return Reply({"explanations": explanations}, "\n".join(lines))


def together_reply(found: Iterable[Together]) -> Reply:
    """What stands behind propositions, and against them."""
    all_of_them = tuple(found)
    lines: list[str] = []
    for one in all_of_them:
        sources = sum(len(group.articles) for group in one.groups)
        lines.append(f"{one.label} ({one.proposition.value})")
        lines.append(f"{sources} sources, {len(one.groups)} independent; belief {one.belief.arithmetic()}")
        lines += [source_text(source) for source in one.sources]
        lines += [
            f"In conflict with {other.label} ({other.proposition.value}): {other.reason}"
            if other.kind
            else f"Nearly the same: {other.label} ({other.proposition.value}), {other.degree}"
            for other in one.opposites
        ]
    propositions = [
        {
            "proposition": one.proposition.value,
            "says": one.label,
            "sources": [source_data(source) for source in one.sources],
            "independent": len(one.groups),
            "belief": one.belief.arithmetic(),
            "opposites": [
                {
                    "proposition": other.proposition.value,
                    "says": other.label,
                    "kind": other.kind,
                    "reason": other.reason,
                }
                for other in one.opposites
            ],
        }
        for one in all_of_them
    ]
    return Reply({"propositions": propositions}, "\n".join(lines))


def source_data(source: Source) -> Data:
    """One place that says so."""
    names = ("kind", "sentence", "article", "title", "publisher", "issued", "claimant", "modality", "polarity")
    data: Data = {name: found for name in names if (found := getattr(source, name)) is not None}
    return {**data, "confidence": source.confidence, "finding": source.finding.value}


def source_text(source: Source) -> str:
    """One place that says so, on one line."""
    where = ", ".join(filter(None, (source.title, source.publisher, source.issued))) or source.article
    stance = ", ".join(filter(None, (source.modality, source.polarity, source.status))).lower()
    who = f", said by {source.claimant}" if source.claimant else ""
    return f"- “{source.sentence}” ({where}; {stance}{who}; {source.finding.value})"


def _quoted(name: str, content: object) -> str:
    return f"“{content}”" if name == "sentence" else str(content)


def _with(text: str, about: Mapping[str, object]) -> str:
    return f"{text}\nPermalink of this answer: {about['permalink']}" if "permalink" in about else text
