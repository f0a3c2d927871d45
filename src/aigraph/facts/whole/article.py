"""An article beside what the network says of it: what it adds, who speaks, where a sentence stands."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from aigraph.facts.links.findings import Place
from aigraph.facts.speech.hedging import SentenceHedges
from aigraph.facts.whole.speaking import signers
from aigraph.facts.whole.story import Story
from aigraph.facts.whole.verdicts import Verdict
from aigraph.facts.whole.weighing import weighed
from aigraph.language.whole import DEALS, PAIR_LABELS, SYMMETRIC
from aigraph.records import Document, Mentions, Partnership, Sentence, Span, Statement

_JOINTS = frozenset({",", "and", "or", "&", ";", "/"})
_ALONE = {"develops": 1, "founded": 0, "worksFor": 0}
"""Labels of which a thing or a person seldom has more than one: a maker, a firm founded, an employer."""
_OWNING = frozenset({"'s", "’s", "'", "’"})
_SURE_OF_LISTED = 0.8
"""From which likelihood on two names parted by a comma alone are no list: "the compiler of Acme, Vela"."""
_GOING_ON = frozenset({"and", "or", "&"})
_NEVER_LISTED = frozenset({"locatedIn", "worksFor"})
"""Labels whose two things make no list: "Acme, Berlin", "– Ann Lee, Acme"."""


@dataclass(slots=True)
class JudgedArticle:
    """An article with what the network says of it."""

    document: Document
    mentions: Mentions
    story: Story
    verdict: Verdict
    numbers: dict[NamedNode, int] = field(init=False)
    likelihoods: dict[tuple[int, int, str], float] = field(init=False)
    _hedges: dict[int, SentenceHedges] = field(default_factory=dict)
    _sentences: dict[Span, int] = field(init=False)
    _signing: frozenset[NamedNode] = field(init=False)

    def __post_init__(self) -> None:
        self.likelihoods = weighed(self.story, self.verdict)
        self.numbers = {iri: number for number, iri in enumerate(self.story.entities)}
        self._sentences = {sentence.span: number for number, sentence in enumerate(self.story.spans)}
        self._signing = signers(self.document, self.mentions)

    def key(self, subject: NamedNode, object_: NamedNode, label: str) -> tuple[int, int, str] | None:
        """The pair of a finding; None where the network knows one of them or the label not."""
        first, second = self.numbers.get(subject), self.numbers.get(object_)
        if first is None or second is None or label not in PAIR_LABELS:
            return None
        if label in SYMMETRIC and first > second:
            first, second = second, first
        return first, second, label

    def speaks(self, number: int) -> bool:
        """Is a choice of the network an entity that may speak: none that only signs the article?"""
        return number >= 0 and self.story.entities[number] not in self._signing

    def voices(self, span: Span) -> Mapping[int, float]:
        """The chances of who says what a sentence tells, by the sentence; none where the network has not read it."""
        number = self._sentences.get(span)
        return self.verdict.voices.get(number, {}) if number is not None else {}

    def place(self, number: int) -> Place | None:
        """A sentence by its number, in its block."""
        sentence = self.story.spans[number]
        for block in self.document.blocks:
            if sentence.span in block.block.span:
                return Place(self.document, block, sentence, self.mentions.mentions)
        return None

    def likelihood(self, pair: tuple[int, int, str]) -> float:
        """How likely the label of a pair holds, weighed; 0 where nothing speaks for it."""
        return self.likelihoods.get(pair, 0.0)

    def rival(self, pair: tuple[int, int, str]) -> float:
        """How likely another holds in place of a pair, where seldom both do: another maker, another employer."""
        first, second, label = pair
        if label not in _ALONE:
            return 0.0
        side, who = _ALONE[label], (first, second)
        others = (
            chance
            for (a, b, other), chance in self.likelihoods.items()
            if other == label and (a, b)[side] == who[side] and (a, b) != who
        )
        return max(others, default=0.0)

    def likely_deal(self, deal: tuple[int, int, str], *, guessed: bool) -> float:
        """How likely two are parties of a deal: weighed where it is guessed, else the network's own chance."""
        return self.likelihood(deal) if guessed else self.verdict.pairs.get(deal, (0.0, 0))[0]

    def added(
        self, told: Container[tuple[int, int, str]], least: float
    ) -> list[tuple[tuple[int, int, str], tuple[float, int]]]:
        """The relations of that likelihood that no rule has, the surest first; no two members of one list."""
        found = [(key, verdict) for key, verdict in self._added(told, least) if key[2] not in DEALS]
        return [
            (key, verdict)
            for key, verdict in found
            if not self._listed(key, verdict[1], sure=verdict[0] >= _SURE_OF_LISTED)
        ]

    def added_deals(
        self, told: Container[tuple[int, int, str]], least: float
    ) -> list[tuple[tuple[int, int, str], tuple[float, int]]]:
        """The deals of that likelihood that no rule has, the surest first."""
        return [(key, verdict) for key, verdict in self._added(told, least) if key[2] in DEALS]

    def _added(
        self, told: Container[tuple[int, int, str]], least: float
    ) -> list[tuple[tuple[int, int, str], tuple[float, int]]]:
        """The pairs of that likelihood that no rule has, each with its likelihood and the sentence that tells it."""
        found = [
            (key, (chance, self.verdict.pairs[key][1]))
            for key, chance in self.likelihoods.items()
            if chance >= least and key not in told and key in self.verdict.pairs
        ]
        return sorted(found, key=lambda item: (-item[1][0], item[0]))

    def _listed(self, pair: tuple[int, int, str], number: int, *, sure: bool = False) -> bool:
        """Are two things members of a list of names in a sentence: "Azure, AWS, Google Cloud"? "Acme, Berlin" is none.

        Nor are what a pronoun stands for ("laptops from HP; it has"), what has no word between it and another, and an
        owner ("NuScale, Kairos's rival"); nor, where the article as a whole is `sure`, two that only a comma parts.
        """
        first, second, label = pair
        if label in _NEVER_LISTED:
            return False
        story = self.story
        here = [
            (a, b, entity) for a, b, entity, manner, _ in story.mentions if story.sentences[a] == number and not manner
        ]
        run: set[int] = set()
        end = 0
        for start, last, entity in sorted(here):
            if last < len(story.words) and story.words[last] in _OWNING:
                run, end = set(), last
                continue
            between = story.words[end:start]
            joined = run and start > end and all(word in _JOINTS for word in between)
            run = {*run, entity} if joined else {entity}
            end = last
            if {first, second} <= run and (len(run) > 2 or label not in SYMMETRIC):  # "Acme and Beta fight it out"
                goes_on = last < len(story.words) and story.words[last] in _GOING_ON
                return not sure or len(run) > 2 or list(between) != [","] or goes_on
        return False

    def hedges(self, number: int) -> SentenceHedges:
        """The hedges of a sentence, read once."""
        place = self.place(number)
        if number not in self._hedges and place is not None:
            self._hedges[number] = SentenceHedges(place.block, place.sentence, self.mentions.mentions)
        return self._hedges[number]

    def is_vouched_for(self, finding: Statement | Partnership, label: str, first: NamedNode, second: NamedNode) -> bool:
        """Do words of a sentence that tells a finding say that it is so: "never stopped supplying", "confirmed that"?

        Then it is no matter what the network takes it for.
        """
        numbers = (self._sentences.get(span) for span in finding.evidence)
        read = (self.hedges(number).between(label, first, second) for number in numbers if number is not None)
        return any(hedge.sure for hedge in read)

    def focus(self, sentence: Sentence, *entities: NamedNode) -> Span:
        """From the first to the last mention of some entities in a sentence; all of it where it has none."""
        found = [m.span for m in self.mentions.mentions if m.span in sentence.span and set(entities) & set(m.entities)]
        return Span(min(s.start for s in found), max(s.end for s in found)) if found else sentence.span

    def name(self, entity: int, sentence: Span) -> str:
        """The words for an entity in a sentence, else its first ones in the article."""
        iri = self.story.entities[entity]
        text = self.document.article.text
        all_ = [m for m in self.mentions.mentions if iri in m.entities]
        here = [m for m in all_ if m.span in sentence]
        mention = (here or all_)[0]
        return text[mention.span.start : mention.span.end]
