"""The JSON Schema of an answer, out of the ontology: for one passage, since what may be named are its mentions.

It keeps to what structured output of OpenAI and of local servers (llama.cpp, vLLM, Ollama) has in common: every
property required, none beside them, `anyOf`, `enum`, `$ref` into `$defs`. A relation whose domain or range no mention
of the passage belongs to is not offered. What comes back is verified all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import NamedNode

from aigraph.llm.passages import Passage
from aigraph.ontology import Ontology
from aigraph.records import Comparator, Modality, Polarity, Status
from aigraph.vocab import AIG, UNIT

Json = dict[str, Any]

WORKLOADS: Mapping[str, NamedNode] = {"Training": AIG.Training, "Inference": AIG.Inference}
"""The individuals that a relation may have as its object; they are no mentions."""

_TEXT: Json = {"type": "string"}
_TEXT_OR_NULL: Json = {"type": ["string", "null"]}


def unit_name(unit: NamedNode) -> str:
    """The name of a unit in an answer: "USD" for unit:CCY_USD, "BYTE", "Times"."""
    return AIG.local(unit) if unit in AIG else UNIT.local(unit).removeprefix("CCY_")


@dataclass(slots=True)
class Schema:
    """Builds the schema of one passage."""

    ontology: Ontology
    passage: Passage
    _defs: Json = field(default_factory=dict)

    def build(self) -> Json:
        """The whole schema."""
        statements = [each for relation in self.ontology.relations if (each := self._statement(relation.iri))]
        deals = [each for kind in self.ontology.deals if (each := self._deal(kind.iri))]
        self._defs |= {
            "modality": _one_of(Modality),
            "polarity": _one_of(Polarity),
            "claimant": _or_null(self._ids({AIG.Agent})),
            "words": _TEXT_OR_NULL,
            "time": _or_null(_object({"words": _TEXT, "value": _TEXT})),
        }
        self._defs["figure"] = _or_null(
            _object(
                {
                    "words": _TEXT,
                    "value": {"type": "number"},
                    "unit": _one_of(map(unit_name, self.ontology.units)),
                    "comparator": _one_of(Comparator),
                }
            )
        )
        claim = _object(
            {
                "about": _or_null(self._ids({AIG.Entity})),
                "about_words": _ref("words"),
                "metric_words": _ref("words"),
                "figure": _ref("figure"),
                **_finding(),
            }
        )
        properties: Json = {}
        if statements:
            properties["statements"] = _list({"anyOf": statements} if len(statements) > 1 else statements[0])
        if deals:
            properties["partnerships"] = _list({"anyOf": deals} if len(deals) > 1 else deals[0])
        properties["claims"] = _list(claim)
        return {**_object(properties), "$defs": dict(sorted(self._defs.items()))}

    def _statement(self, predicate: NamedNode) -> Json | None:
        relation = self.ontology.relation(predicate)
        if relation is None:
            return None
        subjects, objects = self._ids(relation.domain), self._ids(relation.range)
        if AIG.Workload in relation.range:
            objects = _one_of(WORKLOADS)
        if subjects is None or objects is None:
            return None
        properties: Json = {"predicate": _one_of([AIG.local(predicate)]), "subject": subjects, "object": objects}
        if predicate == AIG.worksFor:
            properties["role"] = _ref("words")
        return _object({**properties, **_finding()})

    def _deal(self, iri: NamedNode) -> Json | None:
        kind = next(each for each in self.ontology.deals if each.iri == iri)
        roles: Json = {}
        for role in kind.roles:
            fillers = self._ids(role.range)
            if fillers is None:
                return None
            roles[AIG.local(role.iri)] = _list(fillers)
        return _object(
            {
                "kind": _one_of([AIG.local(iri)]),
                "roles": _object(roles),
                "status": _one_of(Status),
                "concerns": _or_null(self._ids({AIG.Technology})),
                "figure": _ref("figure"),
                **_finding(),
            }
        )

    def _ids(self, classes: Iterable[NamedNode]) -> Json | None:
        """The ids of the mentions of some classes, named in `$defs` once; None where the passage has none."""
        wanted = sorted(classes, key=str)
        ids = [
            offer.id
            for offer in self.passage.offers
            if any(self.ontology.is_a(AIG[offer.mention.type], cls) for cls in wanted)
        ]
        if not ids:
            return None
        name = "_or_".join(map(AIG.local, wanted))
        self._defs[name] = _one_of(ids)
        return _ref(name)


def _finding() -> Json:
    """What all findings have in common."""
    return {
        "quote": _TEXT,
        "modality": _ref("modality"),
        "polarity": _ref("polarity"),
        "claimant": _ref("claimant"),
        "claimant_words": _ref("words"),
        "time": _ref("time"),
    }


def _ref(name: str) -> Json:
    return {"$ref": f"#/$defs/{name}"}


def _object(properties: Json) -> Json:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: Json) -> Json:
    return {"type": "array", "items": items}


def _one_of(values: Iterable[str]) -> Json:
    return {"type": "string", "enum": [str(value) for value in values]}


def _or_null(schema: Json | None) -> Json:
    return {"anyOf": [schema, {"type": "null"}]} if schema else {"type": "null"}


def relations_in_words(ontology: Ontology) -> Sequence[str]:
    """The relations, kinds of deals and their roles, one line each, for the instructions."""
    lines = []
    for relation in ontology.relations:
        between = [" or ".join(sorted(map(AIG.local, side))) for side in (relation.domain, relation.range)]
        lines.append(f"- {AIG.local(relation.iri)} ({between[0]} -> {between[1]}): {relation.definition}")
    for kind in ontology.deals:
        roles = "; ".join(f"{AIG.local(role.iri)}: {role.definition}" for role in kind.roles)
        lines.append(f"- {AIG.local(kind.iri)}: {kind.definition} Roles: {roles}")
    return lines
