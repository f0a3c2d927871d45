"""A pipeline that reads quickly and misbehaves when told to, for tests of what runs around it.

An article says one thing a line: "a develops b" is a statement; "burn", "sleep", "fill", "die", "flaw" and "wait 0.1"
are what happens while it is read.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
from pyoxigraph import Literal, NamedNode, Quad

from aigraph.pipeline import Begun, Pipeline, Reading, Recipe, derivations
from aigraph.propositions import PropositionGraph
from aigraph.reasoning import derivation_rules
from aigraph.records import Article, Document, Extractor, Facts, Mentions, Versions
from aigraph.vocab import AIG, DCTERMS, DEFAULT_BASE, PROV, RDF, Iris

TESTS = Path(__file__).parent


class StubPipeline(Pipeline):
    """Statements of made-up things, and mishaps."""

    def __init__(self, version: str) -> None:
        self.iris = Iris(DEFAULT_BASE)
        self.versions = Versions("0", version, "0", "0", "0")
        self.derivations = derivations(derivation_rules(), self.iris)
        self.propositions = PropositionGraph(self.iris)
        self.extractors = ()
        self.documents = self.mentions = None  # type: ignore[assignment]  # nothing has to be loaded

    @property
    def ahead(self) -> int:
        return 0

    def begin(self, article: Article) -> Begun:
        return Begun(article, cast(Document, None), cast(Mentions, None))

    def end(self, begun: Begun) -> Reading:
        article = begun.article
        for line in article.text.splitlines():
            _mishap(line.split())
        quads = {Quad(*triple, self.iris.graph(article.identifier)) for triple in self._triples(article)}
        return Reading(article, tuple(sorted(quads, key=str)), Facts((), (), ()))

    def reference_quads(self, models: object = ()) -> dict[NamedNode, tuple[Quad, ...]]:
        graph = self.iris.graph("ontology")
        owl = "http://www.w3.org/2002/07/owl#"
        axioms = {"componentOf": "TransitiveProperty", "competesWith": "SymmetricProperty"}
        return {graph: tuple(Quad(AIG[name], RDF.type, NamedNode(owl + kind), graph) for name, kind in axioms.items())}

    def models(self) -> tuple[Extractor, ...]:
        return ()

    def _triples(self, article: Article) -> list[tuple[NamedNode, NamedNode, NamedNode | Literal]]:
        node, made = self.iris.article(article.identifier), NamedNode(f"urn:made:{article.identifier}")
        versions = ("softwareVersion", "rulesVersion", "modelVersion", "knowledgeVersion", "ontologyVersion")
        values = ("0", self.versions.rules, "0", "0", "0")
        found: list[tuple[NamedNode, NamedNode, NamedNode | Literal]] = [
            (node, RDF.type, AIG.Article),
            (node, DCTERMS.identifier, Literal(article.identifier)),
            (node, AIG.sourceSha256, Literal(article.source_sha256)),
            (made, PROV.used, node),
            *((made, AIG[name], Literal(value)) for name, value in zip(versions, values, strict=True)),
        ]
        for line in article.text.splitlines():
            words = line.split()
            if len(words) == 3:
                statement = self.iris.part("Statement", article.identifier, line)
                subject, relation, other = words
                found += [
                    (statement, RDF.type, AIG.Statement),
                    (statement, AIG.subject, self.iris.thing("Thing", subject)),
                    (statement, AIG.predicate, AIG[relation]),
                    (statement, AIG.object, self.iris.thing("Thing", other)),
                    (statement, AIG.modality, AIG.Asserted),
                    (statement, AIG.polarity, AIG.Affirmed),
                ]
        return found


def _mishap(words: list[str]) -> None:
    match words:
        case ["burn"]:
            while True:
                pass
        case ["sleep"]:
            time.sleep(3600)
        case ["wait", seconds]:
            time.sleep(float(seconds))
        case ["fill"]:
            _fill()
        case ["die"]:
            os._exit(7)
        case ["flaw"]:
            raise ValueError("a flaw")


def _fill() -> None:
    """Take memory (without touching it) until there is none."""
    held = []
    while True:
        held.append(np.empty(1 << 25))


@dataclass(frozen=True, slots=True)
class StubRecipe(Recipe):
    """What makes such pipelines; `broken` ends the process that does, if that is another than `parent`."""

    base: str = DEFAULT_BASE
    version: str = "1"
    parent: int = 0

    def make(self) -> Pipeline:
        if self.parent and os.getpid() != self.parent:
            os._exit(3)
        return StubPipeline(self.version)
