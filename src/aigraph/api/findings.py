"""Claims and partnerships as records: what was said, by whom, with which figure, for when, in which sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from pyoxigraph import Literal, NamedNode

from aigraph.api.tables import Table, Value, python_value, table_of
from aigraph.explanations import Row, Select

if TYPE_CHECKING:
    import pandas
    import polars
    from matplotlib.axes import Axes

_COMMON = """
  ?finding aig:modality ?modalityIri ; aig:polarity ?polarityIri ; aig:evidence ?evidence .
  ?evidence oa:hasSource ?articleIri ; oa:hasSelector/oa:exact ?sentence .
  ?articleIri dcterms:identifier ?article .
  OPTIONAL { ?articleIri dcterms:title ?title } OPTIONAL { ?articleIri dcterms:publisher ?publisher }
  OPTIONAL { ?articleIri dcterms:issued ?published }
  OPTIONAL { ?finding aig:confidence ?confidence }
  OPTIONAL { ?finding aig:claimant ?claimantIri . ?claimantIri rdfs:label ?claimants }
  OPTIONAL { ?finding aig:quantity ?quantity . ?quantity qudt:numericValue ?value ; qudt:unit ?unitIri .
    OPTIONAL { ?quantity aig:comparator ?bound } }
  OPTIONAL { ?finding aig:validTime ?validTime } OPTIONAL { ?finding aig:fiscalPeriod ?fiscalPeriod }
  OPTIONAL { ?finding aig:validFrom ?valid_from } OPTIONAL { ?finding aig:validUntil ?valid_until }
  BIND(COALESCE(?validTime, ?fiscalPeriod) AS ?time)
  BIND(REPLACE(STR(?unitIri), "^.*[/#](CCY_)?", "") AS ?unit)
  BIND(LCASE(REPLACE(STRAFTER(STR(?bound), "#"), "([a-z])([A-Z])", "$1 $2")) AS ?comparator)
  BIND(LCASE(STRAFTER(STR(?modalityIri), "#")) AS ?modality)
  BIND(LCASE(STRAFTER(STR(?polarityIri), "#")) AS ?polarity)
"""
_CLAIMS = """SELECT DISTINCT * {{
  {narrow}
  ?finding a aig:Claim ; aig:claimText ?text .
  OPTIONAL {{ ?finding aig:about ?aboutIri . ?aboutIri rdfs:label|skos:prefLabel ?about }}
  OPTIONAL {{ ?finding aig:metric ?metricIri . ?metricIri skos:prefLabel ?metric }}
  {common}
}} ORDER BY ?finding ?sentence ?claimants"""
_METRIC = """{{ SELECT DISTINCT ?metricIri {{ ?wanted skos:prefLabel|skos:altLabel|skos:hiddenLabel ?name .
    FILTER(LCASE(STR(?name)) = LCASE({})) ?metricIri skos:broader* ?wanted }} }}
  ?finding aig:metric ?metricIri ."""
_DEALS = """SELECT DISTINCT * {{
  {narrow}
  VALUES (?class ?kind) {{ (aig:LicensingAgreement "licensing") (aig:SupplyAgreement "supply")
    (aig:Investment "investment") (aig:Acquisition "acquisition") (aig:Collaboration "collaboration") }}
  VALUES (?property ?role) {{ (aig:licensee "licensee") (aig:licensor "licensor") (aig:supplier "supplier")
    (aig:customer "customer") (aig:investor "investor") (aig:investee "investee") (aig:acquirer "acquirer")
    (aig:target "target") (aig:partner "partner") }}
  ?finding a ?class ; ?property ?partyIri ; aig:status ?statusIri .
  ?partyIri rdfs:label ?party .
  OPTIONAL {{ ?finding aig:concerns/rdfs:label ?concerns }}
  BIND(LCASE(STRAFTER(STR(?statusIri), "#")) AS ?status)
  {common}
}} ORDER BY ?finding ?role ?party ?sentence ?claimants"""
_KINDS = ("licensing", "supply", "investment", "acquisition", "collaboration")


@dataclass(frozen=True, slots=True)
class Claim:
    """What one article claims: `text` is the clause, `sentences` those that it rests on.

    `value` is in full units of `unit` ("USD", "PERCENT", "W" …); `time` is what the article names, as EDTF or a fiscal
    period, `valid_from` and `valid_until` its days where they are known, `published` the day of the article.
    `modality` is "asserted", "forecast", "reported" (a rumour), "opinion" or "hypothetical", `polarity` "affirmed" or
    "negated". `claimants` say so; without any the article speaks itself.
    """

    iri: str
    text: str
    about: str | None
    metric: str | None
    comparator: str | None
    value: float | None
    unit: str | None
    time: str | None
    valid_from: date | None
    valid_until: date | None
    claimants: tuple[str, ...]
    modality: str
    polarity: str
    confidence: float | None
    sentences: tuple[str, ...]
    article: str
    title: str | None
    publisher: str | None
    published: date | None
    about_iri: str | None
    metric_iri: str | None


@dataclass(frozen=True, slots=True)
class Partnership:
    """A deal as one article tells it: `parties` by name with their roles, `kind` and `status` in lower case.

    The other fields are those of a `Claim`.
    """

    iri: str
    kind: str
    status: str
    parties: tuple[Party, ...]
    concerns: tuple[str, ...]
    comparator: str | None
    value: float | None
    unit: str | None
    time: str | None
    valid_from: date | None
    valid_until: date | None
    claimants: tuple[str, ...]
    modality: str
    polarity: str
    confidence: float | None
    sentences: tuple[str, ...]
    article: str
    title: str | None
    publisher: str | None
    published: date | None


@dataclass(frozen=True, slots=True, order=True)
class Party:
    """Who takes part in a deal, and as what ("investor")."""

    role: str
    name: str
    iri: str

    def __str__(self) -> str:
        return f"{self.name} ({self.role})"


F = TypeVar("F")


class Findings(Sequence[F], Generic[F]):
    """Findings in a fixed order: a sequence, and a table."""

    _kind: type[Any]

    def __init__(self, found: Iterable[F]) -> None:
        self._found = tuple(found)

    def __len__(self) -> int:
        return len(self._found)

    @overload
    def __getitem__(self, place: int) -> F: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[F, ...]: ...
    def __getitem__(self, place: int | slice) -> F | tuple[F, ...]:
        return self._found[place]

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self)}>"

    @property
    def table(self) -> Table:
        """One row for each, one column for each field; several values are joined by " | "."""
        return table_of(self._found, [field.name for field in fields(self._kind)])

    def to_pandas(self) -> pandas.DataFrame:
        """As `Table.to_pandas`."""
        return self.table.to_pandas()

    def to_polars(self) -> polars.DataFrame:
        """As `Table.to_polars`."""
        return self.table.to_polars()

    def _repr_html_(self) -> str:
        """How a notebook shows it."""
        return self.table._repr_html_()


class Claims(Findings[Claim]):
    """Claims, those about earlier times first, then by publication."""

    _kind = Claim

    def plot(self, *, unit: str | None = None, ax: Axes | None = None) -> Axes:
        """The figures over the time that they speak of; see `plots.timeline`.

        Raises:
            ExtraMissing: the extra `plots` is not installed.
            ParameterError: no claim has a figure in that unit, and a time.
        """
        from aigraph.api.plots import timeline

        return timeline(self, unit=unit, ax=ax)


class Partnerships(Findings[Partnership]):
    """Deals, by article."""

    _kind = Partnership

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Who deals with whom; see `plots.network`.

        Raises:
            ExtraMissing: the extra `plots` is not installed.
            ParameterError: there is no deal between two parties.
        """
        from aigraph.api.plots import network

        return network(self, ax=ax)


def find_claims(select: Select, *, about: NamedNode | None, metric: str | None) -> Claims:
    """The claims about a thing and on a metric (by any of its names, with what is narrower); about all without."""
    narrow = [f"?finding aig:about {about} ."] if about else []
    if metric is not None:
        narrow.insert(0, _METRIC.format(Literal(metric)))
    rows = select(_CLAIMS.format(narrow="\n  ".join(narrow), common=_COMMON))
    found = [_claim(group) for group in _grouped(rows)]
    return Claims(sorted(found, key=lambda one: (_day(one), one.about or "", one.metric or "", one.iri)))


def find_partnerships(select: Select, *, party: NamedNode | None, kind: str | None, status: str | None) -> Partnerships:
    """The deals of a party, of one kind or in one state; all without."""
    narrow = f"?finding {'|'.join(_ROLES)} {party} ." if party else ""
    rows = select(_DEALS.format(narrow=narrow, common=_COMMON))
    found = [_partnership(group) for group in _grouped(rows)]
    return Partnerships(one for one in found if kind in (None, one.kind) and status in (None, one.status))


_ROLES = (
    *("aig:licensee", "aig:licensor", "aig:supplier", "aig:customer", "aig:investor", "aig:investee"),
    *("aig:acquirer", "aig:target", "aig:partner"),
)


def _day(claim: Claim) -> str:
    """What claims are sorted by."""
    return str(claim.valid_until or claim.valid_from or claim.time or claim.published or "9999")


def _grouped(rows: Iterable[Row]) -> list[list[Row]]:
    """The rows of each finding; they come in its order."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(str(row["finding"]), []).append(row)
    return list(groups.values())


def _claim(group: list[Row]) -> Claim:
    return Claim(
        text=_text(group, "text") or "",
        about=_text(group, "about"),
        metric=_text(group, "metric"),
        about_iri=_text(group, "aboutIri"),
        metric_iri=_text(group, "metricIri"),
        **_said(group),
    )


def _partnership(group: list[Row]) -> Partnership:
    cells = [[str(_value(row, name)) for name in ("role", "party", "partyIri")] for row in group]
    parties = {Party(role, name, iri) for role, name, iri in cells}
    return Partnership(
        kind=_text(group, "kind") or "",
        status=_text(group, "status") or "",
        parties=tuple(sorted(parties)),
        concerns=_texts(group, "concerns"),
        **_said(group),
    )


def _said(group: list[Row]) -> dict[str, Any]:
    """The fields that claims and deals share."""
    number: Callable[[str], float | None] = lambda name: _first(group, name, float)  # noqa: E731
    day: Callable[[str], date | None] = lambda name: _first(group, name, date)  # noqa: E731
    texts = ("comparator", "unit", "time", "title", "publisher")
    return {
        "iri": _text(group, "finding") or "",
        **{name: _text(group, name) or None for name in texts},
        "value": number("value"),
        "confidence": number("confidence"),
        "valid_from": day("valid_from"),
        "valid_until": day("valid_until"),
        "published": day("published"),
        "claimants": _texts(group, "claimants"),
        "sentences": _texts(group, "sentence"),
        "modality": _text(group, "modality") or "",
        "polarity": _text(group, "polarity") or "",
        "article": _text(group, "article") or "",
    }


def _value(row: Mapping[str, Any], name: str) -> Value:
    return python_value(row.get(name))


T = TypeVar("T")


def _first(group: list[Row], name: str, kind: type[T]) -> T | None:
    """The first value of a column if it is of that type."""
    return next((value for row in group if isinstance(value := _value(row, name), kind)), None)


def _text(group: list[Row], name: str) -> str | None:
    return next((str(value) for row in group if (value := _value(row, name)) is not None), None)


def _texts(group: list[Row], name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(value) for row in group if (value := _value(row, name)) is not None))
