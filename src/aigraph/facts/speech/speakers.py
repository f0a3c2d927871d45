"""Speakers: which words before or behind a verb of saying name somebody, or an unnamed group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from aigraph.facts.speech.cues import load_speakers
from aigraph.facts.words.grammar import function_words
from aigraph.facts.words.sentences import OWNS, Word, owns
from aigraph.records import BODY, Claimant, EntityType, Mention, MentionKind, UnnamedGroup

AGENTS = frozenset(BODY) | {EntityType.PERSON, EntityType.PLACE}
PERSONAL = {
    "he": True,
    "she": True,
    "him": True,
    "her": True,
    "his": True,
    "it": False,
    "its": False,
    "they": False,
    "their": False,
}
"""Pronouns of speakers: true where they stand for a person."""

_PLACING = frozenset({"at", "from", "in", "of"})
_POSSESSIVE = frozenset({"his", "her", "its", "their"})
_NO_OWNERS = frozenset({"he", "she", "it", "him", "they"})
_ATTACHED = frozenset(
    {"at", "in", "involved", "from", "of", "for", "familiar", "close", "with", "who", "briefed", "surveyed", "polled"}
)
_PHRASE_ENDS = frozenset({",", ";", ".", "—", ":", ")", "(", "that", "and", "which"})
_BREAKS = frozenset({",", ";", ":", "—", '"', "that", "and", "but", "while", "although"})
_LABEL = 6
LONGEST = 12
"""Words of a group's label at most: "people with knowledge of the plans of the ministry of finance"."""


class SpeakerReader:
    """Resolves speakers; one instance serves any number of articles."""

    def __init__(self) -> None:
        self._nouns = load_speakers()
        self._prepositions = function_words("prepositions")

    def before(self, words: Sequence[Word], indices: Sequence[int], mentions: Sequence[Mention]) -> Claimant | None:
        """The speaker that a stretch before a verb ends in."""
        person = _named_aside(words, indices)
        if person is not None:
            return person.entity
        kept = _without_aside(words, indices)
        if not kept:
            return None
        last = words[kept[-1]]
        if last.mention is not None:
            return self._mentioned(words, kept, mentions)
        if last.text == "who":
            return self.before(words, kept[:-1], mentions)
        if last.text in PERSONAL:
            return latest(mentions, last.span.start, personal=PERSONAL[last.text])
        return self._described(words, kept, mentions)

    def after(self, words: Sequence[Word], indices: Sequence[int], mentions: Sequence[Mention]) -> Claimant | None:
        """The speaker that a stretch behind a verb begins with ("says CEO Hock Tan")."""
        ends = (n for n, i in enumerate(indices) if n and words[i].text in _BREAKS | {"("})
        kept = list(indices[: next(ends, len(indices))])
        for place, index in enumerate(kept[:_LABEL]):
            word = words[index]
            if word.mention is not None:
                if owns(words, index) and any(words[i].mention for i in kept[place + 2 : place + 6]):
                    continue
                return word.mention.entity if word.mention.type in AGENTS else None
            if word.text in self._nouns.groups:
                return self._group(words, kept, place)
            if word.text in self._nouns.company:
                return main_company(mentions, word.span.start)
            if word.text in self._prepositions:
                break
        return None

    def unnamed(self, subject: Sequence[str]) -> bool:
        """True for "the company" and for "the Japanese investor": a body that is not named."""
        last = subject[-1].removeprefix("the ").split()[-1]
        article = subject[0].split()[0] in ("the", "both")
        return article and len(subject) < 4 and (last in self._nouns.company or last.endswith("maker"))

    def phrase(self, words: Sequence[Word], start: int, mentions: Sequence[Mention]) -> tuple[Claimant | None, int]:
        """The speaker named at a place ("according to X"), and the index behind the words that name it."""
        end = next(
            (i for i in range(start, len(words)) if not words[i].named and words[i].text in _PHRASE_ENDS), len(words)
        )
        indices = list(range(start, end))
        agents = [i for i in indices[:_LABEL] if (m := words[i].mention) and m.type in AGENTS]
        persons = [i for i in indices if (m := words[i].mention) and m.type == EntityType.PERSON]
        if agents:
            chosen = persons[0] if owns(words, agents[0]) and persons else agents[0]
            mention = words[chosen].mention
            return (mention.entity if mention else None), end
        if indices and words[start].text in PERSONAL:
            return latest(mentions, words[start].span.start, personal=PERSONAL[words[start].text]), end
        if any(words[i].text in self._nouns.company for i in indices):
            return main_company(mentions, words[start].span.start), end
        return self._labelled(words, indices), end

    def possessive(self, words: Sequence[Word], start: int, mentions: Sequence[Mention]) -> tuple[Claimant | None, int]:
        """The speaker of "X's view", "his opinion", "its own account" at a place, and the index behind it."""
        ends = (i for i in range(start + 1, min(start + 6, len(words))) if words[i].text in self._nouns.works)
        end = next(ends, None)
        if end is None or any(words[i].text in _BREAKS for i in range(start, end)):
            return None, start
        owner = words[start]
        claimant: Claimant | None = None
        if owner.mention is not None and owner.mention.type in AGENTS and owner.text not in _NO_OWNERS:
            claimant = owner.mention.entity if owns(words, start) or owner.text in _POSSESSIVE else None
        elif owner.text in _POSSESSIVE:
            claimant = latest(mentions, owner.span.start, personal=PERSONAL[owner.text])
        elif words[end - 1].text in OWNS or owner.text in self._nouns.groups:
            claimant = self._labelled(words, [i for i in range(start, end) if words[i].text not in OWNS])
        return claimant, end + 1

    def outlook(self, words: Sequence[Word], at: int, mentions: Sequence[Mention]) -> Claimant | None:
        """Whose forecast it is that a noun at a place stands for ("the company's own guidance of …")."""
        if words[at].mention is not None or words[at].text not in self._nouns.outlooks:
            return None
        for index in range(at - 1, max(-1, at - 6), -1):
            word = words[index]
            if word.mention is not None and word.mention.type in AGENTS:
                return word.mention.entity if owns(words, index) else None
            if word.text in self._nouns.groups:
                return UnnamedGroup(word.text)
            if word.text in ("consensus", "street"):
                return UnnamedGroup("analysts")
            if word.text in self._nouns.company or word.text in PERSONAL:
                return main_company(mentions, word.span.start)
            if not word.text[:1].isalpha() and word.text not in OWNS:
                break
        return None

    def _mentioned(self, words: Sequence[Word], kept: Sequence[int], mentions: Sequence[Mention]) -> Claimant | None:
        """The speaker where a mention stands right before the verb."""
        place = len(kept) - 1
        word = words[kept[place]]
        mention = word.mention
        if mention is None:
            return None
        if mention.kind == MentionKind.PRONOUN and mention.type not in AGENTS:
            return latest(mentions, word.span.start, personal=PERSONAL[word.text]) if word.text in PERSONAL else None
        head = words[kept[place - 2]].mention if place >= 2 else None
        if head is not None and words[kept[place - 1]].text in self._prepositions and head.type == EntityType.PERSON:
            return head.entity
        nouns = self._nouns.company | self._nouns.groups | self._nouns.persons
        placed = mention.type == EntityType.PLACE and place >= 2 and words[kept[place - 1]].text in _PLACING
        if placed and words[kept[place - 2]].text in nouns:
            return None  # "the specialist from Porto expects"
        while place >= 2 and words[kept[place - 1]].text in ("and", "&", ","):
            other = words[kept[place - 2]].mention
            if other is None or other.type not in AGENTS:
                break
            mention, place = other, place - 2
        return mention.entity if mention.type in AGENTS else None

    def _described(self, words: Sequence[Word], kept: Sequence[int], mentions: Sequence[Mention]) -> Claimant | None:
        """The speaker where a noun stands before the verb: "the same analysts", "management", "X's boss"."""
        last = words[kept[-1]]
        if last.text in self._nouns.roles:
            return latest(mentions, last.span.start, personal=True)
        if last.text in self._nouns.company and not (len(kept) > 2 and words[kept[-2]].text in OWNS):
            return main_company(mentions, last.span.start)
        for place in range(len(kept) - 1, max(-1, len(kept) - 7), -1):
            word = words[kept[place]]
            final = place == len(kept) - 1
            if word.mention is not None:
                spoken = last.text in self._nouns.works | self._nouns.company | self._nouns.groups
                owned = owns(words, kept[place]) and spoken and word.mention.type in AGENTS
                return word.mention.entity if owned else None
            if word.text in self._nouns.groups | self._nouns.works and (
                final or words[kept[place + 1]].text in _ATTACHED
            ):
                return self._group(words, kept, place)
            if word.text in _BREAKS:
                break
        return None

    def _group(self, words: Sequence[Word], kept: Sequence[int], place: int) -> Claimant | None:
        """ "Analysts", with what belongs to them; those of a named firm are the firm."""
        behind = words[kept[place + 1]].text if place + 1 < len(kept) else ""
        if behind in ("at", "from", "of", "for"):
            owner = next((words[i].mention for i in kept[place + 2 : place + 4] if words[i].mention), None)
            if owner is not None and owner.type in BODY:
                return owner.entity
        start = place
        while start and place - start < 2 and self._modifies(words[kept[start - 1]]):
            start -= 1
        owner = words[kept[start - 2]].mention if start >= 2 and words[kept[start - 1]].text in OWNS else None
        if owner is not None and owner.type in AGENTS:
            return owner.entity
        end = len(kept) if behind in _ATTACHED else place + 1
        return self._labelled(words, kept[start:end])

    def _modifies(self, word: Word) -> bool:
        blocked = self._prepositions | function_words("adverbial_openers") | _BREAKS | {"or"}
        return word.mention is None and word.text.replace("-", "").isalpha() and word.text not in blocked

    def _labelled(self, words: Sequence[Word], indices: Sequence[int]) -> UnnamedGroup | None:
        kept = [words[i].text for i in indices]
        while kept and (kept[0] in function_words("left_off") or not kept[0][0].isalnum()):
            kept = kept[1:]
        return UnnamedGroup(" ".join(shortened(kept))) if kept else None


def shortened(words: Sequence[str]) -> Sequence[str]:
    """The words of a label; of a long one those before a preposition, so that no phrase is torn."""
    if len(words) <= LONGEST:
        return words
    ends = [n for n in range(2, LONGEST + 1) if words[n] in function_words("prepositions")]
    return words[: ends[-1] if ends else LONGEST]


def latest(mentions: Sequence[Mention], before: int, *, personal: bool) -> Claimant | None:
    """The last person, or else body, that the text names before a place."""
    wanted = frozenset({EntityType.PERSON}) if personal else frozenset(BODY)
    found = [m for m in mentions if m.span.start < before and m.type in wanted]
    return found[-1].entity if found else None


def main_company(mentions: Sequence[Mention], before: int) -> Claimant | None:
    """The body that the text has named most often up to a place."""
    bodies = [m for m in mentions if m.type in BODY and m.span.start < before]
    counts = Counter(m.entity for m in bodies)
    best = max(bodies, key=lambda m: (counts[m.entity], -m.span.start), default=None)
    return best.entity if best else None


def spoken_company(
    words: Sequence[Word], mentions: Sequence[Mention], start: int, *, generic: bool, strict: bool = False
) -> Claimant | None:
    """Who "the company" is that speaks: the article's own, else the body that the sentence or its block names first.

    `start` is where the block begins; `generic` is false for "the chipmaker" and the like, which the article's own
    company need not be; with `strict` that alone will do. None where there is none.
    """
    bodies = [m for m in mentions if m.type in BODY and m.kind == MentionKind.NAME]
    ranked = Counter(m.entity for m in bodies).most_common(2)
    if generic and ranked and (len(ranked) == 1 or ranked[0][1] >= 2 * ranked[1][1]):
        return ranked[0][0]
    if strict or not words:
        return None
    here, end = words[0].span.start, words[-1].span.end
    mine = [m for m in bodies if here <= m.span.start < end and m.type == EntityType.COMPANY]
    block = [m for m in bodies if start <= m.span.start < here]
    first = next(iter(mine or (block if generic else mine)), None)
    return first.entity if first is not None else None


def _named_aside(words: Sequence[Word], indices: Sequence[int]) -> Mention | None:
    """The person in "X's chief executive, Y, [says]"."""
    if len(indices) < 4 or words[indices[-1]].text != "," or words[indices[-3]].text != ",":
        return None
    mention = words[indices[-2]].mention
    named = mention is not None and mention.type == EntityType.PERSON
    return mention if named and words[indices[-4]].mention is None else None


def _without_aside(words: Sequence[Word], indices: Sequence[int]) -> list[int]:
    """Indices without a closing aside: "X, head of Y, [says]", "X (Y) [says]"."""
    kept = list(indices)
    for opening, closing in ((",", ","), ("(", ")"), ("—", "—")):
        if kept and words[kept[-1]].text == closing:
            start = next((n for n in range(len(kept) - 2, 0, -1) if words[kept[n]].text == opening), None)
            kept = kept[:start] if start is not None else kept[:-1]
    return kept
