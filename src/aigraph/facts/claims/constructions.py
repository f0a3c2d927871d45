"""Constructions that leave no doubt what a figure is about: "21% for X", "an X with 64 chips", "X led the round"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aigraph.facts.claims.bearers import Question, stakeholder
from aigraph.facts.claims.holderwords import BODIES, MADE, HeldFigure, load_holder_words, money
from aigraph.facts.claims.metricwords import SIGNS, Tokens, load_metric_words
from aigraph.facts.claims.subjects import Passage, usable
from aigraph.facts.claims.wholes import backing, earner, first_person
from aigraph.facts.figures.units import TECHNICAL
from aigraph.facts.speech.cues import load_speakers
from aigraph.facts.words.grammar import function_words
from aigraph.facts.words.sentences import Word, owns
from aigraph.facts.words.trees import Tree
from aigraph.records import BODY, TECHNOLOGY, EntityType, Mention, Span
from aigraph.vocab import AIG, UNIT

_BUILT = frozenset({EntityType.CHIP, EntityType.SYSTEM})
_LEADING = frozenset({"chairs", "heads", "leads", "manages", "runs"})
_TARGET_REACH = 60
_EMPLOYER_REACH = 30
_APPOSITION = 9
_INTRODUCED = 90
"""Characters within which a person is introduced with a post and a body: "Ann Lee is chief executive of Orrin"."""


class Constructions:
    """Finds the holders of figures by special constructions."""

    def __init__(self) -> None:
        self._words = load_holder_words()

    def holder(self, figure: HeldFigure, tree: Tree | None) -> Mention | None:
        """Whom a figure is about without doubt; None where no construction tells."""
        told = self._beside(figure) or self._paid_for(figure) or self._equipped(figure) or self._bought(figure)
        told = told or self._staked(figure, tree) or self._shared(figure, tree) or self._round(figure, tree)
        return told or self._sold(figure) or self._own(figure, tree)

    def _beside(self, figure: HeldFigure) -> Mention | None:
        """ "21% for Micron"."""
        words, last = figure.passage.words, figure.last
        signed = figure.first > 1 and figure.passage.text[figure.quantity.span.start - 1] in SIGNS
        if signed and (named := words[figure.first - 2].mention) is not None and usable(named, None):
            return named  # "Orrin +4.1%"
        if figure.quantity.unit != UNIT.PERCENT or last + 2 >= len(words) or words[last + 1].text != "for":
            return None
        mention = words[last + 2].mention
        fits = mention is not None and usable(mention, None) and mention.type in BODIES | TECHNOLOGY
        return mention if fits else None

    def _paid_for(self, figure: HeldFigure) -> Mention | None:
        """What is paid for: "$2 billion for X", "X was built for $2 billion", "builds X for $2 billion"."""
        words, first, last = figure.passage.words, figure.first, figure.last
        if not money(figure.quantity.unit) and figure.quantity.unit != AIG.Times:
            return None
        spent = {words[i].text for i in range(max(0, first - 6), first) if words[i].mention is None}
        if last + 2 < len(words) and words[last + 1].text == "for" and spent & self._words.paid:
            target = words[last + 2].mention
            fits = target is not None and target.type in BODIES | {EntityType.SYSTEM} and not owns(words, last + 2)
            if fits:
                return target
        if not first or words[first - 1].text != "for" or not money(figure.quantity.unit):
            return None
        clause = figure.passage.clauses[figure.at]
        made = next((i for i in clause.words if words[i].mention is None and words[i].text in self._words.made), None)
        if made is None or made > first:
            return None
        if clause.opener.split()[-1:] in (["that"], ["which"]) and made > clause.words[1]:
            return next((m for i in range(clause.words[0] - 1, -1, -1) if (m := words[i].mention)), None)
        thing = words[made + 1].mention
        return thing if thing is not None and thing.type in TECHNOLOGY | BODIES else None

    def _equipped(self, figure: HeldFigure) -> Mention | None:
        """ "An X with 64 chips and 6TB of memory" is about X."""
        words = figure.passage.words
        for i in range(figure.first - 1, max(1, figure.first - 9), -1):
            if words[i].mention is None and words[i].text == "with":
                mention = words[i - 1].mention or _before_apposition(words, i)
                fits = mention is not None and usable(mention, None) and mention.type in MADE
                return mention if fits else None
            if words[i].mention is None and words[i].text in (";", ":", ".", "(", "which", "that"):
                break
        return None

    def _bought(self, figure: HeldFigure) -> Mention | None:
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

    def _staked(self, figure: HeldFigure, tree: Tree | None) -> Mention | None:
        """A stake is about who has it: "Orrin, in which Corvane holds 30%", "sold a fifth of Orrin to Corvane"."""
        if tree is None or figure.metric != "Stake":
            return None
        holder = stakeholder(tree, figure.quantity, self._words.holding, self._words.parting)
        return figure.passage.meant(holder) if holder is not None else None

    def _shared(self, figure: HeldFigure, tree: Tree | None) -> Mention | None:
        """A share of revenue is about whose revenue it is, not about what brings it in."""
        if tree is None or figure.metric != "RevenueShare" or figure.quantity.unit != UNIT.PERCENT:
            return None
        passage, story = figure.passage, figure.passage.story
        owner = earner(Question(tree, figure.quantity, self._words.measured))
        if owner is not None:
            return passage.meant(owner)
        if (story.dominated or story.titled) and story.company is not None:
            return story.company
        here = {word.mention.entity for word in passage.words if word.mention is not None}
        told = (passage.latest(BODIES), story.company)
        return next((m for m in told if m is not None and m.entity not in here), None)

    def _round(self, figure: HeldFigure, tree: Tree | None) -> Mention | None:
        """A round of funding is about who gets it, of whom the passage speaks, not about who leads or joins it."""
        if tree is None or figure.metric != "FundingRound":
            return None
        backer = backing(Question(tree, figure.quantity, self._words.measured), self._words.backing)
        return self.spoken_of(figure, backer) if backer is not None else None

    def _sold(self, figure: HeldFigure) -> Mention | None:
        """How many pieces are sold is about the product: "has sold 9 million of them", "sells 20,000 units a year"."""
        if figure.metric != "Shipments" or figure.quantity.unit != UNIT.NUM:
            return None
        noun = figure.quantity.noun
        if noun is not None and figure.passage.text[noun.start : noun.end] not in load_metric_words().pieces:
            return next((m for m in figure.passage.story.mentions if m.span.overlaps(noun)), None)
        return figure.passage.latest(MADE, here=True)

    def _own(self, figure: HeldFigure, tree: Tree | None) -> Mention | None:
        """What somebody tells of "us" and "our contract" is about the body that the speaker works for."""
        if tree is None or figure.said is None:
            return None
        persons = [m for m in figure.passage.story.mentions if m.entity == figure.said.claimant]
        if not persons or persons[0].type != EntityType.PERSON:
            return None
        if not first_person(Question(tree, figure.quantity, self._words.measured)):
            return None
        return self._works_for(figure.passage, persons)

    def _works_for(self, passage: Passage, persons: Sequence[Mention]) -> Mention | None:
        """The body that some mentions of a person introduce with a post; else the article's own."""
        found = (self.introduced(passage, person) for person in persons)
        return next((body for body in found if body is not None), None) or passage.story.company

    def introduced(self, passage: Passage, person: Mention) -> Mention | None:
        """The body beside a person with a post or a verb of leading: "Ann Lee, who runs Orrin"."""
        before = self.employer(passage, person)
        if before is not None:
            return before
        posts = load_speakers().roles | _LEADING
        for body in passage.story.mentions:
            between = passage.text[person.span.end : body.span.start]
            near = body.type in BODY and 0 < body.span.start - person.span.end < _INTRODUCED and "." not in between
            if near and set(re.findall(r"[a-z]+", between.casefold())) & posts:
                return body
        return None

    def employer(self, passage: Passage, person: Mention) -> Mention | None:
        """The company that is named right before a person: "OpenAI's CEO, Sam Altman"."""
        bodies = [m for m in passage.story.mentions if m.type in BODY]
        near = [m for m in bodies if 0 <= person.span.start - m.span.end < _EMPLOYER_REACH]
        return near[-1] if near else None

    def spoken_of(self, figure: HeldFigure, apart: Mention | None = None) -> Mention | None:
        """What the passage speaks of, where the clause has a description for its subject; `apart` is not meant."""
        passage, story = figure.passage, figure.passage.story
        types = MADE if figure.quantity.unit in TECHNICAL else BODIES
        found = passage.latest(types, without=apart.entity if apart is not None else None)
        main = story.product if figure.quantity.unit in TECHNICAL else story.company
        return found or (main if main is None or apart is None or main.entity != apart.entity else None)

    def memory(self, mention: Mention) -> bool:
        """Is a chip a memory by its name: "HBM3E", "LPDDR5X"?"""
        name = mention.form.casefold()
        return mention.type == EntityType.CHIP and name.startswith(self._words.memories)

    def around_memory(self, figure: HeldFigure, tree: Tree | None, memory: Mention) -> Mention:
        """The product that a memory is built into, unless it is the memory that a sentence or an article is about."""
        passage, story = figure.passage, figure.passage.story
        if figure.quantity.unit not in TECHNICAL or (story.product is not None and self.memory(story.product)):
            return memory
        token = tree.head_of(memory.span) if tree is not None else None
        if token is not None and token.dep_ == "nsubj":
            return memory
        if story.central and story.product is not None:
            return story.product
        start = memory.span.start
        before = [m for m in passage.story.mentions if passage.block.start <= m.span.start < start and m.type in _BUILT]
        named = [m for m in before if not self.memory(m)]
        told = [m for m in passage.subjects if m.type in _BUILT and not self.memory(m)]
        found = next(iter(reversed(told)), None) or next(iter(named), None) or story.product
        return found or memory


def _before_apposition(words: Sequence[Word], at: int) -> Mention | None:
    """The name that "a line of processors" stands behind: "X, a line of processors with 64 cores"."""
    for i in range(at - 1, max(1, at - _APPOSITION), -1):
        if words[i].mention is None and words[i].text == ",":
            opened = words[i + 1].text in function_words("determiners")
            return words[i - 1].mention if opened else None
        if words[i].mention is None and not words[i].solid:
            return None
    return None
