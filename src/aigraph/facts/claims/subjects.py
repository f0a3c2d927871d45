"""What a clause speaks of: its grammatical subject as far as words tell, or a topic."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from aigraph.facts.speech.cues import load_cues
from aigraph.facts.speech.voices import own_body
from aigraph.facts.words.clauses import Clause, ClauseKind, ClauseReader
from aigraph.facts.words.grammar import function_words
from aigraph.facts.words.sentences import Word, stretches
from aigraph.ontology import Ontology
from aigraph.records import (
    BODY,
    TECHNOLOGY,
    BlockKind,
    Concept,
    Document,
    EntityType,
    Mention,
    MentionKind,
    Mentions,
    Span,
)
from aigraph.vocab import Iris

_TITLE_WEIGHT = 4
_PASSING = 2
_TOPIC_HEADS = "market|industry|sector|demand|supply|shortage|economy|ecosystem|infrastructure"
_TOPIC = re.compile(rf"\b((?:[\w-]+ ){{1,3}}(?:{_TOPIC_HEADS}))\b", re.IGNORECASE)
_TOPIC_FOR = re.compile(
    r"\b(market|demand|supply|shortage)\s+(?:for|of)\s+((?:[\w-]+\s+){0,3}?[\w-]+)(?=\s+(?:will|is|are|to|has|could|may|in|at|by)\b|[,.;]|$)",
    re.IGNORECASE,
)
_RELATIONAL = frozenset({"alternative", "answer", "challenger", "follow-up", "heir", "predecessor", "successor"})
"""Nouns that what follows is not: "the successor to the Q7, code-named Q8"."""
_GENERIC = frozenset({"the company", "the firm", "the group"})
_NO_ASIDE = frozenset({"of"})


@dataclass(frozen=True, slots=True)
class About:
    """What something is about: an entity or a topic, with the article's words for it."""

    node: NamedNode | Concept
    text: str


@dataclass(frozen=True, slots=True)
class Story:
    """What an article is about: its mentions, its main company and product, and what its headings name.

    `dominated` and `central` tell that the company and the product are named twice as often as any other, `titled` that
    the title names the company and no other body.
    """

    text: str
    mentions: tuple[Mention, ...]
    company: Mention | None
    product: Mention | None
    headings: tuple[Mention, ...]
    dominated: bool = False
    central: bool = False
    titled: bool = False

    def in_passing(self, mention: Mention) -> bool:
        """Is somebody named once or twice only, as those are who comment on what others do?"""
        named = [m for m in self.mentions if m.entity == mention.entity and m.kind == MentionKind.NAME]
        return len(named) <= _PASSING


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence with its clauses; `subjects` are those of the sentences before it in its block."""

    text: str
    words: Sequence[Word]
    clauses: Sequence[Clause]
    story: Story
    block: Span
    subjects: Sequence[Mention] = ()

    def clause(self, at: Span) -> tuple[Span, ...]:
        """The stretches of the clause that a place of the sentence belongs to."""
        for clause in self.clauses:
            if any(self.words[i].span.overlaps(at) for i in clause.words):
                return stretches(self.words, clause.words)
        return ()

    def number(self, at: Span) -> int | None:
        """The index of the clause that a place of the sentence belongs to."""
        for index, clause in enumerate(self.clauses):
            if any(self.words[i].span.overlaps(at) for i in clause.words):
                return index
        return None

    def meant(self, mention: Mention) -> Mention:
        """The article's own company for "the company" that was resolved to a name of another block."""
        own, antecedent = self.story.company, mention.antecedent
        far = antecedent is not None and antecedent.start < self.block.start
        generic = mention.kind == MentionKind.NOMINAL and mention.form.casefold() in _GENERIC
        return own if own is not None and self.story.dominated and far and generic else mention

    def latest(
        self, types: frozenset[EntityType], *, here: bool = False, without: NamedNode | None = None
    ) -> Mention | None:
        """What was last spoken of with one of these types: a subject of this block, else a mention in it.

        Where the block has none, the heading tells; with `here` it does not. `without` leaves one entity out.
        """
        start = self.words[0].span.start if self.words else self.block.start
        fitting = [m for m in self.subjects if m.type in types and m.entity != without]
        if fitting:
            return fitting[-1]
        own = self.story.company
        if self.story.dominated and own is not None and own.type in types and own.entity != without and not here:
            return own
        before = [m for m in self.story.mentions if m.span.start < start and m.type in types and m.entity != without]
        near = next((m for m in before if m.span.start >= self.block.start), None)
        if near is not None or here:
            return near
        headings = [m for m in self.story.headings if m in before]
        return headings[-1] if headings else None


def read_story(document: Document, mentions: Mentions) -> Story:
    """The main company is the one named most often, those of the title counting more; so is the main product."""
    spans: dict[BlockKind, list[Span]] = {kind: [] for kind in BlockKind}
    for block in document.blocks:
        spans[block.block.kind].append(block.block.span)
    aside = spans[BlockKind.METADATA] + spans[BlockKind.TEASER]
    inside = [m for m in mentions.mentions if not any(m.span in span for span in aside)]
    title = [m for m in inside if any(m.span in span for span in spans[BlockKind.TITLE])]

    def main(types: frozenset[EntityType]) -> Mention | None:
        fitting = [m for m in inside if m.type in types]
        counts = Counter(m.entity for m in fitting)
        counts.update({m.entity: _TITLE_WEIGHT for m in title if m.type in types})
        return max(fitting, key=lambda m: (counts[m.entity], -m.span.start), default=None)

    ranked = Counter(m.entity for m in inside if m.type in TECHNOLOGY).most_common(2)
    central = bool(ranked) and (len(ranked) == 1 or ranked[0][1] >= 2 * ranked[1][1])
    headings = tuple(m for m in inside if any(m.span in span for span in spans[BlockKind.HEADING]))
    company, product = main(frozenset(BODY)), main(frozenset(TECHNOLOGY))
    dominated = company is not None and company.entity == own_body(mentions.mentions)
    titled = company is not None and {m.entity for m in title if m.type in BODY} == {company.entity}
    return Story(document.article.text, mentions.mentions, company, product, headings, dominated, central, titled)


class SubjectReader:
    """Finds what clauses are about; one instance serves any number of articles."""

    def __init__(self, ontology: Ontology, iris: Iris, clauses: ClauseReader) -> None:
        self._iris = iris
        self._clauses = clauses
        self._topics = {
            name.casefold(): Concept(topic.iri, topic.label, listed=True)
            for topic in ontology.topics
            for name in (topic.label, *topic.alternatives)
        }

    def verb(self, passage: Passage, at: int) -> int | None:
        """The index of the finite verb of a clause."""
        return next((i for i in passage.clauses[at].words if self._clauses.verbs.finite(passage.words, i)), None)

    def closes(self, passage: Passage, index: int) -> bool:
        """Can a noun phrase end before a word: a verb, a preposition or a sign?"""
        word = passage.words[index]
        ends = function_words("prepositions") | function_words("phrase_stops")
        return not word.solid or word.text in ends or self._clauses.verbs.finite(passage.words, index)

    def subject(self, passage: Passage, at: int, *, skip: Span | None = None) -> Mention | None:
        """The mention that heads the subject of a clause; that of the clause before where it shares it.

        `skip` is a stretch whose mentions do not count: the thing that a figure counts.
        """
        clause, words = passage.clauses[at], passage.words
        verb = self.verb(passage, at)
        opener = clause.opener.split()
        if verb is None:
            return _head(words, clause.words[:12], skip)
        if opener[-1:] == ["whose"]:
            owned = _head(words, [i for i in clause.words if i < verb and words[i].text not in opener], skip)
            thing = owned is not None and owned.type in TECHNOLOGY and words[clause.words[1]].mention is owned
            thing = thing or (owned is not None and owned.type in TECHNOLOGY and words[verb - 1].mention is owned)
            thing = thing and not any(words[i].text in function_words("prepositions") for i in clause.words if i < verb)
            return owned if thing else _last(words, clause.words[0], skip)
        before = [i for i in clause.words if i < _group_start(words, verb)]
        if any(words[i].solid and words[i].text not in opener for i in before):
            return self._full(words, before, verb, skip)
        if clause.kind == ClauseKind.RELATIVE:
            return _last(words, clause.words[0], skip)
        return self.subject(passage, at - 1, skip=skip) if at and clause.kind != ClauseKind.REPORTING else None

    def _full(self, words: Sequence[Word], before: Sequence[int], verb: int, skip: Span | None) -> Mention | None:
        """The head of a subject; where it is only a phrase or a noun, the name behind "is" or "comes"."""
        found = _head(words, before, skip)
        phrase = words[before[0]].text in function_words("aside_openers") and all(words[i].text != "," for i in before)
        linking = words[verb].text in function_words("be") | {"comes", "came", "sits", "stands"}
        if linking and (found is None or phrase):
            behind = [words[i].mention for i in range(verb + 1, min(verb + 5, len(words)))]
            named = next((m for m in behind if m and usable(m, skip) and m.type != EntityType.PLACE), None)
            return named or found
        return found

    def subject_words(self, passage: Passage, at: int) -> str:
        """The article's words of the subject of a clause; all of the clause where it has no verb."""
        clause, words = passage.clauses[at], passage.words
        verb = self.verb(passage, at)
        before = [i for i in clause.words if verb is None or i < _group_start(words, verb)]
        bare = _bare(words, before) if before else []
        return passage.text[words[bare[0]].span.start : words[bare[-1]].span.end] if bare else ""

    def subject_span(self, passage: Passage, at: Span) -> Span | None:
        """The stretch before the verb of the clause that a place belongs to."""
        words = passage.words
        for number, clause in enumerate(passage.clauses):
            if any(words[i].span.overlaps(at) for i in clause.words):
                verb = self.verb(passage, number)
                before = [i for i in clause.words if verb is not None and i < verb]
                return Span(words[before[0]].span.start, words[before[-1]].span.end) if before else None
        return None

    def topic(self, stretch: str, *, whole: bool = True) -> About | None:
        """A topic that a stretch names with a word such as "market" at its head, or (`whole`) that it is as a whole."""
        for match in _TOPIC.finditer(stretch):
            words = match[1].split()
            stops = function_words("left_off") | function_words("prepositions") | function_words("coordinators")
            start = max((n + 1 for n, word in enumerate(words) if word.casefold() in stops), default=0)
            if len(words) - start > 1:
                label = " ".join(words[start:])
                return About(self._concept(label), label)
        turned = _TOPIC_FOR.search(stretch)
        if turned is not None:
            listed = self._topics.get(turned[0].casefold())
            return About(listed or self._concept(f"{turned[2]} {turned[1]}"), turned[0])
        label = " ".join(w for w in stretch.split() if w.casefold() not in function_words("left_off"))
        concept = self._topics.get(label.casefold()) if whole else None
        return About(concept, label) if concept is not None else None

    def listed_topic(self, stretch: str) -> About | None:
        """The longest listed topic that a stretch names."""
        folded = stretch.casefold()
        found = [
            name for name in self._topics if name in folded and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", folded)
        ]
        best = max(found, key=lambda name: (len(name), name), default=None)
        return About(self._topics[best], best) if best is not None else None

    def minted(self, label: str) -> About:
        """A topic of that name, listed or of the article's own words."""
        return About(self._concept(label), label)

    def _concept(self, label: str) -> Concept:
        listed = self._topics.get(label.casefold())
        return listed or Concept(self._iris.thing("Topic", label), label, listed=False)


def usable(mention: Mention, skip: Span | None) -> bool:
    """False for events, and for the counted thing itself ("24,000 GH200 superchips")."""
    return mention.type != EntityType.EVENT and not (skip is not None and mention.span.overlaps(skip))


def _last(words: Sequence[Word], before: int, skip: Span | None) -> Mention | None:
    """The last mention before an index, that a relative pronoun stands for."""
    return next((m for i in range(before - 1, -1, -1) if (m := words[i].mention) and usable(m, skip)), None)


def _head(words: Sequence[Word], before: Sequence[int], skip: Span | None) -> Mention | None:
    """The head of a subject: the last of possessors, the first of an enumeration, no place where there is another."""
    kept = _bare(words, before)
    related = next((n for n in range(min(3, len(kept))) if words[kept[n]].text in _RELATIONAL), None)
    if related is not None and related + 1 < len(kept) and words[kept[related + 1]].text in ("of", "to", "for"):
        behind = [i for i in before if i > kept[-1]]
        return next((m for i in behind if (m := words[i].mention) and usable(m, skip)), None)
    if not any(words[i].mention for i in kept):
        kept = _apposition(words, before) or kept
    found: list[Mention] = []
    for n, i in enumerate(kept):
        mention = words[i].mention
        previous = words[kept[n - 1]].text if n else ""
        aside = bool(found) and previous in function_words("prepositions") - _NO_ASIDE
        joined = (
            bool(found) and mention is not None and previous in ("and", "or", "&") and found[-1].type == mention.type
        )
        if mention is not None and usable(mention, skip) and not aside and not joined:
            found.append(mention)
    things = [m for m in found if m.type != EntityType.PLACE]
    if not things:
        place = found[-1] if found else None
        return place if place is not None and place.span.end == words[kept[-1]].span.end else None
    return things[0] if things[-1].kind == MentionKind.PRONOUN else things[-1]


def _bare(words: Sequence[Word], before: Sequence[int]) -> list[int]:
    """The words of a subject without dateline, conjunction, opening phrase and apposition."""
    openers = function_words("coordinators") | function_words("adverbial_openers") | {",", ":", ";", "that", "(", ")"}
    kept = [i for i in _without_dateline(words, before) if words[i].text not in ('"', "—")]
    while kept and not words[kept[0]].named and words[kept[0]].text in openers - function_words("aside_openers"):
        kept = kept[1:]
    commas = [n for n, i in enumerate(kept) if words[i].text == ","]
    aside = bool(kept) and not words[kept[0]].named and words[kept[0]].text in function_words("aside_openers")
    if commas and aside:
        kept = kept[commas[-1] + 1 :] or kept[commas[0] + 1 :] or kept
        commas = [n for n, i in enumerate(kept) if words[i].text == ","]
    return kept[: commas[0]] or kept if commas else kept


def _apposition(words: Sequence[Word], before: Sequence[int]) -> list[int]:
    """The name in "The result, the Q7, [has]"."""
    commas = [n for n, i in enumerate(before) if words[i].text == ","]
    if len(commas) < 2 or words[before[0]].text in function_words("aside_openers"):
        return []
    inner = list(before[commas[0] + 1 : commas[1]])
    named = [i for i in inner if words[i].mention is not None]
    return inner if named and inner.index(named[0]) < 2 else []


def _without_dateline(words: Sequence[Word], before: Sequence[int]) -> list[int]:
    """Leave off "SANTA CLARA, Oct. 6, 2025 —"."""
    dash = next((n for n, i in enumerate(before) if words[i].text == "—"), None)
    first = words[before[0]].mention if before else None
    dateline = dash is not None and first is not None and first.type == EntityType.PLACE
    return list(before[dash + 1 :]) if dateline and dash is not None else list(before)


def _group_start(words: Sequence[Word], verb: int) -> int:
    """Where the verb group of a verb begins: over auxiliaries and adverbs."""
    group = function_words("auxiliaries") | load_cues().adverbs
    at = verb
    while at and words[at - 1].mention is None and words[at - 1].text in group:
        at -= 1
    return at
