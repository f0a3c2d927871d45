"""Where a deal stands: rumoured, announced, completed, ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from aigraph.facts.patterns.lines import Lexicon, Line
from aigraph.facts.speech.stance import Stance
from aigraph.records import Modality, Span, Status

_SIGNS = ((Status.ENDED, "ended"), (Status.REPORTED, "rumoured"), (Status.COMPLETED, "done"))
"""Word classes whose phrases, anywhere in the sentence, say where a deal stands; the first that fits decides."""
_BARE = frozenset({("to",)})


@dataclass(frozen=True, slots=True)
class Told:
    """Where the words of a deal stand: its sentence, how it is put, and which stretches tell something else."""

    line: Line
    stance: Stance
    elsewhere: Callable[[Span], bool]


def told_status(usual: Status, told: Told, lexicon: Lexicon, within: Sequence[int], *, bare: bool = True) -> Status:
    """The status of a deal: by signs in its sentence and the stance, then by how the verb puts it, else the usual one.

    `within` are the slots that can make a completed deal a planned one; with `bare` a mere "to" does. What is only
    rumoured is never completed, whatever the verb. Signs that tell of something else say nothing.
    """
    line, stance = told.line, told.stance
    words = [line.word(i) for i in range(len(line))]
    for status, name in _SIGNS:
        if status == Status.COMPLETED and stance.modality == Modality.REPORTED:
            break
        found = phrases_in(words, lexicon.phrases(name))
        if any(not told.elsewhere(line.slots[first].span) for first, _ in found):
            return status
    if stance.modality == Modality.REPORTED:
        return Status.REPORTED
    planned = lexicon.phrases("planned") if bare else lexicon.phrases("planned") - _BARE
    if usual == Status.COMPLETED and (
        stance.modality == Modality.FORECAST or has_phrase([words[i] for i in within], planned)
    ):
        return Status.ANNOUNCED
    return usual


def has_phrase(words: Sequence[str], phrases: frozenset[tuple[str, ...]]) -> bool:
    """Does one of some phrases stand among the words?"""
    return any(True for _ in phrases_in(words, phrases))


def phrases_in(words: Sequence[str], phrases: frozenset[tuple[str, ...]]) -> Iterator[tuple[int, int]]:
    """Where some phrases stand among the words: the first one of each, and the one behind its last."""
    for size in {len(phrase) for phrase in phrases}:
        for first in range(len(words) - size + 1):
            if tuple(words[first : first + size]) in phrases:
                yield first, first + size
