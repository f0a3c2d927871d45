"""Attributions as records: somebody's words and what follows from the way they are put."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aigraph.records import Claimant, Modality, Span


@dataclass(frozen=True, slots=True)
class Attribution:
    """Somebody's words: `content` are the stretches that are theirs, `cue` the words that say so.

    `kind` is that of the verb in `speech.yaml`, "source" for "according to" and the like, "outlook" for a
    noun ("guidance of"). `denied` tells that the
    speaker denies the content, `past` that the verb is in the past, `clausal` that the content has a verb of its own.
    `refuted` tells that the sentence names the speaker only to say that it is not so.
    """

    claimant: Claimant
    content: tuple[Span, ...]
    cue: Span
    kind: str
    modality: Modality = Modality.ASSERTED
    denied: bool = False
    past: bool = False
    clausal: bool = True
    refuted: bool = False

    def covers(self, span: Span) -> bool:
        """True where a stretch begins inside the content."""
        return any(part.start <= span.start < part.end for part in self.content)


def covering(attributions: Sequence[Attribution], focus: Span) -> tuple[Attribution, ...]:
    """The attributions whose content holds a stretch, first the one whose claimant counts; those refuted do not.

    That is the owner of a forecast ("analysts' estimate of $3 billion"); else the outermost of nested ones, else the
    nearest.
    """
    found = [a for a in attributions if a.covers(focus) and not a.cue.overlaps(focus) and not a.refuted]

    def rank(attribution: Attribution) -> tuple[bool, bool, int, Span]:
        outer = outermost(found, attribution) is attribution
        return attribution.kind != "outlook", not outer, abs(attribution.cue.start - focus.start), attribution.cue

    return tuple(sorted(found, key=rank))


def outermost(attributions: Sequence[Attribution], inner: Attribution) -> Attribution:
    """The attribution that holds another one's cue in its content, or that one itself."""
    for other in attributions:
        if other is not inner and other.covers(inner.cue) and not inner.covers(other.cue) and not other.refuted:
            return other
    return inner
