"""Where a deal stands: rumoured, announced, completed, ended."""

from __future__ import annotations

from collections.abc import Sequence

from aigraph.facts.patterns.lines import Lexicon, Line
from aigraph.facts.speech.stance import Stance
from aigraph.records import Modality, Status

_SIGNS = ((Status.ENDED, "ended"), (Status.REPORTED, "rumoured"), (Status.COMPLETED, "done"))
"""Word classes whose phrases, anywhere in the sentence, say where a deal stands; the first that fits decides."""
_BARE = frozenset({("to",)})


def told_status(
    usual: Status, line: Line, lexicon: Lexicon, stance: Stance, within: Sequence[int], *, bare: bool = True
) -> Status:
    """The status of a deal: by signs in its sentence and the stance, then by how the verb puts it, else the usual one.

    `within` are the slots that can make a completed deal a planned one; with `bare` a mere "to" does. What is only
    rumoured is never completed, whatever the verb.
    """
    words = [line.word(i) for i in range(len(line))]
    for status, name in _SIGNS:
        if status == Status.COMPLETED and stance.modality == Modality.REPORTED:
            break
        if has_phrase(words, lexicon.phrases(name)):
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
    sizes = {len(phrase) for phrase in phrases}
    return any(tuple(words[i : i + n]) in phrases for n in sizes for i in range(len(words) - n + 1))
