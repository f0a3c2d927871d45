"""Annotated articles through the whole pipeline and against their annotations."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from aigraph import pipeline
from aigraph.evaluation.gold import gold_sources
from aigraph.evaluation.report import Evaluation
from aigraph.evaluation.scoring import evaluate
from aigraph.records import Part
from aigraph.store import open_latest


def read_and_evaluate(
    gold_dir: Path,
    *,
    base: str,
    knowledge_folders: Sequence[Path] = (),
    without: frozenset[Part] = frozenset(),
    extractors: Sequence[pipeline.MakeExtractor] = pipeline.RULES,
    progress: pipeline.Progress | None = None,
) -> tuple[Evaluation, pipeline.BuildReport]:
    """Build a graph of its own from the texts of a folder's annotations and score it.

    Raises:
        GoldError: the folder holds no annotations, one of them is ill-formed, or a text is missing.
    """
    sources = gold_sources(gold_dir)
    with TemporaryDirectory() as scratch:
        store = Path(scratch) / "store"
        report = pipeline.build(
            sources,
            store,
            base=base,
            knowledge_folders=knowledge_folders,
            without=without,
            progress=progress,
            extractors=extractors,
        )
        return evaluate_store(store, gold_dir), report


def evaluate_store(store: Path, gold_dir: Path) -> Evaluation:
    """Score what a store holds against the annotations of a folder."""
    with open_latest(store) as reader:
        return evaluate(reader.quads(), gold_dir)
