"""Claims without a figure: one for each proposition that the text puts into somebody's mouth."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from aigraph.facts.claims.denials import DENIED
from aigraph.facts.claims.fragments import statements
from aigraph.facts.claims.holders import HolderReader
from aigraph.facts.claims.metrics import MetricReader
from aigraph.facts.claims.modality import statement_modality
from aigraph.facts.claims.priors import ATTRIBUTED, PRIORS
from aigraph.facts.claims.situations import ReadSentence
from aigraph.facts.claims.stances import ClaimStances, foretold, would_have
from aigraph.facts.speech.propositions import propositions
from aigraph.facts.speech.spoken import Attribution, covering, outermost
from aigraph.facts.speech.stance import Stance
from aigraph.facts.words.clauses import ClauseReader
from aigraph.records import (
    Claim,
    Modality,
    Polarity,
    Span,
)

_BY = re.compile(r"\bby\s+(?:the\s+)?(?:[A-Z]|\d|end|then|next|autumn|spring|summer|winter)")
"""When something would have been done as seen from then: "it would have opened by May"."""
_SPEAKING = 4


class SayingReader:
    """Makes claims of what sentences put into somebody's mouth; one instance serves any number of articles."""

    def __init__(
        self, stances: ClaimStances, metrics: MetricReader, holders: HolderReader, clauses: ClauseReader
    ) -> None:
        self._stances = stances
        self._metrics = metrics
        self._holders = holders
        self._clauses = clauses

    def attributed(self, read: ReadSentence, sayings: Sequence[Span] = ()) -> Iterator[Claim]:
        """One claim for each proposition without a figure that is put into somebody's mouth.

        `sayings` are verbs of saying besides those of the attributions.
        """
        cues = [*sayings, *(attribution.cue for attribution in read.attributions)]
        for attribution in read.attributions:
            if attribution is not outermost(read.attributions, attribution) and not attribution.refuted:
                continue
            told = list(self._contents(read, attribution))
            parts = list(self._propositions(read, attribution))
            # the finer of the two: a tree that has gone wrong joins what signs and conjunctions part
            told = parts if len(parts) >= len(told) else told
            told = list(self._judged(read, attribution, told))
            told = statements(read.tree, told, cues) if read.tree is not None else told
            for at, stretch in told:
                if not any(quantity.span.overlaps(stretch) for quantity in read.quantities):
                    yield from self.saying(read, attribution, at, stretch)

    def unheard(self, read: ReadSentence, found: Sequence[Claim]) -> Iterator[Claim]:
        """What somebody says in words that make up no clause: "The best thing ever built, she says."."""
        heard = {claim.claimant for claim in found}
        for attribution in read.attributions:
            unheard = attribution.cue.start < attribution.cue.end  # a turn or a quotation may be no statement at all
            if (
                attribution.claimant in heard
                or not unheard
                or attribution is not outermost(read.attributions, attribution)
            ):
                continue
            inside = [p for p in attribution.content if p.overlaps(read.sentence.span)]
            words = [w for w in read.passage.words if w.solid and any(w.span.overlaps(p) for p in inside)]
            if words:
                heard.add(attribution.claimant)
                stretch = Span(words[0].span.start, words[-1].span.end)
                yield from self.saying(read, attribution, read.passage.number(words[-1].span) or 0, stretch)

    def _propositions(self, read: ReadSentence, attribution: Attribution) -> Iterator[tuple[int, Span]]:
        """The propositions of what somebody says in a sentence, each as one stretch with its clause."""
        inner = [a for a in read.attributions if a is not attribution and attribution.covers(a.cue)]
        if read.tree is None:
            return
        for parts in propositions(read.tree, attribution.content, clausal=attribution.clausal):
            stretch = Span(parts[0].start, parts[-1].end)
            solid = [w for w in read.passage.words if w.solid and w.span.overlaps(stretch)]
            bare = not attribution.clausal and any(
                q.span.overlaps(p) for q in read.quantities for p in attribution.content
            )
            speaks = bare or (any(a.cue in stretch for a in inner) and len(solid) < _SPEAKING)
            if len(solid) > attribution.clausal and not speaks:
                yield read.passage.number(solid[-1].span) or 0, stretch

    def _judged(
        self, read: ReadSentence, attribution: Attribution, told: Sequence[tuple[int, Span]]
    ) -> Iterator[tuple[int, Span]]:
        """What is said, with the statement in the place of a verdict on it: "it is not true that …" says "…"."""
        judged = [v for v in read.verdicts if any(v.judges(part) or v.holds(part) for part in attribution.content)]
        if not judged or read.tree is None:
            yield from told
            return
        for at, stretch in told:
            if not any(v.judges(stretch) or v.holds(stretch) for v in judged):
                yield at, stretch
        for verdict in judged:
            if verdict.open:
                continue
            for parts in propositions(read.tree, verdict.content, clausal=True):
                stretch = Span(parts[0].start, parts[-1].end)
                yield read.passage.number(parts[-1]) or 0, stretch

    def _contents(self, read: ReadSentence, attribution: Attribution) -> Iterator[tuple[int, Span]]:
        """The clauses of a sentence within what somebody says, with their stretch."""
        words = read.passage.words
        cues = [other.cue for other in read.attributions]
        for at, clause in enumerate(read.passage.clauses):
            own = [i for i in clause.words if not any(words[i].span.overlaps(cue) for cue in cues)]
            inside = [i for i in own if any(words[i].span.overlaps(part) for part in attribution.content)]
            solid = [words[i].span for i in inside if words[i].solid and words[i].text not in clause.opener.split()]
            verbal = self._clauses.verbs.any_finite(words, inside) or len(own) < len(clause.words)
            if verbal and len(solid) > attribution.clausal:
                yield at, Span(solid[0].start, solid[-1].end)

    def saying(self, read: ReadSentence, attribution: Attribution, at: int, stretch: Span) -> Iterator[Claim]:
        """What somebody says in a stretch of a sentence, whose clause is `at`; nothing where it is a bare condition."""
        last = Span(stretch.end - 1, stretch.end)
        said = (attribution,) if attribution.refuted else covering(read.attributions, last)
        stance = _beside(read, self._stances.read(read, last, said))
        unreal = read.tree is not None and would_have(read.tree, stretch)
        if stance.modality == Modality.FORECAST and unreal and not _BY.search(read.text):
            stance = replace(stance, modality=Modality.HYPOTHETICAL)
        elif stance.modality == Modality.HYPOTHETICAL and not _wished(read, stance):
            if not foretold(read, attribution, at, stretch):
                return
            stance = stance if unreal else replace(stance, modality=Modality.FORECAST)
        about = self._holders.content(read.passage, at, stretch)
        metric = self._metrics.named(read.passage.text, stretch)
        modality = statement_modality(read, read.period(stretch), stance)
        yield Claim(
            evidence=(read.sentence.span,),
            extractor=DENIED if attribution.refuted else ATTRIBUTED,
            confidence=PRIORS[ATTRIBUTED],
            chance=max((told.chance for told in read.links.of("says")), default=None),
            modality=Modality.REPORTED if attribution.refuted else modality,
            polarity=stance.polarity,
            period=read.period(stretch),
            claimant=attribution.claimant,
            text=read.passage.text[stretch.start : stretch.end],
            about=about.node if about else None,
            about_text=about.text if about else None,
            metric=metric.concept if metric else None,
            metric_text=metric.text if metric else None,
        )


def _wished(read: ReadSentence, stance: Stance) -> bool:
    """Is what is said a wish ("hopes to raise") rather than a condition?"""
    words = {read.passage.text[cue.start : cue.end].split()[0].casefold() for cue in stance.cues}
    return any(word.startswith(("hop", "wish", "dream")) for word in words)


def _beside(read: ReadSentence, stance: Stance) -> Stance:
    """A stance without what is only told to be missing: "it works without a fan"."""
    missing = sum(read.passage.text[cue.start : cue.end].casefold() == "without" for cue in stance.cues)
    if missing % 2 == 0:
        return stance
    denied = stance.polarity == Polarity.NEGATED
    return replace(stance, polarity=Polarity.AFFIRMED if denied else Polarity.NEGATED)
