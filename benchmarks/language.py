#!/usr/bin/env python3
"""How fast articles are read on one core: the language model, mentions and facts, beside the bare networks.

    .venv/bin/python benchmarks/language.py [FOLDER …]

Reads the articles of the folders (seeds and the annotated sets unless named). Words are the tokens of the parser.
Times are processor time of this one process; the libraries are held to one thread.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("seeds", "tests/gold/dev", "tests/gold/second", "tests/gold/third")


def timed(step: Callable[[], object]) -> tuple[object, float]:
    """What a step gives and the processor time it took, the best of three."""
    best, result = float("inf"), None
    for _ in range(3):
        start = time.process_time()
        result = step()
        best = min(best, time.process_time() - start)
    return result, best


def main(folders: Sequence[str]) -> None:
    """Print words per second of each step and all together, and the memory used."""
    start = time.process_time()
    from aigraph.language import load_language

    load_language()
    loading = time.process_time() - start

    from aigraph import articles
    from aigraph.facts import FactFinder
    from aigraph.facts.whole.story import story_of
    from aigraph.facts.whole.windows import ranges, view
    from aigraph.language.components import COMPONENT, Annotator
    from aigraph.language.whole import WholeNetwork, Window
    from aigraph.pipeline import Pipeline
    from aigraph.pipeline.worker import settle
    from aigraph.records import Document, Mentions
    from aigraph.vocab import DEFAULT_BASE

    def windows_of(finder: FactFinder, document: Document, mentions: Mentions) -> list[Window]:
        """An article as the network for whole articles takes it, in one window or several."""
        story = story_of(document, mentions, finder.ruled(document, mentions))
        views = (view(network, story, first, last) for first, last in ranges(network, story))
        return [seen.window for seen in views if seen is not None]

    paths = [p for folder in folders for p in sorted((ROOT / folder).glob("*")) if p.suffix in (".txt", ".md")]
    network = WholeNetwork()
    sources = [article for path in paths for article in articles.read(path)]
    pipeline = Pipeline(DEFAULT_BASE)
    (finder,) = pipeline.extractors
    annotator = load_language().get_pipe(COMPONENT)
    if not isinstance(annotator, Annotator):
        raise TypeError("the pipeline has another component than ours")
    if not isinstance(finder, FactFinder):
        raise TypeError("the pipeline has another extractor than ours")

    _ = pipeline.documents, pipeline.mentions
    settle()  # as processes that read articles do

    documents = [pipeline.documents.read(article) for article in sources]
    sentences = [
        [token.text for token in block.doc[s.first : s.last] if not token.is_space]
        for document in documents
        for block in document.blocks
        for s in block.sentences
    ]
    sentences = [words for words in sentences if words]
    words = sum(map(len, sentences))
    _, encoder = timed(lambda: [annotator.network.scores(words[:250]) for words in sentences])
    _, reading = timed(lambda: [pipeline.documents.read(article) for article in sources])
    mentions, finding = timed(lambda: [pipeline.mentions.find(document) for document in documents])
    found = list(mentions) if isinstance(mentions, list) else []
    windows = [window for d, m in zip(documents, found, strict=True) for window in windows_of(finder, d, m)]
    _, whole = timed(lambda: [network.read(window) for window in windows])
    _, stating = timed(lambda: [finder.find(d, m) for d, m in zip(documents, found, strict=True)])

    print(f"{len(sources)} articles, {words} words; the model loads in {loading:.2f} s")
    for name, seconds in (
        ("bare encoder", encoder),
        ("documents: tokens, sentences, language model", reading),
        ("language model and mentions", reading + finding),
        ("all of it, facts included", reading + finding + stating),
    ):
        print(f"{name:46} {words / seconds:7.0f} words/s   {encoder / seconds:5.0%} of the bare encoder")
    everything = reading + finding + stating
    print(
        f"the network for whole articles takes {whole / encoder:.0%} of what the bare encoder takes: "
        f"all of it runs at {(encoder + whole) / everything:.0%} of the speed of both networks alone"
    )
    print(f"facts: {reading / (reading + finding + stating):.0%} of the speed of the language model alone")
    print(f"memory at most: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main(sys.argv[1:] or FOLDERS)
