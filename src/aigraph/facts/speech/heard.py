"""What is known when a speaker is looked for: who is named in the article, and who spoke before in the block."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from aigraph.facts.speech.cues import load_speakers
from aigraph.facts.speech.spoken import Attribution
from aigraph.facts.words.trees import Tree
from aigraph.records import Claimant, EntityType, Mention, MentionKind, UnnamedGroup

if TYPE_CHECKING:
    pass


_HERS = frozenset({"she", "her"})
OWNERS = frozenset({"at", "from", "of", "for", "by", "with"})


@dataclass(frozen=True, slots=True)
class Hearing:
    """What is known when a speaker is looked for: all mentions of the article, and who spoke before in the block.

    `asked` answers a question in this block, `called` has who is "he" and who "she".
    `verbs` are kept for `saying_verbs.known_verb`.
    """

    tree: Tree
    mentions: Sequence[Mention]
    earlier: Sequence[Attribution]
    company: NamedNode | None
    headline: bool = False
    text: str = ""
    asked: Claimant | None = None
    called: Mapping[NamedNode, str] = field(default_factory=dict)
    verbs: dict[int, tuple[str, frozenset[str]] | None] = field(init=False, repr=False, default_factory=dict)

    def fits(self, entity: Claimant, word: str) -> bool:
        """Can a person be meant by "he" or "she"? False where the article has the other word for that person."""
        other = "he" if pronoun_of(word) == "she" else "she"
        return not isinstance(entity, NamedNode) or self.called.get(entity) != other

    def last_speaker(self, *, person: bool) -> Claimant | None:
        """Who spoke last in the block, a person or a body."""
        types = {m.entity: m.type for m in self.mentions}
        for attribution in reversed(self.earlier):
            who = attribution.claimant
            if person and isinstance(who, UnnamedGroup) and who.label[:1].isupper():
                return who
            if isinstance(who, NamedNode) and (types.get(who) == EntityType.PERSON) == person:
                return who
        return None


def named_persons(hearing: Hearing) -> list[Mention]:
    """All places where the article names a person."""
    return [m for m in hearing.mentions if m.type == EntityType.PERSON and m.kind == MentionKind.NAME]


def pronoun_of(word: str) -> str:
    """The pronoun of a person, "he" or "she", of which a word is a form."""
    return "she" if word in _HERS else "he"


def somebody_before(hearing: Hearing, start: int) -> Attribution | None:
    """Where one person without a name was the last to speak in the block: "An engineer disagrees: …, he says"."""
    last = next((a for a in reversed(hearing.earlier) if a.cue.start < start), None)
    if last is None or not isinstance(last.claimant, UnnamedGroup):
        return None
    nouns = load_speakers()
    words = last.claimant.label.split()
    ends = next((n for n, word in enumerate(words) if n and word in OWNERS | {"in", "who", "close"}), len(words))
    noun = words[ends - 1]
    one = noun in nouns.persons or f"{noun}s" in nouns.groups or noun in nouns.roles
    return last if one and f"{noun}s" not in nouns.company else None
