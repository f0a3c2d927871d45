"""What the joining of findings knows: `rules.yaml`, and which metric lies below which."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from aigraph import resources
from aigraph.propositions.wording import stems
from aigraph.resources import parse_yaml
from aigraph.vocab import AIG, SKOS


@dataclass(frozen=True, slots=True)
class Rules:
    """The file `rules.yaml` (its comments say what each part is); metrics by IRI.

    `above` gives the widest metric above one, `wordings` the stems of all words for one.
    """

    horizon: frozenset[str]
    many_valued: frozenset[str]
    many_valued_of_bodies: frozenset[str]
    functional: dict[str, tuple[str, ...]]
    single_posts: dict[str, tuple[str, ...]]
    agencies: tuple[str, ...]
    single: float
    modality: dict[str, float]
    claimant: dict[str, float]
    above: dict[str, str]
    wordings: dict[str, frozenset[str]]

    def post(self, role: str | None) -> str:
        """The usual name of a post."""
        plain = " ".join((role or "").casefold().replace("-", " ").replace(".", "").split())
        return next((name for name, others in self.single_posts.items() if plain in others), plain)


@cache
def rules() -> Rules:
    """The rules that came with aigraph."""
    raw = parse_yaml((Path(__file__).parent / "rules.yaml").read_text(encoding="utf-8"))
    belief = raw["belief"]
    return Rules(
        horizon=_metrics(raw["horizon"]),
        many_valued=_metrics(raw["many_valued"]),
        many_valued_of_bodies=_metrics(raw["many_valued_of_bodies"]),
        functional={name: tuple(types) for name, types in raw["functional"].items()},
        single_posts={name: tuple(others) for name, others in raw["single_posts"].items()},
        agencies=tuple(raw["agencies"]),
        single=belief["single"],
        modality=belief["modality"],
        claimant=belief["claimant"],
        above=_widest(),
        wordings=_wordings(),
    )


def _metrics(names: list[str]) -> frozenset[str]:
    return frozenset(AIG.iri + name for name in names)


@cache
def _scheme() -> tuple[Quad, ...]:
    return tuple(parse(path=resources.folder("ontology") / "metrics.ttl", format=RdfFormat.TURTLE))


def _widest() -> dict[str, str]:
    broader = {
        quad.subject.value: quad.object.value
        for quad in _scheme()
        if quad.predicate == SKOS.broader and isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode)
    }
    found = {}
    for metric in broader:
        top = metric
        while top in broader:
            top = broader[top]
        found[metric] = top
    return found


def _wordings() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for quad in _scheme():
        labels = quad.predicate in (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)
        if labels and isinstance(quad.object, Literal) and isinstance(quad.subject, NamedNode):
            found[quad.subject.value].update(stems(quad.object.value))
    return {metric: frozenset(words) for metric, words in found.items()}
