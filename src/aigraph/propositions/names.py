"""How propositions name things and figures to a reader: "order backlog of Nvidia", "at least 70% (2026)".

A label is made of the IRIs and of what comes with aigraph alone, so it is the same in every collection: the knowledge
for listed things, the ontology for its terms, and the words in the IRI for all else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from urllib.parse import unquote

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from aigraph.knowledge import load_knowledge
from aigraph.propositions.wording import WORDED
from aigraph.resources import folder
from aigraph.vocab import AIG, RDFS, SKOS, Iris
from aigraph.wording import figure, fiscal, period

_DIGITS = 6
"""As many as the value of a meaning has."""
_QUARTER = re.compile(r"(\d{4})-Q(\d)")


def name_of(iri: str) -> str:
    """The words in an IRI or a key of words, for code to compare: "sk hynix", "OrderBacklog"."""
    return unquote(iri.removeprefix(WORDED).rsplit("#", 1)[-1].rsplit("/", 1)[-1]).replace("-", " ").replace("CCY_", "")


def type_of(iri: str) -> str:
    """The type in the IRI of a thing ("company"), "" for anything else."""
    parts = iri.split("/id/", 1)
    return parts[1].split("/", 1)[0] if len(parts) == 2 else ""


@lru_cache(maxsize=1 << 14)
def readable(iri: str) -> str:
    """A thing, metric, relation or role as a reader knows it: "SK hynix", "order backlog", "competes with"."""
    if iri.startswith(AIG.iri):
        return _terms().get(iri, name_of(iri))
    kind, words = type_of(iri), name_of(iri)
    if not kind:
        return words
    listed = _listed().get(f"{kind}/{iri.rsplit('/', 1)[-1]}")
    return listed or " ".join(word.upper() if re.search(r"\d", word) else word.capitalize() for word in words.split())


@lru_cache(maxsize=1 << 14)
def amount(value: float, unit: str, bound: str) -> str:
    """A figure with its unit; `bound` is one of those of a meaning: "$1 trillion", "at least 70%"."""
    comparator = {"≥": AIG.AtLeast.value, "≤": AIG.UpTo.value}.get(bound, "")
    return figure(value, unit, comparator, unit_label=name_of(unit), digits=_DIGITS).text


def when(time: str) -> str:
    """The time of a meaning: "2027", "Q4 2026", "May 2026", "fiscal Q2 2027"."""
    if time.startswith("fiscal "):
        return fiscal(time.removeprefix("fiscal "))
    quarter = _QUARTER.fullmatch(time)
    return f"Q{quarter[2]} {quarter[1]}" if quarter else period(time)


def enumerated(iris: Iterable[str]) -> str:
    """Some things in a row: "AMD, Intel and Nvidia"."""
    *first, last = map(readable, iris)
    return f"{', '.join(first)} and {last}" if first else last


@cache
def _terms() -> dict[str, str]:
    """The names of the ontology's terms by IRI."""
    found: dict[str, str] = {}
    for path in sorted(folder("ontology").glob("*.ttl")):
        for quad in parse(path=path, format=RdfFormat.TURTLE):
            named = quad.predicate in (RDFS.label, SKOS.prefLabel) and isinstance(quad.object, Literal)
            if named and isinstance(quad.subject, NamedNode):
                found[quad.subject.value] = quad.object.value
    return found


@cache
def _listed() -> dict[str, str]:
    """The names of listed things by type and slug ("company/nvidia"), whatever the base of IRIs is."""
    return {entry.iri.value.split("/id/", 1)[1]: entry.name for entry in load_knowledge(iris=Iris()).entries}
