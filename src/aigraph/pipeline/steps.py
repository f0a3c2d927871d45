"""The steps in order: an article in, its quads out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from aigraph import __version__
from aigraph.documents import DocumentReader
from aigraph.extraction import FactExtractor, combine
from aigraph.facts import FactFinder
from aigraph.facts import extractors as rules_extractors
from aigraph.graph import GraphBuilder
from aigraph.knowledge import load_knowledge
from aigraph.language import model_version
from aigraph.mentions import MentionFinder
from aigraph.ontology import Ontology, load_ontology
from aigraph.propositions import PropositionGraph
from aigraph.reasoning import Rule, derivation_rules
from aigraph.records import Article, Document, Extractor, Facts, Mentions, Part, Versions
from aigraph.resources import content_version, folder
from aigraph.store import Derivation
from aigraph.vocab import Iris, digest

_RULE_SOURCES = (
    "articles",
    "documents.py",
    "documents.yaml",
    "language",
    "mentions",
    "facts",
    "extraction.py",
    "graph.py",
    "propositions",
    "records.py",
    "vocab.py",
    "declared.py",
)
"""What of this package decides how an article is read: a change there makes articles be read again."""

MakeExtractor = Callable[[Ontology, Iris, frozenset[Part]], FactExtractor]
"""Makes an extractor for a pipeline; the parts are those to leave out."""
RULES: tuple[MakeExtractor, ...] = (FactFinder,)
"""The extractors that are used unless others are asked for."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one article gave: its quads, sorted, and the facts behind them."""

    article: Article
    quads: tuple[Quad, ...]
    facts: Facts


@dataclass(frozen=True, slots=True)
class Begun:
    """An article whose facts are still to be found; what takes time for that may be under way."""

    article: Article
    document: Document
    mentions: Mentions


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a pipeline is made of, for another process to make the same; see `Pipeline`.

    `cache` is the folder in which the stages of reading are kept (`stages.py`).
    """

    base: str
    knowledge_folders: tuple[Path, ...] = ()
    without: frozenset[Part] = frozenset()
    extractors: tuple[MakeExtractor, ...] = RULES
    cache: Path | None = None

    def make(self) -> Pipeline:
        """The pipeline."""
        return Pipeline(self.base, self.knowledge_folders, self.without, self.extractors)


class Pipeline:
    """The steps, made once (loading takes a second) and applied to any number of articles."""

    def __init__(
        self,
        base: str,
        knowledge_folders: Sequence[Path] = (),
        without: frozenset[Part] = frozenset(),
        extractors: Sequence[MakeExtractor] = RULES,
    ) -> None:
        """Of what several extractors find, the first one's reading counts."""
        self.iris = Iris(base)
        self._ontology = load_ontology()
        self._knowledge = load_knowledge(folder("knowledge"), *knowledge_folders, iris=self.iris)
        self.extractors = tuple(make(self._ontology, self.iris, without) for make in extractors)
        rules = rules_version([extractor.version for extractor in self.extractors])
        self.versions = Versions(__version__, rules, model_version(), self._knowledge.version, self._ontology.version)
        self.derivations = derivations(derivation_rules(), self.iris)
        self.propositions = PropositionGraph(self.iris)
        self.without = without
        self._builder = GraphBuilder(self.iris, self._ontology, self.versions)

    @cached_property
    def documents(self) -> DocumentReader:
        """What splits and analyses texts; loaded when first used: a process that only writes does without."""
        return DocumentReader()

    @cached_property
    def mentions(self) -> MentionFinder:
        """What finds the mentions of a document."""
        return MentionFinder(self._knowledge, self.iris, self.without)

    def read(self, article: Article) -> Reading:
        """One article through all steps."""
        return self.end(self.begin(article))

    def begin(self, article: Article) -> Begun:
        """The first steps; extractors start what takes them time."""
        document = self.documents.read(article)
        mentions = self.mentions.find(document)
        for extractor in self.extractors:
            extractor.begin(document, mentions)
        return Begun(article, document, mentions)

    def end(self, begun: Begun) -> Reading:
        """The other steps."""
        document, mentions = begun.document, begun.mentions
        facts = combine([extractor.find(document, mentions) for extractor in self.extractors])
        return Reading(begun.article, self._builder.article_quads(document, mentions, facts), facts)

    @property
    def ahead(self) -> int:
        """How many articles may be begun before the first of them is ended."""
        return max(extractor.ahead for extractor in self.extractors)

    def close(self) -> None:
        """Let go of what the extractors hold."""
        for extractor in self.extractors:
            extractor.close()

    def models(self) -> tuple[Extractor, ...]:
        """The components of the extractors in use that take the answers of language models."""
        return tuple(each for extractor in self.extractors for each in extractor.extractors() if each.model)

    def reference_quads(self, models: Iterable[Extractor] = ()) -> dict[NamedNode, tuple[Quad, ...]]:
        """The graphs that no article decides: the ontology and the knowledge.

        The rules are always described; `models` are the extractors besides them that findings of the store point to.
        """
        ontology = self.iris.graph("ontology")
        described_ = sorted({*rules_extractors(), *models})
        return {
            ontology: tuple(self._ontology.quads(ontology)),
            self.iris.graph("knowledge"): self._builder.knowledge_quads(self._knowledge, described_),
        }


def rules_version(extractors: Iterable[str] = ()) -> str:
    """A hash over everything in this package that decides how an article is read: code, rules, trigger words.

    The versions of extractors that are no part of it (models that are asked) come in where there are any.
    """
    package = Path(__file__).resolve().parents[1]
    version = content_version(*(package / name for name in _RULE_SOURCES))
    others = list(extractors)
    return digest(version, *others) if any(others) else version


def derivations(rules: Iterable[Rule], iris: Iris) -> list[Derivation]:
    """The rules in their order, those that may run together as one step."""
    steps = []
    for (_, target, fixpoint), group in groupby(rules, key=lambda rule: (rule.stage, rule.target, rule.fixpoint)):
        together = tuple(group)
        about = tuple(rule.about for rule in together if rule.about)
        steps.append(Derivation(iris.graph(target), tuple(rule.text for rule in together), fixpoint, about))
    return steps
