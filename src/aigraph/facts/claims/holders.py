"""What a figure is about: who or what has the revenue, the cores, the share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from aigraph.facts.claims.bearers import (
    CONTRIBUTING,
    RELATED,
    UNITS,
    Question,
    agentive,
    bearers,
    described_subject,
    generic_subject,
    names_speaker,
)
from aigraph.facts.claims.catalogue import Metric
from aigraph.facts.claims.constructions import Constructions
from aigraph.facts.claims.holderwords import BODIES, MADE, HeldFigure, load_holder_words
from aigraph.facts.claims.linked import NOTHING, Linked
from aigraph.facts.claims.subjects import About, Passage, SubjectReader, usable
from aigraph.facts.figures.units import TECHNICAL
from aigraph.facts.speech.spoken import Attribution
from aigraph.facts.words.clauses import ClauseKind
from aigraph.facts.words.grammar import function_words
from aigraph.facts.words.sentences import Word, covered, owns
from aigraph.facts.words.trees import Tree
from aigraph.records import BODY, TECHNOLOGY, EntityType, Mention, Quantity, Span
from aigraph.vocab import AIG, UNIT

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token

_EITHER = frozenset({UNIT.W, UNIT.NUM, AIG.Times})
_VIEWS = frozenset({"forecast", "opinion", "valued"})
_NOUN = re.compile(r"[A-Za-z][a-z]{3,}")
_POINTING = frozenset(
    {"anybody", "anyone", "anything", "customers", "each", "either", "everybody", "everyone", "everything",
     "investors", "many", "most", "neither", "nobody", "none", "nothing", "others", "ours", "people", "somebody",
     "someone", "something", "such", "that", "their", "theirs", "them", "there", "these", "they", "this", "those",
     "what", "which", "yours"}
)  # fmt: skip
"""Words that speak of nothing in themselves, or of those whom the firm of the article has to do with."""


class HolderReader:
    """Finds what figures and statements are about."""

    def __init__(self, subjects: SubjectReader) -> None:
        self._subjects = subjects
        self._words = load_holder_words()
        self._constructions = Constructions()

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
        figure = HeldFigure(passage, quantity, metric.name if metric else "", at, inside[0], inside[-1], said)
        told = self._constructions.holder(figure, tree)
        by_link = self._linked(figure, linked) if told is None else None
        if isinstance(by_link, About):
            return by_link
        by_tree = self._by_tree(figure, tree) if told is None and by_link is None and tree is not None else None
        found: Mention | About | None = told or by_link or by_tree or self._held(figure)
        if isinstance(found, Mention) and self._constructions.memory(found):
            found = self._constructions.around_memory(figure, tree, found)
        if isinstance(found, Mention) and found.type in BODY and figure.technical(self._words.parts):
            main = passage.story.company
            own = said is None or found.entity != said.claimant or (main is not None and main.entity == found.entity)
            found = self._by_subject(figure, found) if passage.story.central and own else found
        if (
            isinstance(found, Mention)
            and tree is not None
            and said is not None
            and names_speaker(tree, said.cue, found)
        ):
            found = self._constructions.spoken_of(figure, found) or found
        if isinstance(found, Mention) and self._outside(figure, found):
            found = self._constructions.spoken_of(figure, found) or found
        return _about(passage, found) if isinstance(found, Mention) else found

    def _outside(self, figure: HeldFigure, mention: Mention) -> bool:
        """Is somebody named only for saying something: "Orrin Research believes that it will win 5%"?"""
        said = figure.said
        if said is None or said.claimant != mention.entity or mention.type not in BODY:
            return False
        return said.clausal and said.kind in _VIEWS and figure.passage.story.in_passing(mention)

    def content(self, passage: Passage, at: int, stretch: Span) -> About | None:
        """What a statement without a figure is about: its subject, a mention in it, a topic, or the passage."""
        subject = self._subjects.subject(passage, at)
        text = passage.text[stretch.start : stretch.end]
        inside = [m for m in passage.story.mentions if m.span in stretch and usable(m, None)]
        if subject is not None and subject.span.overlaps(stretch):
            inside = [subject]
        topic = None if inside else self._subjects.topic(text) or self._subjects.listed_topic(text)
        found = inside[0] if inside else passage.latest(BODIES | TECHNOLOGY)
        if found is None and topic is None:
            topic = self._own_subject(passage, at)
        found = found or passage.story.company
        return topic or (_about(passage, found) if found else None)

    def _own_subject(self, passage: Passage, at: int) -> About | None:
        """The one noun that a statement speaks of, in an article of several firms: "Reliability is solved on paper".

        Elsewhere what is said without a name is said of the firm that the article is about.
        """
        if passage.story.dominated or passage.story.titled or self._subjects.verb(passage, at) is None:
            return None
        label = self._subjects.subject_words(passage, at)
        return self._subjects.minted(label) if _NOUN.fullmatch(label) and label.casefold() not in _POINTING else None

    # --- by the network ------------------------------------------------------------------------------------

    def _linked(self, figure: HeldFigure, linked: Linked) -> Mention | About | None:
        """What the network takes a figure to be about; a kind of thing without a name makes a topic."""
        speaker = figure.said.claimant if figure.said is not None else None
        label = self._kind(figure, linked.noun) if linked.noun is not None else ""
        if label:
            return self._subjects.minted(label)
        if linked.noun is not None and (known := self._known(figure, linked.noun)) is not None:
            return known
        if linked.noun is not None and (thing := self._thing(figure, linked.noun)) is not None:
            return thing
        if linked.mention is None or linked.mention.entity == speaker:
            return None
        if figure.quantity.unit in TECHNICAL and linked.mention.type in BODY:
            return self._by_subject(figure, linked.mention)
        return linked.mention if self._constructions.memory(linked.mention) else linked.about

    def _known(self, figure: HeldFigure, noun: Token) -> Mention | None:
        """Whom "the unit" or "the maker of X" stands for: the company last spoken of in the passage."""
        if noun.lemma_ not in agentive() | UNITS or noun.lemma_ in RELATED or noun.tag_ != "NN":
            return None
        if figure.quantity.unit in TECHNICAL or not any(t.lower_ == "the" for t in noun.children):
            return None
        here = {word.mention.entity for word in figure.passage.words if word.mention is not None}
        told = [m for m in figure.passage.subjects if m.type in BODIES and m.entity not in here]
        return told[-1] if told else None

    def _thing(self, figure: HeldFigure, noun: Token) -> Mention | None:
        """What "the processor" stands for: what the passage last named of that kind, else the article's product."""
        if noun.tag_ != "NN" or noun.lemma_ not in self._words.things:
            return None
        if not any(t.lower_ in ("the", "each", "every") for t in noun.children):
            return None
        wanted, story = self._words.things[noun.lemma_], figure.passage.story
        types = MADE if wanted is None else frozenset({wanted})
        near = figure.passage.latest(types, here=True)
        main = story.product
        fits = main is not None and main.type in types
        return near or (main if fits else None)

    def _kind(self, figure: HeldFigure, noun: Token) -> str:
        """The words of a kind of thing, in the plural and without an article: "data centres", "Korean firms"."""
        technical = figure.quantity.unit in TECHNICAL
        if noun.pos_ == "PROPN" and noun.text.isupper() and noun.head.lower_ in self._words.measured and not technical:
            return noun.text
        if technical or figure.metric in self._words.own or noun.tag_ not in ("NNS", "NNPS"):
            return ""
        if noun.lower_ in self._words.measured or noun.lemma_ in self._words.measured:
            return ""
        before = [t for t in noun.children if t.i < noun.i]
        if any(t.dep_ in ("det", "nmod:poss") for t in before) or noun.head.lemma_ in CONTRIBUTING:
            return ""
        measured = noun.head.lower_ in self._words.measured and figure.said is not None
        if any(t.dep_ == "case" for t in before) and not measured:
            return ""
        parts = [t.text for t in before if t.dep_ in ("amod", "compound") and t.text[:1].isalpha()]
        return " ".join([*parts[-2:], noun.text]) if parts else ""

    # --- by the tree ---------------------------------------------------------------------------------------

    def _by_tree(self, figure: HeldFigure, tree: Tree) -> Mention | About | None:
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
                return self._constructions.spoken_of(figure, mention)
            if bearer.way == "speaker" or (mention.entity == speaker and bearer.way != "owner"):
                break
            if not technical or mention.type not in BODY:
                return body and self._by_subject(figure, body) if bearer.way == "part" and technical else mention
            body = body or mention
        if body is not None:
            return self._by_subject(figure, body)
        if described_subject(question):
            return self._constructions.spoken_of(figure)
        label = generic_subject(question, self._words.spoken)
        return self._subjects.minted(label) if label else None

    # --- by the subject ------------------------------------------------------------------------------------

    def _held(self, figure: HeldFigure) -> Mention | About | None:
        """By the subject of the figure's clause; else by its object, a topic, or what the passage speaks of."""
        passage = figure.passage
        subject = self._spoken(figure) or self._subjects.subject(passage, figure.at, skip=figure.quantity.counted)
        if subject is not None and subject.type == EntityType.PLACE and _placed(passage.words, subject):
            subject = None
        speaks = subject is not None and figure.said is not None and subject.entity == figure.said.claimant
        if subject is not None and not speaks and subject.type != EntityType.PERSON:
            product = self._described(figure) if self._owns_thing(figure, subject) else None
            return product or self._by_subject(figure, subject)
        shared = figure.quantity.unit == UNIT.PERCENT
        spoken_of = self._subjects.subject_words(passage, figure.at)
        topic = self._subjects.topic(spoken_of, whole=shared) if not speaks else None
        return topic or self._described(figure) or self._by_speaker(figure, subject, speaks=speaks)

    def _owns_thing(self, figure: HeldFigure, subject: Mention) -> bool:
        """ "The start-up's next processor needs 300 watts" is about the processor."""
        words = figure.passage.words
        index = next((i for i, word in enumerate(words) if word.mention is subject), None)
        physical = figure.quantity.unit in TECHNICAL | {UNIT.W} and subject.type in BODY
        return physical and index is not None and owns(words, index)

    def _by_subject(self, figure: HeldFigure, subject: Mention) -> Mention:
        """The subject itself; its product for a technical figure; what it enlarges."""
        before = figure.mentions(0, figure.first)
        words = figure.passage.words
        things = [(i, m) for i, m in before if m.type in TECHNOLOGY and m.span.start > subject.span.end]
        if figure.quantity.unit in TECHNICAL and subject.type in BODY:
            own = [m for i, m in things if not i or words[i - 1].text != "of"]
            return own[-1] if own else figure.passage.latest(MADE) or figure.passage.story.product or subject
        by = figure.first > 0 and words[figure.first - 1].text == "by"
        return things[-1][1] if by and things else subject

    def _by_speaker(self, figure: HeldFigure, subject: Mention | None, *, speaks: bool) -> Mention | None:
        """Where the subject is the speaker or a person: its product, the company it speaks of, its employer."""
        passage = figure.passage
        if subject is None:
            return self._object(figure) or self._context(figure)
        technical = figure.quantity.unit in TECHNICAL and subject.type == EntityType.PERSON
        compared = figure.quantity.unit == AIG.Times and figure.said is not None and figure.said.kind != "forecast"
        made = (
            self._made_before(figure) or passage.latest(MADE, here=True) or _own_product(passage, subject)
            if speaks and (figure.metric in self._words.gains or technical or compared)
            else None
        )
        valued = speaks and figure.said is not None and figure.said.kind == "valued"
        other = passage.latest(BODIES, without=subject.entity) if valued else None
        person = subject.type == EntityType.PERSON
        employer = self._constructions.introduced(passage, subject) if person else None
        promised = figure.said is None or figure.said.kind == "promise"
        return made or other or employer or (self._context(figure) if person and not promised else None) or subject

    def _made_before(self, figure: HeldFigure) -> Mention | None:
        """The technology that an earlier clause of the sentence has for its subject."""
        for at in range(figure.at - 1, -1, -1):
            subject = self._subjects.subject(figure.passage, at)
            if subject is not None and subject.type in MADE:
                return subject
        return None

    def _spoken(self, figure: HeldFigure) -> Mention | None:
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

    def _described(self, figure: HeldFigure) -> Mention | None:
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
            return exact or figure.passage.latest(MADE) or figure.passage.story.product
        return None

    def _object(self, figure: HeldFigure) -> Mention | None:
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

    def _context(self, figure: HeldFigure) -> Mention | None:
        """What the passage speaks of, by what can have such a figure."""
        passage, story, unit = figure.passage, figure.passage.story, figure.quantity.unit
        types = MADE if unit in TECHNICAL else BODIES | TECHNOLOGY if unit in _EITHER else BODIES
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


def _placed(words: Sequence[Word], place: Mention) -> bool:
    """Does a place only tell where something is: "the hall in Tallinn", not "Brussels" for who sits there?"""
    at = next((i for i, word in enumerate(words) if word.mention is place), 0)
    return at > 0 and words[at - 1].text in function_words("prepositions")


def _about(passage: Passage, mention: Mention) -> About:
    return About(mention.entity, passage.text[mention.span.start : mention.span.end])
