"""What the joining of findings knows: `rules.yaml`, and which metric lies below which or has which wordings."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from aigraph import resources
from aigraph.propositions.wording import WORDED, stems
from aigraph.resources import parse_yaml
from aigraph.vocab import AIG, SKOS

_JOINED = re.compile(r"\s*(?:[,;/&+]|\band\b)\s*")
"""What stands between two posts of one person."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The file `rules.yaml` (its comments say what each part is); metrics by IRI.

    `above` gives all listed metrics above one, `wordings` those that the stems of some words stand for.
    """

    horizon: frozenset[str]
    many_valued: frozenset[str]
    many_valued_of_bodies: frozenset[str]
    functional: dict[str, tuple[str, ...]]
    one_sum: frozenset[str]
    single_posts: dict[str, tuple[str, ...]]
    not_in_office: frozenset[str]
    agencies: tuple[str, ...]
    single: float
    modality: dict[str, float]
    claimant: dict[str, float]
    above: dict[str, frozenset[str]]
    wordings: dict[frozenset[str], frozenset[str]]

    def posts(self, role: str | None) -> tuple[str, ...]:
        """The usual names of the posts that a role holds: "president" and "chief executive" of "President and CEO".

        A role is taken apart only at a post that one person holds: "head of sales and marketing" is one.
        """
        plain = " ".join(re.sub(r"[\"“”.]", "", role or "").casefold().replace("-", " ").split())
        parts = [part for part in _JOINED.split(plain) if part]
        usual = {part: self._usual(part) for part in parts}
        in_office = not self.not_in_office & set(plain.split())
        if len(parts) > 1 and in_office and any(name in self.single_posts for name in usual.values()):
            return tuple(dict.fromkeys(usual.values()))
        return (self._usual(plain),)

    def _usual(self, plain: str) -> str:
        return next((name for name, others in self.single_posts.items() if plain in (name, *others)), plain)

    def named(self, metric: str) -> frozenset[str]:
        """The listed metrics that a metric is: itself, or those that its words are a wording of ("~engine")."""
        return _named(metric)

    def line(self, metric: str) -> frozenset[str]:
        """The listed metrics that a metric is or lies below.

        Words lie below each metric of which they hold a wording whole, unless they hold a longer one around it:
        "backlog cloud" below order backlog, "growth quarterly revenue" below revenue growth, not below revenue.
        """
        return _line(metric)


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
        one_sum=frozenset(raw["one_sum"]),
        single_posts={name: tuple(others) for name, others in raw["single_posts"].items()},
        not_in_office=frozenset(raw["not_in_office"]),
        agencies=tuple(raw["agencies"]),
        single=belief["single"],
        modality=belief["modality"],
        claimant=belief["claimant"],
        above=_above(),
        wordings=_wordings(),
    )


def _metrics(names: list[str]) -> frozenset[str]:
    return frozenset(AIG.iri + name for name in names)


@cache
def _scheme() -> tuple[Quad, ...]:
    return tuple(parse(path=resources.folder("ontology") / "metrics.ttl", format=RdfFormat.TURTLE))


@lru_cache(maxsize=1 << 14)
def _named(metric: str) -> frozenset[str]:
    if not metric.startswith(WORDED):
        return frozenset({metric} if metric else ())
    return rules().wordings.get(frozenset(metric.removeprefix(WORDED).split()), frozenset())


@lru_cache(maxsize=1 << 14)
def _line(metric: str) -> frozenset[str]:
    known, own = rules(), set(_named(metric))
    if metric.startswith(WORDED):
        words = set(metric.removeprefix(WORDED).split())
        held = [wording for wording in known.wordings if wording <= words]
        longest = (wording for wording in held if not any(wording < other for other in held))
        own = {listed for wording in longest for listed in known.wordings[wording]}
    return frozenset(own.union(*(known.above.get(listed, ()) for listed in own)))


def _above() -> dict[str, frozenset[str]]:
    broader = {
        quad.subject.value: quad.object.value
        for quad in _scheme()
        if quad.predicate == SKOS.broader and isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode)
    }
    found = {}
    for metric in broader:
        line, top = set(), metric
        while top in broader:
            top = broader[top]
            line.add(top)
        found[metric] = frozenset(line)
    return found


def _wordings() -> dict[frozenset[str], frozenset[str]]:
    found: dict[frozenset[str], set[str]] = defaultdict(set)
    metrics = {quad.subject for quad in _scheme() if quad.predicate == SKOS.inScheme}
    for quad in _scheme():
        labels = quad.subject in metrics and quad.predicate in (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)
        if labels and isinstance(quad.object, Literal) and isinstance(quad.subject, NamedNode):
            found[frozenset(stems(quad.object.value))].add(quad.subject.value)
    return {words: frozenset(metrics) for words, metrics in found.items()}
