"""What a figure is about: who or what has the revenue, the cores, the share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from aigraph.facts.claims.bearers import (
    CONTRIBUTING,
    Question,
    bearers,
    described_subject,
    generic_subject,
    names_speaker,
    stakeholder,
)
from aigraph.facts.claims.linked import NOTHING, Linked
from aigraph.facts.claims.metrics import Metric
from aigraph.facts.claims.metricwords import Tokens
from aigraph.facts.claims.subjects import About, Passage, SubjectReader, usable
from aigraph.facts.claims.wholes import earner
from aigraph.facts.figures.units import TECHNICAL
from aigraph.facts.speech.cues import Phrase, compile_phrases
from aigraph.facts.speech.spoken import Attribution
from aigraph.facts.words.clauses import ClauseKind
from aigraph.facts.words.grammar import function_words
from aigraph.facts.words.sentences import Word, covered, owns
from aigraph.facts.words.trees import Tree
from aigraph.records import BODY, TECHNOLOGY, EntityType, Mention, Quantity, Span
from aigraph.resources import parse_yaml
from aigraph.vocab import AIG, UNIT

if TYPE_CHECKING:
    from spacy.tokens import Token

FILE = Path(__file__).with_name("holders.yaml")
_EITHER = frozenset({UNIT.W, UNIT.NUM, AIG.Times})
_BODIES = frozenset(BODY)
_MADE = TECHNOLOGY - {EntityType.SOFTWARE}
_TARGET_REACH = 60
_EMPLOYER_REACH = 30
_APPOSITION = 9


@dataclass(frozen=True, slots=True)
class _Words:
    things: Mapping[str, EntityType | None]
    gains: frozenset[str]
    prices: frozenset[str]
    bought: tuple[Phrase, ...]
    paid: frozenset[str]
    made: frozenset[str]
    measured: frozenset[str]
    holding: frozenset[str]
    spoken: frozenset[str]
    parting: frozenset[str]
    memories: tuple[str, ...]
    own: frozenset[str]


@cache
def _load() -> _Words:
    data = parse_yaml(FILE.read_text(encoding="utf-8"))
    things: dict[str, EntityType | None] = {
        word: EntityType(t) for t, words in data["things"].items() for word in words
    }
    things |= dict.fromkeys(data["anything"])
    bought = compile_phrases("bought", data["bought"])
    return _Words(
        things,
        frozenset(data["gains"]),
        frozenset(data["prices"]),
        bought,
        frozenset(data["paid"]),
        frozenset(data["made"]),
        frozenset(data["measured"]),
        frozenset(data["holding"]),
        frozenset({*things, *data["spoken"]}),
        frozenset(data["parting"]),
        tuple(data["memories"]),
        frozenset(data["own"]),
    )


@dataclass(frozen=True, slots=True)
class _Figure:
    """A figure in its passage: its clause, the index of its first and last word, who says it."""

    passage: Passage
    quantity: Quantity
    metric: str
    at: int
    first: int
    last: int
    said: Attribution | None

    def mentions(self, start: int, end: int) -> list[tuple[int, Mention]]:
        """The usable mentions of the clause between two indices of words."""
        words = self.passage.words
        inside = [i for i in self.passage.clauses[self.at].words if start <= i < end]
        return [(i, m) for i in inside if (m := words[i].mention) and usable(m, self.quantity.counted)]


class HolderReader:
    """Finds what figures and statements are about."""

    def __init__(self, subjects: SubjectReader) -> None:
        self._subjects = subjects
        self._words = _load()

    def about(
        self,
        passage: Passage,
        quantity: Quantity,
        metric: Metric | None,
        said: Attribution | None,
        *,
        tree: Tree | None = None,
        linked: Linked = NOTHING,
    ) -> About | None:
        """The entity or topic that a figure speaks of; None where the article has neither.

        `linked` is what the network takes it for; it goes behind constructions that leave no doubt, before all else.
        """
        inside = covered(passage.words, quantity.span)
        if not inside:
            return None
        at = next((n for n, clause in enumerate(passage.clauses) if inside[-1] in clause.words), 0)
        figure = _Figure(passage, quantity, metric.name if metric else "", at, inside[0], inside[-1], said)
        told = self._beside(figure) or self._paid_for(figure) or self._equipped(figure) or self._bought(figure)
        told = told or self._staked(figure, tree) or self._shared(figure, tree)
        by_link = self._linked(figure, linked) if told is None else None
        if isinstance(by_link, About):
            return by_link
        by_tree = self._by_tree(figure, tree) if told is None and by_link is None and tree is not None else None
        found: Mention | About | None = told or by_link or by_tree or self._held(figure)
        if isinstance(found, Mention) and self._memory(found):
            found = self._around_memory(figure, tree, found)
        if (
            isinstance(found, Mention)
            and tree is not None
            and said is not None
            and names_speaker(tree, said.cue, found)
        ):
            found = self._spoken_of(figure, found) or found
        return _about(passage, found) if isinstance(found, Mention) else found

    def content(self, passage: Passage, at: int, stretch: Span) -> About | None:
        """What a statement without a figure is about: its subject, a mention in it, a topic, or the passage."""
        subject = self._subjects.subject(passage, at)
        text = passage.text[stretch.start : stretch.end]
        inside = [m for m in passage.story.mentions if m.span in stretch and usable(m, None)]
        if subject is not None and subject.span.overlaps(stretch):
            inside = [subject]
        topic = None if inside else self._subjects.topic(text) or self._subjects.listed_topic(text)
        found = inside[0] if inside else passage.latest(_BODIES | TECHNOLOGY) or passage.story.company
        return topic or (_about(passage, found) if found else None)

    # --- by the network ------------------------------------------------------------------------------------

    def _linked(self, figure: _Figure, linked: Linked) -> Mention | About | None:
        """What the network takes a figure to be about; a kind of thing without a name makes a topic."""
        speaker = figure.said.claimant if figure.said is not None else None
        label = self._kind(figure, linked.noun) if linked.noun is not None else ""
        if label:
            return self._subjects.minted(label)
        if linked.mention is None or linked.mention.entity == speaker:
            return None
        if figure.quantity.unit in TECHNICAL and linked.mention.type in BODY:
            return self._by_subject(figure, linked.mention)
        return linked.about

    def _kind(self, figure: _Figure, noun: Token) -> str:
        """The words of a kind of thing, in the plural and without an article: "data centres", "Korean firms"."""
        technical = figure.quantity.unit in TECHNICAL
        if technical or figure.metric in self._words.own or noun.tag_ not in ("NNS", "NNPS"):
            return ""
        if noun.lower_ in self._words.measured or noun.lemma_ in self._words.measured:
            return ""
        before = [t for t in noun.children if t.i < noun.i]
        if any(t.dep_ in ("det", "nmod:poss", "case") for t in before) or noun.head.lemma_ in CONTRIBUTING:
            return ""
        parts = [t.text for t in before if t.dep_ in ("amod", "compound") and t.text[:1].isalpha()]
        return " ".join([*parts[-2:], noun.text]) if parts else ""

    # --- by the tree ---------------------------------------------------------------------------------------

    def _staked(self, figure: _Figure, tree: Tree | None) -> Mention | None:
        """A stake is about who has it: "Orrin, in which Corvane holds 30%", "sold a fifth of Orrin to Corvane"."""
        if tree is None or figure.metric != "Stake":
            return None
        holder = stakeholder(tree, figure.quantity, self._words.holding, self._words.parting)
        return figure.passage.meant(holder) if holder is not None else None

    def _by_tree(self, figure: _Figure, tree: Tree) -> Mention | About | None:
        """The first bearer by syntax that can have such a figure; None where it is the speaker, or nobody."""
        technical = figure.quantity.unit in TECHNICAL
        speaker = figure.said.claimant if figure.said is not None else None
        cue = figure.said.cue if figure.said is not None else None
        body: Mention | None = None
        question = Question(tree, figure.quantity, self._words.measured, cue)
        for bearer in bearers(question):
            mention = figure.passage.meant(bearer.mention)
            if mention.type == EntityType.PERSON:
                continue
            if bearer.way == "speaker" and mention.entity != speaker:
                return self._spoken_of(figure, mention)
            if bearer.way == "speaker" or (mention.entity == speaker and bearer.way != "owner"):
                break
            if not technical or mention.type not in BODY:
                return body and self._by_subject(figure, body) if bearer.way == "part" and technical else mention
            body = body or mention
        if body is not None:
            return self._by_subject(figure, body)
        if described_subject(question):
            return self._spoken_of(figure)
        label = generic_subject(question, self._words.spoken)
        return self._subjects.minted(label) if label else None

    def _spoken_of(self, figure: _Figure, apart: Mention | None = None) -> Mention | None:
        """What the passage speaks of, where the clause has a description for its subject; `apart` is not meant."""
        passage, story = figure.passage, figure.passage.story
        types = _MADE if figure.quantity.unit in TECHNICAL else _BODIES
        found = passage.latest(types, without=apart.entity if apart is not None else None)
        main = story.product if figure.quantity.unit in TECHNICAL else story.company
        return found or (main if main is None or apart is None or main.entity != apart.entity else None)

    def _shared(self, figure: _Figure, tree: Tree | None) -> Mention | None:
        """A share of revenue is about whose revenue it is, not about what brings it in."""
        if tree is None or figure.metric != "RevenueShare" or figure.quantity.unit != UNIT.PERCENT:
            return None
        passage, story = figure.passage, figure.passage.story
        owner = earner(Question(tree, figure.quantity, self._words.measured))
        if owner is not None:
            return passage.meant(owner)
        if story.dominated and story.company is not None:
            return story.company
        here = {word.mention.entity for word in passage.words if word.mention is not None}
        found = passage.latest(_BODIES)
        return found if found is not None and found.entity not in here else None

    def _memory(self, mention: Mention) -> bool:
        """Is a chip a memory by its name: "HBM3E", "LPDDR5X"?"""
        name = mention.form.casefold()
        return mention.type == EntityType.CHIP and name.startswith(self._words.memories)

    def _around_memory(self, figure: _Figure, tree: Tree | None, memory: Mention) -> Mention:
        """The product that a memory is built into, unless it is the memory that a sentence or an article is about."""
        passage, story = figure.passage, figure.passage.story
        if figure.quantity.unit not in TECHNICAL or (story.product is not None and self._memory(story.product)):
            return memory
        token = tree.head_of(memory.span) if tree is not None else None
        if token is not None and token.dep_ == "nsubj":
            return memory
        start = memory.span.start
        before = [m for m in passage.story.mentions if passage.block.start <= m.span.start < start and m.type in _MADE]
        named = [m for m in before if not self._memory(m)]
        told = [m for m in passage.subjects if m.type in _MADE and not self._memory(m)]
        found = next(iter(reversed(told)), None) or next(iter(named), None) or story.product
        return found or memory

    # --- by the subject ------------------------------------------------------------------------------------

    def _held(self, figure: _Figure) -> Mention | About | None:
        """By the subject of the figure's clause; else by its object, a topic, or what the passage speaks of."""
        passage = figure.passage
        subject = self._spoken(figure) or self._subjects.subject(passage, figure.at, skip=figure.quantity.counted)
        speaks = subject is not None and figure.said is not None and subject.entity == figure.said.claimant
        if subject is not None and not speaks and subject.type != EntityType.PERSON:
            product = self._described(figure) if self._owns_thing(figure, subject) else None
            return product or self._by_subject(figure, subject)
        shared = figure.quantity.unit == UNIT.PERCENT
        spoken_of = self._subjects.subject_words(passage, figure.at)
        topic = self._subjects.topic(spoken_of, whole=shared) if not speaks else None
        return topic or self._described(figure) or self._by_speaker(figure, subject, speaks=speaks)

    def _owns_thing(self, figure: _Figure, subject: Mention) -> bool:
        """ "The start-up's next processor needs 300 watts" is about the processor."""
        words = figure.passage.words
        index = next((i for i, word in enumerate(words) if word.mention is subject), None)
        physical = figure.quantity.unit in TECHNICAL | {UNIT.W} and subject.type in BODY
        return physical and index is not None and owns(words, index)

    def _by_subject(self, figure: _Figure, subject: Mention) -> Mention:
        """The subject itself; its product for a technical figure; what it enlarges."""
        before = figure.mentions(0, figure.first)
        words = figure.passage.words
        things = [(i, m) for i, m in before if m.type in TECHNOLOGY and m.span.start > subject.span.end]
        if figure.quantity.unit in TECHNICAL and subject.type in BODY:
            own = [m for i, m in things if not i or words[i - 1].text != "of"]
            return own[-1] if own else figure.passage.latest(_MADE) or figure.passage.story.product or subject
        by = figure.first > 0 and words[figure.first - 1].text == "by"
        return things[-1][1] if by and things else subject

    def _by_speaker(self, figure: _Figure, subject: Mention | None, *, speaks: bool) -> Mention | None:
        """Where the subject is the speaker or a person: its product, the company it speaks of, its employer."""
        passage = figure.passage
        if subject is None:
            return self._object(figure) or self._context(figure)
        technical = figure.quantity.unit in TECHNICAL and subject.type == EntityType.PERSON
        compared = figure.quantity.unit == AIG.Times and figure.said is not None and figure.said.kind != "forecast"
        made = (
            self._made_before(figure) or passage.latest(_MADE, here=True) or _own_product(passage, subject)
            if speaks and (figure.metric in self._words.gains or technical or compared)
            else None
        )
        valued = speaks and figure.said is not None and figure.said.kind == "valued"
        other = passage.latest(_BODIES, without=subject.entity) if valued else None
        person = subject.type == EntityType.PERSON
        employer = self._employer(passage, subject) if person else None
        promised = figure.said is None or figure.said.kind == "promise"
        return made or other or employer or (self._context(figure) if person and not promised else None) or subject

    def _made_before(self, figure: _Figure) -> Mention | None:
        """The technology that an earlier clause of the sentence has for its subject."""
        for at in range(figure.at - 1, -1, -1):
            subject = self._subjects.subject(figure.passage, at)
            if subject is not None and subject.type in _MADE:
                return subject
        return None

    def _spoken(self, figure: _Figure) -> Mention | None:
        """The first name of what is said where its speaker is the subject: "X expects Y to use …"."""
        said, passage = figure.said, figure.passage
        if said is None or not (said.clausal or said.kind in ("valued", "forecast")):
            return None
        clause = passage.clauses[figure.at].words
        if not any(passage.words[i].span.overlaps(said.cue) for i in clause):
            return None
        own = [m for _, m in figure.mentions(0, figure.first) if said.covers(m.span) and m.type != EntityType.PLACE]
        return own[0] if own else None

    # --- special constructions -----------------------------------------------------------------------------

    def _beside(self, figure: _Figure) -> Mention | None:
        """ "21% for Micron"."""
        words, last = figure.passage.words, figure.last
        if figure.quantity.unit != UNIT.PERCENT or last + 2 >= len(words) or words[last + 1].text != "for":
            return None
        mention = words[last + 2].mention
        fits = mention is not None and usable(mention, None) and mention.type in _BODIES | TECHNOLOGY
        return mention if fits else None

    def _equipped(self, figure: _Figure) -> Mention | None:
        """ "An X with 64 chips and 6TB of memory" is about X."""
        words = figure.passage.words
        for i in range(figure.first - 1, max(1, figure.first - 9), -1):
            if words[i].mention is None and words[i].text == "with":
                mention = words[i - 1].mention or _before_apposition(words, i)
                fits = mention is not None and usable(mention, None) and mention.type in _MADE
                return mention if fits else None
            if words[i].mention is None and words[i].text in (";", ":", ".", "(", "which", "that"):
                break
        return None

    def _paid_for(self, figure: _Figure) -> Mention | None:
        """What is paid for: "$2 billion for X", "X was built for $2 billion", "builds X for $2 billion"."""
        words, first, last = figure.passage.words, figure.first, figure.last
        if not _money(figure.quantity.unit) and figure.quantity.unit != AIG.Times:
            return None
        spent = {words[i].text for i in range(max(0, first - 6), first) if words[i].mention is None}
        if last + 2 < len(words) and words[last + 1].text == "for" and spent & self._words.paid:
            target = words[last + 2].mention
            fits = target is not None and target.type in _BODIES | {EntityType.SYSTEM} and not owns(words, last + 2)
            if fits:
                return target
        if not first or words[first - 1].text != "for" or not _money(figure.quantity.unit):
            return None
        clause = figure.passage.clauses[figure.at]
        made = next((i for i in clause.words if words[i].mention is None and words[i].text in self._words.made), None)
        if made is None or made > first:
            return None
        if clause.opener.split()[-1:] in (["that"], ["which"]) and made > clause.words[1]:
            return next((m for i in range(clause.words[0] - 1, -1, -1) if (m := words[i].mention)), None)
        thing = words[made + 1].mention
        return thing if thing is not None and thing.type in TECHNOLOGY | _BODIES else None

    def _bought(self, figure: _Figure) -> Mention | None:
        """The price of an acquisition is about its target, a valuation about what is valued."""
        passage, words = figure.passage, figure.passage.words
        valued = figure.said is not None and figure.said.kind == "valued"
        if figure.metric == "PurchasePrice" or (figure.metric in self._words.prices and valued):
            start, end = passage.block.start, words[-1].span.end
            bodies = [m for m in passage.story.mentions if start <= m.span.start < end and m.type in BODY]
            targets = [m for m in bodies if self._is_target(passage, m)]
            return targets[-1] if targets else None
        if figure.metric == "Valuation":
            near = range(figure.first - 1, max(0, figure.first - 5), -1)
            named = [(i, m) for i in near if (m := words[i].mention) and m.type in BODY]
            return next((m for i, m in named if any(w.text.startswith("valu") for w in words[i - 2 : i])), None)
        return None

    def _is_target(self, passage: Passage, mention: Mention) -> bool:
        """Does "acquires", "takeover of" or the like stand right before a mention?"""
        before = Span(max(passage.block.start, mention.span.start - _TARGET_REACH), mention.span.start)
        tokens = Tokens.of(passage.text, before).tokens
        for at in range(len(tokens)):
            ends = [end for p in self._words.bought if (end := p.ends(tokens, at)) is not None]
            rest = tokens[max(ends) :] if ends else ()
            barred = function_words("prepositions") | function_words("coordinators") | {",", ".", ";"}
            if ends and len(rest) <= 3 and not any(token.text in barred for token in rest):
                return True
        return False

    def _described(self, figure: _Figure) -> Mention | None:
        """The technology that "the machine" or "a single chip" before the figure stands for."""
        words, things = figure.passage.words, self._words.things
        prepositions = function_words("prepositions")
        own = figure.passage.clauses[figure.at]
        head = (own.words[0] - 1,) if own.kind == ClauseKind.RELATIVE and own.words[0] else ()
        for i in (*head, *own.words):
            word = words[i]
            if i >= figure.first or word.mention is not None or word.text not in things:
                continue
            following = words[i + 1] if i + 1 < len(words) else None
            compound = i not in head and following is not None and not self._subjects.closes(figure.passage, i + 1)
            spoken = figure.said is None or figure.said.covers(word.span)
            if compound or not spoken or (i and i not in head and words[i - 1].text in prepositions):
                continue
            wanted = things[word.text]
            here = [m for j in range(i) if (m := words[j].mention) and m.type == wanted and usable(m, None)]
            exact = here[-1] if here else figure.passage.latest(frozenset({wanted})) if wanted else None
            return exact or figure.passage.latest(_MADE) or figure.passage.story.product
        return None

    def _employer(self, passage: Passage, person: Mention) -> Mention | None:
        """The company that is named right before a person: "OpenAI's CEO, Sam Altman"."""
        bodies = [m for m in passage.story.mentions if m.type in BODY]
        near = [m for m in bodies if 0 <= person.span.start - m.span.end < _EMPLOYER_REACH]
        return near[-1] if near else None

    def _object(self, figure: _Figure) -> Mention | None:
        """For a figure in the subject, what its clause goes on to name: "90% of chips come from X"."""
        words = figure.passage.words
        clause = figure.passage.clauses[figure.at].words
        verb = self._subjects.verb(figure.passage, figure.at)
        owned = any(i < (verb or 0) and words[i].text in function_words("possessives") for i in clause)
        if verb is None or figure.first >= verb or owned:
            return None
        speaker = figure.said.claimant if figure.said else None
        behind = [(i, m) for i, m in figure.mentions(figure.last + 1, len(words)) if m.entity != speaker]
        behind = [(i, m) for i, m in behind if m.type not in (EntityType.PLACE, EntityType.PERSON)]
        heads = [
            m for n, (i, m) in enumerate(behind) if not (owns(words, i) and any(j - i < 7 for j, _ in behind[n + 1 :]))
        ]
        return heads[0] if heads else None

    def _context(self, figure: _Figure) -> Mention | None:
        """What the passage speaks of, by what can have such a figure."""
        passage, story, unit = figure.passage, figure.passage.story, figure.quantity.unit
        types = _MADE if unit in TECHNICAL else _BODIES | TECHNOLOGY if unit in _EITHER else _BODIES
        said = figure.said
        for at in range(figure.at - 1, -1, -1):
            words = [passage.words[i] for i in passage.clauses[at].words]
            if said is not None and any(word.span.overlaps(said.cue) for word in words):
                continue
            subject = self._subjects.subject(passage, at, skip=figure.quantity.counted)
            if subject is not None and subject.type in types:
                return subject
        main = story.product if unit in TECHNICAL else story.company or story.product
        return passage.latest(types) or main


def _own_product(passage: Passage, company: Mention) -> Mention | None:
    """The main product of an article for the company that the article is about."""
    main = passage.story.company
    return passage.story.product if main is not None and main.entity == company.entity else None


def _money(unit: NamedNode) -> bool:
    return "/CCY_" in unit.value


def _before_apposition(words: Sequence[Word], at: int) -> Mention | None:
    """The name that "a line of processors" stands behind: "X, a line of processors with 64 cores"."""
    for i in range(at - 1, max(1, at - _APPOSITION), -1):
        if words[i].mention is None and words[i].text == ",":
            opened = words[i + 1].text in function_words("determiners")
            return words[i - 1].mention if opened else None
        if words[i].mention is None and not words[i].solid:
            return None
    return None


def _about(passage: Passage, mention: Mention) -> About:
    return About(mention.entity, passage.text[mention.span.start : mention.span.end])
