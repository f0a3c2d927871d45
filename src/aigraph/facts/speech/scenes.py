"""A sentence as attribution sees it, and what stands around a verb of saying in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from aigraph.facts.speech.cues import load_cues, load_speakers, load_speech
from aigraph.facts.speech.spoken import Attribution
from aigraph.facts.words.clauses import Clause, ClauseKind
from aigraph.facts.words.grammar import function_words
from aigraph.facts.words.sentences import Word
from aigraph.records import Claimant, EntityType, Mention

_APPOSITION = 9
_REGIONS = frozenset({";", ":"})


@dataclass(frozen=True, slots=True)
class Scene:
    """One sentence, split; `earlier` are the attributions of the sentences before it in its block.

    `start` is where the block begins.
    """

    words: Sequence[Word]
    clauses: Sequence[Clause]
    mentions: Sequence[Mention]
    earlier: tuple[Attribution, ...]
    start: int = 0

    def text(self, index: int) -> str:
        """A word by its index; empty beyond the ends."""
        return self.words[index].text if 0 <= index < len(self.words) else ""


def below(clauses: Sequence[Clause], at: int) -> list[int]:
    """The clauses that hang on one, directly or not."""
    found: list[int] = []
    for index, clause in enumerate(clauses):
        if clause.matrix is not None and index != at and (clause.matrix == at or clause.matrix in found):
            found.append(index)
    return found


def around(scene: Scene, at: int) -> list[int]:
    """What a clause of saying that trails or interrupts speaks of: all around it up to a semicolon or colon."""
    own = set(scene.clauses[at].words)
    first = next((i for i in scene.clauses[at].words if scene.words[i].solid), scene.clauses[at].words[0])
    if scene.clauses[at].kind == ClauseKind.REPORTING:
        for index in asides(scene, at):
            own |= set(scene.clauses[index].words)
    return [i for i in region(scene.words, first) if i not in own]


def asides(scene: Scene, at: int) -> list[int]:
    """What is told of the speaker behind a reporting clause: ", says X, who founded Y and runs Z"."""
    found: list[int] = []
    for index in range(at + 1, len(scene.clauses)):
        clause = scene.clauses[index]
        relative = clause.kind == ClauseKind.RELATIVE and clause.matrix in (at, *found)
        solid = [scene.text(i) for i in clause.words if scene.words[i].solid]
        joined = bool(found) and clause.kind == ClauseKind.COORDINATE
        shared = joined and solid[:1] == ["and"] and not _has_subject(solid)
        embedded = bool(found) and clause.kind == ClauseKind.COMPLEMENT and clause.matrix in found
        if not relative and not shared and not embedded:
            break
        found.append(index)
    return found


def person_before(words: Sequence[Word], at: int) -> Mention | None:
    """The person that "who" stands for, over an apposition: "X, an analyst at Y, who doubts"."""
    near = (words[i].mention for i in range(at - 1, max(-1, at - _APPOSITION), -1))
    return next((m for m in near if m is not None and m.type == EntityType.PERSON), None)


def _has_subject(solid: Sequence[str]) -> bool:
    """Does a coordinate clause begin with a pronoun, a determiner or a name rather than with its verb?"""
    following = solid[1] if len(solid) > 1 else ""
    verbs = load_speech().verbs
    return not (following.endswith(("s", "ed")) or verbs.readings(following) or following in ("has", "set", "had"))


def region(words: Sequence[Word], index: int) -> list[int]:
    """The indices between the semicolons or colons around a word."""
    start = max((i + 1 for i in range(index) if words[i].text in _REGIONS), default=0)
    end = next((i for i in range(index + 1, len(words)) if words[i].text in _REGIONS), len(words))
    return list(range(start, end))


def is_adverb(word: Word) -> bool:
    """True for an adverb, listed or in -ly."""
    if word.mention is not None:
        return False
    return word.text in load_cues().adverbs or (word.text.endswith("ly") and len(word.text) > 4)


def group_start(words: Sequence[Word], index: int) -> int:
    """Where the verb group of a verb begins: over auxiliaries and adverbs."""
    group = function_words("auxiliaries") | {"been"}
    while (
        index and words[index - 1].mention is None and (words[index - 1].text in group or is_adverb(words[index - 1]))
    ):
        index -= 1
    return index


def before_group(words: Sequence[Word], index: int) -> str:
    """The nearest word before a verb that is no adverb; empty for a mention."""
    at = index - 1
    while at >= 0 and is_adverb(words[at]):
        at -= 1
    return words[at].text if at >= 0 and words[at].mention is None else ""


def names_follow(words: Sequence[Word], index: int) -> bool:
    """Can the subject stand behind a verb: "says Keller", "said the company", "says CEO Hock Tan"?"""
    following = words[index + 1 : index + 5]
    if not following or following[0].mention is not None:
        return bool(following)
    speakers = load_speakers()
    nouns = speakers.groups | speakers.company
    barred = following[0].text in ("that", '"', ",", ".", ":", "to", "it", "in", "on")
    return not barred and any(w.mention or w.text in nouns for w in following)


def same_speaker(scene: Scene, subject: Sequence[str]) -> Claimant | None:
    """Who ", it adds" speaks of: whoever spoke last in the paragraph, not what the sentence is about."""
    if list(subject) not in (["he"], ["she"], ["it"], ["they"]):
        return None
    personal = subject[0] in ("he", "she")
    types = {m.entity: m.type for m in scene.mentions}
    claimants = [a.claimant for a in reversed(scene.earlier) if isinstance(a.claimant, NamedNode)]
    return next((c for c in claimants if (types.get(c) == EntityType.PERSON) == personal), None)
