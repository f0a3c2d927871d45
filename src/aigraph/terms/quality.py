"""Checks of the ontology's quality: each a published query that lists what breaks a law, with a case it must catch.

The laws are those of the OOPS! pitfall catalogue, of ROBOT's report and of the FAIR principles for vocabularies, in our
own words and queries; `ontology/quality/reviewed.yaml` answers what no query can decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import cast

import yaml
from pyoxigraph import NamedNode, Quad, QuerySolutions, RdfFormat, Store, Triple, parse

from aigraph import resources
from aigraph.errors import DataError
from aigraph.resources import parse_yaml
from aigraph.terms.triples import PREFIXES, short

_SHOWN = 40  # breaches of one check that the page lists
_KEYS = {"law", "sources", "level", "broken", "caught", "accepted"}


class Level(StrEnum):
    """How bad a finding is: an error fails the tests, a warning is to be put right, the rest is for information."""

    ERROR = "error"
    WARN = "warn"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class QualityCheck:
    """A law of the ontology and the query for what breaks it.

    `broken` is a small ontology in Turtle (prefixes undeclared) in which the query finds `caught` and nothing else.
    `accepted` gives the reason for each term that breaks the law on purpose.
    """

    name: str
    law: str
    sources: tuple[str, ...]
    level: Level
    query: str
    broken: str
    caught: tuple[str, ...]
    accepted: Mapping[str, str]

    def broken_triples(self) -> tuple[Triple, ...]:
        """The small ontology that breaks the law.

        Raises:
            DataError: it is no valid Turtle.
        """
        declared = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
        try:
            return tuple(quad.triple for quad in parse(declared + self.broken, RdfFormat.TURTLE))
        except SyntaxError as error:
            raise DataError(f"The broken ontology of the check {self.name} is no valid Turtle: {error}") from error


@dataclass(frozen=True, slots=True)
class Breach:
    """What breaks a law: a term, and the property that it lacks where the query names one."""

    term: str
    detail: str | None = None

    def __str__(self) -> str:
        return f"{self.term}: {self.detail}" if self.detail else self.term


@dataclass(frozen=True, slots=True)
class Review:
    """A pitfall that people judge, and how it is answered."""

    pitfall: str
    law: str
    answer: str


def load_checks(folder: Path | None = None) -> tuple[QualityCheck, ...]:
    """The checks of a folder of queries, by default those that came with aigraph, by name.

    Raises:
        DataError: there is none, or a header is incomplete.
    """
    place = folder or resources.folder("ontology") / "quality"
    checks = tuple(_read(file) for file in sorted(place.glob("*.rq")))
    if not checks:
        raise DataError(f"There is no check in {place}; install aigraph again.")
    return checks


def load_reviews(file: Path | None = None) -> tuple[Review, ...]:
    """What people decided of the pitfalls that no query can find.

    Raises:
        DataError: the file is malformed.
    """
    place = file or resources.folder("ontology") / "quality" / "reviewed.yaml"
    try:
        return tuple(Review(**entry) for entry in parse_yaml(place.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, TypeError) as error:
        raise DataError(f"{place}: each entry needs pitfall, law and answer: {error}") from error


def run_check(check: QualityCheck, triples: Iterable[Triple | Quad]) -> tuple[Breach, ...]:
    """What breaks the law of a check in some ontology, sorted; what the check accepts is left out.

    Raises:
        DataError: the query is malformed.
    """
    return tuple(breach for breach in _breaches(check, _store(triples)) if breach.term not in check.accepted)


def quality_report(triples: Iterable[Triple | Quad], checks: Sequence[QualityCheck], reviews: Sequence[Review]) -> str:
    """The results of all checks as the Markdown of `docs/ontology-quality.md`."""
    store = _store(triples)
    rows, open_breaches = [], []
    for check in checks:
        found = _breaches(check, store)
        left = [breach for breach in found if breach.term not in check.accepted]
        result = "holds" if not found else f"{len(left)} open" if left else f"{len(found)} on purpose"
        rows.append(f"| `{check.name}` | {check.law} | {', '.join(check.sources)} | {check.level} | {result} |")
        if left:
            shown = ", ".join(f"`{one}`" for one in left[:_SHOWN])
            more = f" and {len(left) - _SHOWN} more" if len(left) > _SHOWN else ""
            open_breaches.append(f"- `{check.name}` ({check.level}): {shown}{more}")
        for term, reason in sorted(check.accepted.items()):
            open_breaches.append(f"- `{check.name}`, on purpose: `{term}`, for {reason}")
    judged = [f"| {review.pitfall} | {review.law} | {review.answer} |" for review in reviews]
    return _PAGE.format(
        count=len(checks),
        errors=sum(check.level is Level.ERROR for check in checks),
        rows="\n".join(rows),
        findings="\n".join(open_breaches) or "None.",
        judged="\n".join(judged),
    )


_PAGE = """\
# The quality of the ontology

Made by `aigraph.terms.quality_report`; a test holds that it is current. Each law below is a query in
`ontology/quality/` that lists what breaks it, with a small broken ontology that it has to catch. The laws come from the
pitfall catalogue of [OOPS!](https://oops.linkeddata.es/catalogue.jsp), the report of
[ROBOT](https://robot.obolibrary.org/report) and the advice on metadata that makes vocabularies findable and citable
(FAIR), said and queried in our own way.

## {count} checks, {errors} of which may find nothing

| check | law | from | level | result |
|---|---|---|---|---|
{rows}

## What they find

{findings}

## What people judged

| from | law | answer |
|---|---|---|
{judged}
"""


def _read(file: Path) -> QualityCheck:
    text = file.read_text(encoding="utf-8")
    try:
        header = parse_yaml("\n".join(re.findall(r"^#\+ ?(.*)$", text, re.MULTILINE)))
    except yaml.YAMLError as error:
        raise DataError(f"{file}: the lines that begin with `#+` are no YAML: {error}") from error
    missing = _KEYS - {"accepted"} - set(header or {})
    unknown = set(header or {}) - _KEYS
    if missing or unknown:
        raise DataError(f"{file}: the header lacks {sorted(missing)} and does not know {sorted(unknown)}.")
    try:
        level = Level(header["level"])
    except ValueError:
        raise DataError(f"{file}: `#+ level:` must be one of {', '.join(Level)}, not {header['level']!r}.") from None
    return QualityCheck(
        name=file.stem,
        law=header["law"],
        sources=tuple(header["sources"]),
        level=level,
        query=text,
        broken=header["broken"],
        caught=tuple(header["caught"]),
        accepted=dict(header.get("accepted") or {}),
    )


def _store(triples: Iterable[Triple | Quad]) -> Store:
    store = Store()
    store.extend(Quad(each.subject, each.predicate, each.object) for each in triples)
    return store


def _breaches(check: QualityCheck, store: Store) -> tuple[Breach, ...]:
    try:
        rows = cast(QuerySolutions, store.query(check.query, prefixes=dict(PREFIXES)))
    except SyntaxError as error:
        raise DataError(f"The query of the check {check.name} is malformed: {error}") from error
    named = {variable.value for variable in rows.variables}
    found = {Breach(_name(row["term"]), _name(row["property"]) if "property" in named else None) for row in rows}
    return tuple(sorted(found, key=str))


def _name(term: object) -> str:
    if not isinstance(term, NamedNode):
        return str(term)
    name = short(term.value)
    return name if name != term.value else f"<{name}>"
