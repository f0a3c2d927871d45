"""Articles with marks as the network for whole articles learns them: stories of reading, and what is right of each.

Reading itself gives the story (its own mentions, figures, times and findings of rules), so that the network learns from
what it will see; marks are laid upon it by names and places.
"""

from __future__ import annotations

import random
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from corpus import CorpusDocument
from layout import laid_out
from marked import NO_FACT, MarkedArticle, MarkedFigure

from aigraph import articles
from aigraph.evaluation.matching import same_metric, same_time
from aigraph.facts import FactFinder
from aigraph.facts.whole.story import NOBODY, OTHER, Story, period_names, story_of
from aigraph.language.whole import MODALITIES, PAIR_LABELS, SYMMETRIC
from aigraph.pipeline import Pipeline
from aigraph.records import Article, Document, Mentions, Part
from aigraph.vocab import DEFAULT_BASE

STANCES = {"": 0, "!": 1, "?": 2, "~": 3}
"""What a text may make of a pair, by the mark: a fact, denied or over, open, rumoured (`aigraph.language.whole.STANCES`)."""
UNKNOWN = -100
"""Where nothing is known."""
_TOLERANCE = 0.006


@dataclass(slots=True)
class Right:
    """What is right of a figure; `times` are the numbers of times, one too many for none, empty where not known."""

    about: int = UNKNOWN
    says: int = UNKNOWN
    mood: int = UNKNOWN
    times: tuple[int, ...] = ()
    metric: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """A story with what is right of it.

    `pairs` are (entity, entity, label, sentence). `doubles` are entities that reading has beside another for the same
    thing: nothing is asked of them. `stances` are all that is marked between two, facts and others: (entity, entity,
    label, sentence, stance). `voices` are those who say what a sentence tells (entities, `OTHER`, `NOBODY`); sentences of
    which that is not known are left out. With `near` only pairs of one sentence are known. `lost` counts the pairs that are
    marked and that reading has no entities for, `marked` all figures.
    """

    id: str
    story: Story
    pairs: frozenset[tuple[int, int, str, int]]
    figures: tuple[Right, ...]
    doubles: frozenset[int] = frozenset()
    near: bool = False
    lost: int = 0
    marked: int = 0
    names: Mapping[str, int] = field(default_factory=dict)
    stances: frozenset[tuple[int, int, str, int, int]] = frozenset()
    voices: Mapping[int, frozenset[int]] = field(default_factory=dict)


class Reading:
    """The steps of reading up to the rules."""

    def __init__(self) -> None:
        self._pipeline = Pipeline(DEFAULT_BASE, without=frozenset({Part.WHOLE}))
        finder = self._pipeline.extractors[0]
        if not isinstance(finder, FactFinder):
            raise TypeError("the first extractor is not the one of rules")
        self._finder = finder

    def story(self, article: Article, *, ruled: bool = True) -> tuple[Document, Mentions, Story]:
        """An article read."""
        document = self._pipeline.documents.read(article)
        mentions = self._pipeline.mentions.find(document)
        found = (self._finder.ruled(document, mentions),) if ruled else ()
        return document, mentions, story_of(document, mentions, *found)

    def marked(self, marked: Iterable[MarkedArticle]) -> Iterator[Example]:
        """Examples of articles marked as wholes."""
        with tempfile.TemporaryDirectory() as folder:
            for each in marked:
                path = Path(folder, f"{each.id}.txt")
                path.write_text(each.text + "\n", encoding="utf-8")
                (article,) = articles.read(path)
                document, mentions, story = self.story(article)
                yield _example(each, document, mentions, story)

    def corpus(self, documents: Iterable[CorpusDocument]) -> Iterator[Example]:
        """Examples of documents marked sentence by sentence: what rules find is left off, for they were tried there."""
        for document in documents:
            text, starts, blocks = laid_out(document)
            _, mentions, story = self.story(Article(document.id, text, blocks, "0"), ruled=False)
            yield _near(document, starts, mentions, story)


def _sentence_at(story: Story, place: int) -> int:
    """The number of the sentence that a code point of the article stands in."""
    found = 0
    for number, sentence in enumerate(story.spans):
        if sentence.span.start <= place:
            found = number
    return found


def _example(marked: MarkedArticle, document: Document, mentions: Mentions, story: Story) -> Example:
    entity, doubles = aligned(marked, mentions, story)
    text = document.article.text
    moved = 0 if text.startswith(marked.text[:40]) else max(text.find(marked.text[:40]), 0)
    pairs: set[tuple[int, int, str, int]] = set()
    stances: set[tuple[int, int, str, int, int]] = set()
    lost = 0
    for pair in marked.pairs:
        fact = pair.mark not in tuple(NO_FACT)
        first, second = entity.get(pair.first), entity.get(pair.second)
        if first is None or second is None or first == second:
            lost += fact
            continue
        if pair.label in SYMMETRIC and first > second:
            first, second = second, first
        told = first, second, pair.label, _sentence_at(story, pair.sentence[0] + moved)
        stances.add((*told, STANCES[pair.mark]))
        if fact:
            pairs.add(told)
    figures = [Right(about=NOBODY) for _ in story.figures]
    taken: set[int] = set()
    for figure in marked.figures:
        number = _same_figure(story, figure, moved, taken)
        if number is not None:
            taken.add(number)
            figures[number] = _right(story, marked, entity, figure, number)
    voices = _voices(marked, story, entity, moved)
    return Example(
        marked.id,
        story,
        frozenset(pairs),
        tuple(figures),
        doubles,
        lost=lost,
        marked=len(marked.figures),
        names=entity,
        stances=frozenset(stances),
        voices=voices,
    )


def _voices(marked: MarkedArticle, story: Story, entity: Mapping[str, int], moved: int) -> Mapping[int, frozenset[int]]:
    """Who says what each sentence tells; where an article has no such marks, only the claimants of figures are known."""
    found: dict[int, set[int]] = defaultdict(set)
    told = [(saying.claimant, saying.sentence) for saying in marked.sayings]
    told += [(figure.claimant, figure.sentence) for figure in marked.figures if figure.claimant is not None]
    for claimant, sentence in told:
        who = entity.get(claimant, UNKNOWN) if claimant in marked.types else OTHER
        found[_sentence_at(story, sentence[0] + moved)].add(who)
    if marked.sayings:
        for number in range(len(story.spans)):
            found.setdefault(number, {NOBODY})
    return {number: frozenset(who) for number, who in found.items() if UNKNOWN not in who}


def aligned(marked: MarkedArticle, mentions: Mentions, story: Story) -> tuple[dict[str, int], frozenset[int]]:
    """For each marked entity the one that reading has for it, the most mentioned where it has several."""
    numbers = {iri: number for number, iri in enumerate(story.entities)}
    forms = {form.casefold(): name for form, name in marked.names.items()}
    counts: dict[str, Counter[int]] = defaultdict(Counter)
    for mention in mentions.mentions:
        if mention.kind != "name" or mention.entity not in numbers:
            continue
        form = mention.form.casefold()
        name = forms.get(form) or forms.get(form.removesuffix("s"))
        if name is not None:
            counts[name][numbers[mention.entity]] += 1
    entity = {name: found.most_common(1)[0][0] for name, found in counts.items()}
    doubles = {number for found in counts.values() for number in found}
    return entity, frozenset(doubles - set(entity.values()))


def _same_figure(story: Story, figure: MarkedFigure, moved: int, taken: set[int]) -> int | None:
    """The figure of reading that a marked one is: the nearest of the same value in the sentence."""
    start, end = (place + moved for place in figure.sentence)
    best: tuple[int, int] | None = None
    for number, (_, _, quantity) in enumerate(story.figures):
        near = abs(quantity.value - figure.value) <= _TOLERANCE * max(abs(figure.value), 1e-12)
        if near and number not in taken and start <= quantity.span.start < end:
            far = abs(quantity.span.start - figure.start - moved)
            best = min(best, (far, number)) if best else (far, number)
    return best[1] if best else None


def _right(story: Story, marked: MarkedArticle, entity: Mapping[str, int], figure: MarkedFigure, number: int) -> Right:
    def target(name: str) -> int:
        return entity.get(name, UNKNOWN) if name in marked.types else OTHER

    if figure.time is None:
        times: tuple[int, ...] = (len(story.times),)
    else:
        times = tuple(i for i, (_, _, time) in enumerate(story.times) if same_time(figure.time, period_names(time)))
    first, last, _ = story.figures[number]
    words = tuple(
        word
        for word in range(len(story.words))
        if story.sentences[word] == story.sentences[first]
        and not first <= word < last
        and same_metric(figure.metric, frozenset({re.sub(r"\W+", " ", story.words[word].casefold()).strip()}))
    )
    return Right(
        target(figure.about),
        NOBODY if figure.claimant is None else target(figure.claimant),
        MODALITIES.index(figure.modality.capitalize()),
        times,
        words,
    )


def _near(document: CorpusDocument, starts: Sequence[int], mentions: Mentions, story: Story) -> Example:
    numbers = {iri: number for number, iri in enumerate(story.entities)}
    ends: dict[int, list[int]] = defaultdict(list)
    for mention in mentions.mentions:
        ends[mention.span.end] += [numbers[iri] for iri in mention.entities if iri in numbers]
    pairs: set[tuple[int, int, str, int]] = set()
    stances: set[tuple[int, int, str, int, int]] = set()
    abouts: list[tuple[int, int, int]] = []
    lost = 0
    for line, start in zip(document.lines, starts, strict=True):
        for fact in line.facts:
            firsts, seconds = ends.get(start + fact.first[1], []), ends.get(start + fact.second[1], [])
            if fact.label in PAIR_LABELS:
                states = fact.mark not in tuple(NO_FACT)
                lost += states and not (firsts and seconds)
                sentence = _sentence_at(story, start)
                for a in firsts:
                    for b in seconds:
                        if a != b:
                            low, high = (min(a, b), max(a, b)) if fact.label in SYMMETRIC else (a, b)
                            stances.add((low, high, fact.label, sentence, STANCES[fact.mark]))
                            if states:
                                pairs.add((low, high, fact.label, sentence))
            elif fact.label == "about" and seconds:
                abouts.append((start + fact.first[0], start + fact.first[1], seconds[0]))
    figures = [Right() for _ in story.figures]
    for number, (_, _, quantity) in enumerate(story.figures):
        for first, last, entity in abouts:
            if quantity.span.start < last and first < quantity.span.end:
                figures[number].about = entity
    return Example(
        document.id, story, frozenset(pairs), tuple(figures), near=True, lost=lost, stances=frozenset(stances)
    )


class Exchange:
    """Stories with other names of the same types, so that what is said, not who it is, tells what holds."""

    def __init__(self, examples: Sequence[Example], seed: int = 0) -> None:
        self._chance = random.Random(seed)
        self._pool: dict[str, list[list[tuple[str, ...]]]] = defaultdict(list)
        for example in examples:
            for kind, forms in _forms(example.story).values():
                self._pool[kind].append(forms)

    def varied(self, example: Example, stories: float = 0.6, names: float = 0.5) -> Example:
        """An example with other names, or as it is."""
        if self._chance.random() > stories:
            return example
        story = example.story
        other: dict[tuple[int, tuple[str, ...]], tuple[str, ...]] = {}
        for entity, (kind, forms) in _forms(story).items():
            if self._chance.random() > names:
                continue
            for _ in range(6):
                donor = self._chance.choice(self._pool[kind])
                if len(donor) >= len(forms):
                    break
            other |= {(entity, form): donor[min(i, len(donor) - 1)] for i, form in enumerate(forms)}
        return _renamed(example, other)


def _forms(story: Story) -> dict[int, tuple[str, list[tuple[str, ...]]]]:
    """The type and the names of each entity, the longest first."""
    found: dict[int, tuple[str, dict[tuple[str, ...], None]]] = {}
    for first, last, entity, manner, kind in story.mentions:
        if manner == 0:
            found.setdefault(entity, (kind, {}))[1][story.words[first:last]] = None
    return {e: (kind, sorted(forms, key=lambda form: -sum(map(len, form)))) for e, (kind, forms) in found.items()}


def _renamed(example: Example, other: Mapping[tuple[int, tuple[str, ...]], tuple[str, ...]]) -> Example:
    story = example.story
    changes: dict[int, tuple[int, tuple[str, ...]]] = {}
    used = 0
    for first, last, entity, manner, _ in story.mentions:
        new = other.get((entity, story.words[first:last])) if manner == 0 else None
        if new is not None and first >= used:
            changes[first], used = (last, new), last
    words: list[str] = []
    sentences: list[int] = []
    opens: list[bool] = []
    moved: dict[int, tuple[int, int]] = {}
    word = 0
    while word < len(story.words):
        last, new = changes.get(word, (word + 1, story.words[word : word + 1]))
        for old in range(word, last):
            moved[old] = len(words), len(words) + len(new)
        words += new
        sentences += [story.sentences[word]] * len(new)
        opens += [story.opens[word], *[False] * (len(new) - 1)]
        word = last

    def stretch(first: int, last: int) -> tuple[int, int]:
        return moved[first][0], moved[last - 1][1]

    return replace(
        example,
        story=replace(
            story,
            words=tuple(words),
            sentences=tuple(sentences),
            opens=tuple(opens),
            mentions=tuple((*stretch(a, b), entity, manner, kind) for a, b, entity, manner, kind in story.mentions),
            figures=tuple((*stretch(a, b), quantity) for a, b, quantity in story.figures),
            times=tuple((*stretch(a, b), time) for a, b, time in story.times),
        ),
        figures=tuple(
            Right(r.about, r.says, r.mood, r.times, tuple(moved[w][0] for w in r.metric)) for r in example.figures
        ),
    )
