#!/usr/bin/env python3
"""Which attributes of marked figures come out right when articles are read.

    python3 training/measure_figures.py articles/44-quarters.txt … [--first N] [--kept FOLDER] [--list ATTRIBUTE …]

A marked figure is found where a claim has its value and its sentence; then what it is about, its metric, time, claimant and
modality are compared as the scores of the gold set compare them. With `--list` each wrong one of these attributes is told.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from marked import MarkedArticle, MarkedFigure
from measure_stances import Reader
from stories import aligned

from aigraph.evaluation.matching import fold_text, same_metric, same_time
from aigraph.facts.whole.story import period_names, story_of
from aigraph.records import Claim, Document, Facts, Mentions

ATTRIBUTES = ("about", "metric", "time", "claimant", "modality")
_TOLERANCE = 0.006


def judged(
    article: MarkedArticle, document: Document, mentions: Mentions, facts: Facts
) -> Iterator[tuple[MarkedFigure, Claim | None, tuple[bool, ...]]]:
    """Each marked figure, the claim that has it, and which of `ATTRIBUTES` are right."""
    numbers, _ = aligned(article, mentions, story := story_of(document, mentions))
    things = {name: story.entities[number] for name, number in numbers.items()}
    text = document.article.text
    moved = 0 if text.startswith(article.text[:40]) else max(text.find(article.text[:40]), 0)
    unused = [claim for claim in facts.claims if claim.quantity is not None]
    for figure in article.figures:
        start, end = (place + moved for place in figure.sentence)
        fitting = [
            claim
            for claim in unused
            if claim.quantity is not None
            and start <= claim.quantity.span.start < end
            and abs(claim.quantity.value - figure.value) <= _TOLERANCE * max(abs(figure.value), 1e-12)
        ]
        if not fitting:
            yield figure, None, ()
            continue
        claim = min(fitting, key=lambda c: abs(c.quantity.span.start - figure.start - moved) if c.quantity else 0)
        unused.remove(claim)
        yield figure, claim, _right(article, figure, claim, things)


def _right(
    article: MarkedArticle, figure: MarkedFigure, claim: Claim, things: Mapping[str, object]
) -> tuple[bool, ...]:
    def same(name: str | None, node: object, words: str | None) -> bool:
        if name is None:
            return node is None
        if name in article.types:
            return node is not None and node == things.get(name)
        told = fold_text(words or "")
        return node not in things.values() and bool(set(fold_text(name).split()) & set(told.split()))

    about = claim.about if claim.about is None or not hasattr(claim.about, "iri") else claim.about.iri
    labels = {fold_text(label) for label in (claim.metric.label if claim.metric else "", claim.metric_text or "")}
    times = set(period_names(claim.period)) if claim.period is not None else set()
    claimant = claim.claimant
    modality = str(claim.modality).casefold()
    return (
        same(figure.about, about, claim.about_text),
        same_metric(figure.metric, labels),
        same_time(figure.time, times),
        (claimant is None) == (figure.claimant is None)
        and (claimant is None or things.get(figure.claimant or "", claimant) == claimant),
        modality == figure.modality,
    )


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--first", type=int)
    parser.add_argument("--kept", type=Path)
    parser.add_argument("--list", nargs="*", default=(), choices=ATTRIBUTES)
    options = parser.parse_args()
    reader = Reader(options.kept)
    for path in options.files:
        right: Counter[str] = Counter()
        marked = found = whole = 0
        for article, document, mentions, facts in reader.read(path, options.first):
            for figure, claim, fits in judged(article, document, mentions, facts):
                marked += 1
                if claim is None:
                    continue
                found += 1
                whole += all(fits)
                right.update(name for name, ok in zip(ATTRIBUTES, fits, strict=True) if ok)
                for name in (n for n, ok in zip(ATTRIBUTES, fits, strict=True) if not ok and n in options.list):
                    print(
                        name, f"{figure.value:g}", *_shown(name, figure, claim), article.text[slice(*figure.sentence)]
                    )
        told = ", ".join(f"{name} {right[name] / max(found, 1):.3f}" for name in ATTRIBUTES)
        print(f"{path.stem}: {marked} figures, {found} found, {whole} right in all; {told}", flush=True)


def _shown(name: str, figure: MarkedFigure, claim: Claim) -> tuple[str, str]:
    period = claim.period
    found = {
        "about": claim.about_text,
        "metric": claim.metric.label if claim.metric else None,
        "time": (period.edtf or period.fiscal) if period else None,
        "claimant": claim.claimant,
        "modality": claim.modality,
    }
    return f"[{getattr(figure, name)}]", f"<{found[name]}>"


if __name__ == "__main__":
    main()
