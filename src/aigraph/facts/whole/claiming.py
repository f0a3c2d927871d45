"""What the network for whole articles makes of claims: it puts figures right and hears who says what.

A figure keeps what rules have for it unless the network is surer of something else. What rules put into somebody's
mouth gets the speaker whom the network hears, or none where that is the author; sentences of which rules know no
speaker get one that it is sure of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from pyoxigraph import NamedNode

from aigraph.facts.claims.denials import DENIED
from aigraph.facts.claims.subjects import About
from aigraph.facts.confidence import OVERALL_SAYING
from aigraph.facts.speech.attribution import AttributionReader
from aigraph.facts.whole.article import JudgedArticle
from aigraph.facts.whole.limits import UNLIKELY, Thresholds
from aigraph.facts.whole.speaking import goes_on
from aigraph.facts.whole.story import NOBODY, OTHER, Story, claimant_number, period_names
from aigraph.facts.whole.verdicts import FigureVerdict
from aigraph.records import Claim, Claimant, Document, Mentions, Modality, Period, Rejection, Sentence, Span

Said = Callable[[Document, Mentions, Sentence, Claimant], tuple[Claim, ...]]
"""Makes statements of a sentence of which it is known who says it."""

Kind = Callable[[Document, Mentions, Claim], About | None]
"""Makes what a figure is about of the words of its sentence, where it is told of no name."""


class ClaimJudge:
    """Judges the claims of articles; one instance serves any number of them."""

    def __init__(self, attributions: AttributionReader, said: Said, kind: Kind | None, limits: Thresholds) -> None:
        """`said` makes statements of a sentence, `kind` what a figure is about that is told of no name."""
        self._attributions = attributions
        self._said = said
        self._kind = kind
        self._limits = limits

    def judged(self, article: JudgedArticle, claims: Sequence[Claim], rejections: list[Rejection]) -> Iterator[Claim]:
        """The claims of an article, with what the network makes of them; what is rejected is added to `rejections`."""
        numbers = {quantity.span: number for number, (_, _, quantity) in enumerate(article.story.figures)}
        voiced: set[Span] = set()
        for claim in claims:
            number = numbers.get(claim.quantity.span) if claim.quantity is not None else None
            verdict = article.verdict.figures.get(number) if number is not None else None
            kept = self._figure(article, claim, verdict) if verdict is not None else self._heard(article, claim)
            if kept is None:
                rejections.append(Rejection(claim.extractor, claim.evidence[0], UNLIKELY))
                continue
            if kept.claimant is not None:
                voiced |= set(kept.evidence)
            yield kept
        for number, sentence in enumerate(article.story.spans):
            if sentence.span not in voiced:
                yield from self._added_sayings(article, number, sentence)

    def _figure(self, article: JudgedArticle, claim: Claim, verdict: FigureVerdict) -> Claim | None:
        """A figure put right; None where it claims nothing."""
        if verdict.about[0] == NOBODY and verdict.about[1] >= self._limits.nothing:
            return None
        return self._put_right(article, claim, verdict)

    def _heard(self, article: JudgedArticle, claim: Claim) -> Claim | None:
        """A statement with the claimant that the network is surer of; None where it is sure that the author says it."""
        told = [article.voices(span) for span in claim.evidence]
        voices = [shares for shares in told if shares]
        if claim.extractor == DENIED:
            return claim  # the network hears whoever denies it
        if not voices or claim.quantity is not None or claim.claimant is None:
            return claim
        if min(shares[NOBODY] for shares in voices) >= self._limits.silent and not self._goes_on(article, claim):
            return None
        held = claimant_number(claim, article.numbers)
        chance = max(shares.get(held, 0.0) for shares in voices)
        surest, best = max(((who, c) for shares in voices for who, c in shares.items()), key=lambda item: item[1])
        if article.speaks(surest) and surest != held and best >= self._limits.voice:
            return replace(claim, claimant=article.story.entities[surest], overall=best)
        return replace(claim, overall=chance)

    def _goes_on(self, article: JudgedArticle, claim: Claim) -> bool:
        """Does a claim stand in the middle of its claimant's words?"""
        for span in claim.evidence:
            block = next((b for b in article.document.blocks if span in b.block.span), None)
            if block is not None:
                said = self._attributions.find(article.document, block, article.mentions.mentions)
                if goes_on(said, claim.claimant, span):
                    return True
        return False

    def _added_sayings(self, article: JudgedArticle, number: int, sentence: Sentence) -> Iterator[Claim]:
        """What the network alone hears somebody say in a sentence."""
        shares = article.verdict.voices.get(number, {})
        who, chance = max(shares.items(), key=lambda item: item[1], default=(NOBODY, 0.0))
        if article.speaks(who) and chance >= self._limits.voice:
            for claim in self._said(article.document, article.mentions, sentence, article.story.entities[who]):
                yield replace(claim, extractor=OVERALL_SAYING, confidence=chance, overall=chance)

    def _put_right(self, article: JudgedArticle, claim: Claim, verdict: FigureVerdict) -> Claim:
        story, limits = article.story, self._limits
        chances = verdict.chances[0]
        about = max((who for who in chances if who >= 0), key=chances.__getitem__, default=OTHER)
        held = article.numbers.get(claim.about, OTHER) if isinstance(claim.about, NamedNode) else OTHER
        if verdict.about[0] == OTHER and verdict.about[1] >= limits.other:
            told = self._kind(article.document, article.mentions, claim) if held != OTHER and self._kind else None
            claim = replace(claim, about=told.node, about_text=told.text) if told is not None else claim
        elif about >= 0 and about != held and chances[about] >= chances.get(held, 0.0) + limits.about:
            claim = replace(claim, about=story.entities[about], about_text=article.name(about, claim.evidence[0]))
        says, chance = verdict.says
        least = limits.says if claim.claimant else limits.unsaid
        if chance >= least and article.speaks(says):
            claim = replace(claim, claimant=story.entities[says])
        elif chance >= limits.says and says == NOBODY and claim.claimant and not self._goes_on(article, claim):
            claim = replace(claim, claimant=None)
        mood, chance = verdict.mood
        if chance >= limits.mood and claim.modality not in (mood, Modality.HYPOTHETICAL):
            claim = replace(claim, modality=mood)
        time, chance = verdict.time
        if chance >= limits.time and not _computed(story, claim.period):
            period = story.times[time][2] if time >= 0 else None
            claim = replace(claim, period=_other_period(claim.period, period))
        return replace(claim, overall=_sure(article, claim, verdict))


def _computed(story: Story, period: Period | None) -> bool:
    """Is a time none that the article names, which the network cannot choose: the quarter of "a year earlier"?"""
    names = period_names(period) if period is not None else frozenset[str]()
    return bool(names) and not any(names & period_names(told) for _, _, told in story.times)


def _other_period(old: Period | None, new: Period | None) -> Period | None:
    """The new time, but for the old one where both say the same."""
    if old is not None and new is not None and period_names(old) & period_names(new):
        return old
    return new


def _sure(article: JudgedArticle, claim: Claim, verdict: FigureVerdict) -> float:
    """How likely all that the network knows of a figure is right."""
    about, says, mood, time = verdict.chances
    story = article.story
    entity = article.numbers.get(claim.about, OTHER) if isinstance(claim.about, NamedNode) else OTHER
    speaker = claimant_number(claim, article.numbers)
    names = period_names(claim.period) if claim.period is not None else frozenset[str]()
    if _computed(story, claim.period):
        dated = 1.0  # the network has not been asked
    elif names:
        dated = max(
            (time.get(i, 0.0) for i, (_, _, p) in enumerate(story.times) if period_names(p) & names), default=0.0
        )
    else:
        dated = time.get(NOBODY, 0.0)
    return float(about.get(entity, 0.0) * says.get(speaker, 0.0) * mood.get(claim.modality, 0.0) * dated)
