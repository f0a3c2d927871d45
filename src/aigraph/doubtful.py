"""The entities of a graph, and pairs of them that a person should look at: are the two one thing?

Nothing is merged here. A pair comes with the reason, with sentences, and with the lines that a user may put into a
knowledge file of their own, to join the two or to keep them apart. What the knowledge files decide is no doubt:
two listed things, and names that are kept apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum

import yaml
from pyoxigraph import Literal, NamedNode

from aigraph.knowledge import Knowledge
from aigraph.records import TECHNOLOGY, EntityType
from aigraph.vocab import AIG, normal_name

Row = Mapping[str, NamedNode | Literal | None]
Select = Callable[[str], Iterable[Row]]

NEAR = 0.83
"""From this ratio of difflib on two spellings are nearly the same ("Nvidia" and "Nvidea": 0.83)."""

_ENTITIES = """
SELECT ?thing ?class (MIN(?text) AS ?label) (COUNT(DISTINCT ?article) AS ?articles) {
  ?article aig:hasMention ?mention . ?mention aig:mentionOf ?thing ; aig:mentionedAs ?class .
  ?thing rdfs:label ?text
} GROUP BY ?thing ?class ORDER BY ?thing ?class
"""
_FORMS = "SELECT DISTINCT ?thing ?form { ?mention aig:mentionOf ?thing . ?thing skos:altLabel ?form }"
_SENTENCES = """
SELECT DISTINCT ?thing ?sentence ?identifier {
  VALUES ?thing { %s }
  ?article aig:hasMention ?mention ; dcterms:identifier ?identifier .
  ?mention aig:mentionOf ?thing ; aig:evidence/oa:hasSelector/oa:exact ?sentence
} ORDER BY ?thing ?identifier ?sentence
"""


@dataclass(frozen=True, slots=True)
class EntityRow:
    """An entity of the graph: its type, label, other names, and how many articles name it."""

    iri: NamedNode
    type: EntityType
    label: str
    aliases: tuple[str, ...]
    articles: int

    @property
    def names(self) -> tuple[str, ...]:
        """The label and all other names."""
        return (self.label, *self.aliases)


class Reason(StrEnum):
    """Why two entities may be one, surest first."""

    TWO_TYPES = "same name, two types"
    TICKER = "one is the ticker of the other"
    ABBREVIATION = "one abbreviates the other"
    CONTAINED = "one name contains the other"
    NEAR = "nearly the same spelling"


@dataclass(frozen=True, slots=True)
class Doubt:
    """Two entities to look at: `one` is the one to keep if they are the same. `sentences` are (of one, of other)."""

    one: EntityRow
    other: EntityRow
    reason: Reason
    similarity: float
    merge: str
    apart: str
    sentences: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())


def list_entities(select: Select) -> tuple[EntityRow, ...]:
    """Every entity that an article mentions, by type and label."""
    forms: dict[NamedNode, set[str]] = defaultdict(set)
    for row in select(_FORMS):
        forms[_iri(row["thing"])].add(_text(row["form"]))
    kinds = {AIG[kind]: kind for kind in EntityType}
    rows = [
        EntityRow(
            _iri(row["thing"]),
            kinds[_iri(row["class"])],
            _text(row["label"]),
            tuple(sorted(forms[_iri(row["thing"])], key=_alphabetical)),
            int(_text(row["articles"])),
        )
        for row in select(_ENTITIES)
        if row["class"] in kinds
    ]
    return tuple(sorted(rows, key=lambda row: (row.type.value, *_alphabetical(row.label), row.iri.value)))


def doubtful_pairs(
    entities: Sequence[EntityRow], knowledge: Knowledge, *, select: Select | None = None, quotes: int = 2
) -> tuple[Doubt, ...]:
    """Pairs of entities that may be one thing, the surest reasons first; each pair once, with its first reason.

    Args:
        entities: as `list_entities` gives them.
        knowledge: what is decided already.
        select: where the sentences come from; without it there are none.
        quotes: how many sentences of each entity.
    """
    found: dict[frozenset[NamedNode], tuple[EntityRow, EntityRow, Reason]] = {}
    for candidates in (_two_types, _tickers, _abbreviations, _contained, _near):
        for one, other, reason in candidates(entities, knowledge):
            if one.iri != other.iri and not _decided(one, other, knowledge):
                found.setdefault(frozenset((one.iri, other.iri)), (one, other, reason))
    doubts = [_doubt(one, other, reason, knowledge) for one, other, reason in found.values()]
    reasons = list(Reason)
    doubts.sort(key=lambda d: (reasons.index(d.reason), -d.similarity, d.one.iri.value, d.other.iri.value))
    return tuple(_with_sentences(doubts, select, quotes) if select and doubts else doubts)


def similarity(one: str, other: str) -> float:
    """How much two names are alike, 0 to 1, whatever their case and corporate form; the same in both orders."""
    first, second = sorted((normal_name(one), normal_name(other)))
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


_Candidate = tuple[EntityRow, EntityRow, Reason]


def _two_types(entities: Sequence[EntityRow], _: Knowledge) -> Iterator[_Candidate]:
    by_name: dict[str, list[EntityRow]] = defaultdict(list)
    for entity in entities:
        for name in sorted({normal_name(name) for name in entity.names}):
            by_name[name].append(entity)
    for _name, sharing in sorted(by_name.items()):
        for i, one in enumerate(sharing):
            for other in sharing[i + 1 :]:
                if one.type is not other.type:
                    yield one, other, Reason.TWO_TYPES


def _tickers(entities: Sequence[EntityRow], knowledge: Knowledge) -> Iterator[_Candidate]:
    owners: dict[str, EntityRow] = {}
    for entity in entities:
        entry = knowledge.entry(entity.iri)
        if entry and entry.ticker:
            owners[entry.ticker] = entity
    for entity in entities:
        if owner := owners.get(entity.label):
            yield owner, entity, Reason.TICKER


def _abbreviations(entities: Sequence[EntityRow], _: Knowledge) -> Iterator[_Candidate]:
    capitals: dict[str, list[EntityRow]] = defaultdict(list)
    for entity in entities:
        if entity.label.isupper() and len(entity.label) > 1:
            capitals[entity.label].append(entity)
    for entity in entities:
        words = entity.label.replace("-", " ").split()
        short = {"".join(w[0].upper() for w in words), "".join(w[0] for w in words if w[0].isupper())}
        for text in sorted(short) if len(words) > 1 else ():
            for other in capitals.get(text, ()):
                if _comparable(entity, other):
                    yield entity, other, Reason.ABBREVIATION


def _contained(entities: Sequence[EntityRow], _: Knowledge) -> Iterator[_Candidate]:
    """A name whose words stand in a longer one; a further number ("Zephyr", "Zephyr 2") is another product."""
    whole: dict[tuple[str, ...], list[EntityRow]] = defaultdict(list)
    for entity in entities:
        whole[tuple(normal_name(entity.label).split())].append(entity)
    for entity in entities:
        words = tuple(normal_name(entity.label).split())
        parts = [(i, j) for i in range(len(words)) for j in range(i + 1, len(words) + 1) if j - i < len(words)]
        for i, j in parts:
            rest = " ".join((*words[:i], *words[j:]))
            for other in whole.get(words[i:j], ()):
                if _comparable(entity, other) and not (entity.type in TECHNOLOGY and _digits(rest)):
                    yield entity, other, Reason.CONTAINED


def _near(entities: Sequence[EntityRow], _: Knowledge) -> Iterator[_Candidate]:
    """Spellings that differ in a letter or two, never in a digit; only names that share three letters are compared."""
    shared: dict[tuple[EntityType, str], list[int]] = defaultdict(list)
    names = [normal_name(entity.label).replace(" ", "") for entity in entities]
    for number, (entity, name) in enumerate(zip(entities, names, strict=True)):
        for i in sorted({name[i : i + 3] for i in range(max(1, len(name) - 2))}):
            shared[entity.type, i].append(number)
    pairs = {(a, b) for group in shared.values() for k, a in enumerate(group) for b in group[k + 1 :]}
    for a, b in sorted(pairs):
        shorter, longer = sorted((len(names[a]), len(names[b])))
        if shorter < 4 or 2 * shorter < NEAR * (shorter + longer) or _digits(names[a]) != _digits(names[b]):
            continue
        if similarity(names[a], names[b]) >= NEAR:
            yield entities[a], entities[b], Reason.NEAR


def _comparable(one: EntityRow, other: EntityRow) -> bool:
    return one.type is other.type


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _decided(one: EntityRow, other: EntityRow, knowledge: Knowledge) -> bool:
    """Whether the knowledge files say already what the two are."""
    if knowledge.entry(one.iri) and knowledge.entry(other.iri):
        return True
    return any(knowledge.kept_apart(name, theirs) for name in one.names for theirs in other.names)


def _doubt(one: EntityRow, other: EntityRow, reason: Reason, knowledge: Knowledge) -> Doubt:
    """The pair with the lines for a knowledge file; the listed entity is kept, else the one that more articles name."""
    keep, drop = sorted((one, other), key=lambda e: (knowledge.entry(e.iri) is None, -e.articles, e.iri.value))
    if reason is Reason.TWO_TYPES:
        merge = _line({"type": keep.type.value, "name": keep.label})
        apart = "\n".join((merge, _line({"type": drop.type.value, "name": drop.label})))
    else:
        merge = _line({"type": keep.type.value, "name": keep.label, "aliases": [drop.label]})
        apart = _line(sorted((keep.label, drop.label), key=_alphabetical))
    return Doubt(keep, drop, reason, round(similarity(keep.label, drop.label), 2), merge, apart)


def _line(value: object) -> str:
    """One item of a YAML list, on one line."""
    shown = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, sort_keys=False, width=1_000_000)
    return f"- {shown.strip()}"


def _with_sentences(doubts: Sequence[Doubt], select: Select, quotes: int) -> list[Doubt]:
    things = sorted({row.iri.value for doubt in doubts for row in (doubt.one, doubt.other)})
    sentences: dict[NamedNode, list[str]] = defaultdict(list)
    for row in select(_SENTENCES % " ".join(f"<{iri}>" for iri in things)):
        sentences[_iri(row["thing"])].append(f"{_text(row['sentence'])} [{_text(row['identifier'])}]")
    return [
        replace(d, sentences=(tuple(sentences[d.one.iri][:quotes]), tuple(sentences[d.other.iri][:quotes])))
        for d in doubts
    ]


def _alphabetical(text: str) -> tuple[str, str]:
    return text.casefold(), text


def _iri(term: object) -> NamedNode:
    if not isinstance(term, NamedNode):
        raise TypeError(f"expected an IRI, got {term!r}")
    return term


def _text(term: object) -> str:
    if not isinstance(term, Literal):
        raise TypeError(f"expected a literal, got {term!r}")
    return term.value
