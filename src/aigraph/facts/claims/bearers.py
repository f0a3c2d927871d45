"""What a figure is about, by syntax: whose revenue, which chip's memory, who raised the money.

From the figure the way leads up the tree: the noun that it measures and whose that is, then the subject of its clause,
then those of the clauses above.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from aigraph.facts.speech.cues import load_speakers
from aigraph.facts.words.trees import SUBJECTS, Tree, children, is_predicate, is_relative, own_subject, preposition
from aigraph.records import BODY, TECHNOLOGY, EntityType, Mention, Quantity, Span
from aigraph.vocab import AIG, UNIT

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token

_OWNING = frozenset({"of", "at", "for", "from", "in", "by", "on", "to", "with"})
_NOMINAL = frozenset(
    {"nmod", "nmod:poss", "nmod:unmarked", "appos", "compound", "amod", "nummod", "flat", "conj", "det", "dep"}
)
_LIKE = frozenset({"like", "than", "as", "versus", "against", "unlike", "instead", "including", "such"})
_DEPTH = 4
_NESTED = 2
CONTRIBUTING = frozenset(
    {"account", "bring", "come", "constitute", "contribute", "generate", "make", "provide", "represent", "stand",
     "supply"}
)  # fmt: skip
"""Verbs by which a part adds to a whole: "phones account for 30%"."""
UNITS = frozenset({"arm", "business", "division", "subsidiary", "unit"})
_HELD = frozenset({"holding", "interest", "investment", "stake"})
_OFFERS = frozenset({"bid", "offer", "proposal"})
_TOLD = frozenset({"ROOT", "ccomp", "conj", "parataxis"})
_POINTING = frozenset({"this", "that", "these", "those", "such", "both", "another", "each"})
_MODIFYING = frozenset({"nummod", "compound", "amod", "appos", "nmod:unmarked"})
RELATED = frozenset(
    {"alternative", "answer", "challenger", "competitor", "customer", "heir", "owner", "parent", "partner",
     "predecessor", "rival", "successor", "user"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bearer:
    """A mention that a figure may be about, and the way that led to it.

    `way` is "owner" (of the noun that is measured), "subject" (of the figure's clause, `above` of a clause that embeds
    it), or "object" (where the figure stands in the subject).
    """

    mention: Mention
    way: str


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a sentence: its tree, the figure, the words that metrics end in, and the verb of saying."""

    tree: Tree
    quantity: Quantity
    measures: frozenset[str]
    cue: Span | None = None

    @property
    def skip(self) -> Span | None:
        """The thing that is counted is not what the count is about."""
        return self.quantity.counted

    def measured(self, noun: Token) -> bool:
        """True for a noun that tells a metric: "revenue", "price"."""
        return noun.lower_ in self.measures or noun.lemma_ in self.measures


def bearers(question: Question) -> Iterator[Bearer]:
    """The mentions that a figure may be about, the likeliest first."""
    head = figure_head(question.tree, question.quantity)
    if head is None:
        return
    yield from _owners_on_the_way(question, head)
    yield from _enlarged(question, head)
    yield from _of_object(question, head)
    yield from _subjects(question, head)
    if question.tree.subject(question.tree.clause(head)) is None:
        yield from (Bearer(mention, "part") for mention in owners(question, head))


def figure_head(tree: Tree, quantity: Quantity) -> Token | None:
    """The token that a figure hangs on: its unit, or the noun that is counted ("64 cores", not "64 of X's cores")."""
    number = tree.head_of(quantity.span)
    if number is not None and number.dep_ == "nummod" and number.head.pos_ == "SYM":
        number = number.head
    noun = tree.head_of(quantity.noun) if quantity.noun is not None else None
    if noun is None or (number is not None and any(t.i == noun.i for t in number.children)):
        return number
    return noun


# --- the noun that the figure measures -------------------------------------------------------------------------


def _owners_on_the_way(question: Question, head: Token) -> Iterator[Bearer]:
    """Owners of the nouns that a figure hangs on: "X's revenue of $3 billion", "a backlog of $3 billion at X"."""
    token, tree = head, question.tree
    if question.quantity.noun is None or preposition(head) != "of":
        yield from (Bearer(mention, "owner") for mention in _possessors(question, head))
    for _ in range(_DEPTH):
        if token.head.i == token.i or is_predicate(token) or token.dep_ not in _NOMINAL:
            return
        came, token = token, token.head
        if is_predicate(token) and token.pos_ in ("VERB", "AUX"):
            return
        if came.dep_ == "conj":
            continue
        if token.lemma_ in agentive() or preposition(came) in _LIKE:
            return
        mention = tree.mention(token)
        linked = came.dep_ in _MODIFYING or preposition(came) in ("with", "of", "at")
        if mention is not None:
            if linked and usable(mention, question.skip):
                yield Bearer(mention, "owner")
            return
        if token.dep_ == "appos" and (named := tree.mention(token.head)) is not None and usable(named, question.skip):
            yield Bearer(named, "owner")
        if question.quantity.unit != AIG.Times:
            yield from (Bearer(mention, "owner") for mention in owners(question, token, without=came))


def _enlarged(question: Question, head: Token) -> Iterator[Bearer]:
    """What a share tells the growth of: "enlarges its Q7 capacity by 30%" is about the Q7."""
    if preposition(head) != "by" or is_predicate(head):
        return
    for thing in children(head.head, "obj"):
        for token in children(thing, "compound", "nmod"):
            mention = question.tree.mention(token)
            if mention is not None and mention.type in TECHNOLOGY:
                yield Bearer(mention, "owner")


def _of_object(question: Question, head: Token) -> Iterator[Bearer]:
    """Whose metric a verb puts at a figure: "cut the price of the Q7 to $900", but its own stake in somebody."""
    if preposition(head) not in ("at", "to", "by", "from") or is_predicate(head):
        return
    for thing in children(head.head, "obj"):
        if question.measured(thing) and thing.lemma_ not in _HELD:
            yield from (Bearer(mention, "owner") for mention in owners(question, thing))


def _possessors(question: Question, head: Token) -> Iterator[Mention]:
    """Who has the figure itself: "the chip's 64 cores", not "64 Orrin cores" or "30% of Orrin's orders"."""
    for token in children(head, "nmod:poss"):
        mention = question.tree.mention(token)
        if mention is not None and usable(mention, question.skip):
            yield mention


def owners(question: Question, noun: Token, *, without: Token | None = None, depth: int = 0) -> Iterator[Mention]:
    """Whose a noun is: possessor, compound, "of X", "at X", apposition; of a noun that belongs to another, that one's.

    A thing that is called by a technology ("its Q7 card") is that technology; a metric is its possessor's.
    """
    tree, called = question.tree, not question.measured(noun)

    def rank(token: Token) -> tuple[bool, bool, bool, int]:
        mention = tree.mention(token)
        technology = mention is not None and (mention.type in TECHNOLOGY or noun.lemma_ in UNITS)
        named = called and technology and token.dep_ in ("compound", "flat", "amod")
        return not (called and token.dep_ == "appos"), not named, token.dep_ != "nmod:poss", token.i

    for token in sorted(noun.children, key=rank):
        if (without is not None and token.i == without.i) or is_relative(token):
            continue
        if without is not None and noun.i < without.i < token.i and preposition(token) in ("of", "in", "with"):
            continue  # the figure's own: "dies with 144GB of HBM3E"
        offered = noun.lemma_ in _OFFERS and preposition(token) in ("by", "from")
        fits = token.dep_ in ("nmod:poss", "compound", "amod", "flat", "appos") or (
            token.dep_ == "nmod"
            and preposition(token) in _OWNING
            and token.i > noun.i
            and noun.lemma_ not in _HELD
            and not offered
        )
        if not fits:
            continue
        mention = tree.mention(token)
        if mention is not None:
            if usable(mention, question.skip):
                yield mention
        elif depth < _NESTED and token.pos_ in ("NOUN", "PROPN") and token.lemma_ not in agentive():
            yield from owners(question, token, depth=depth + 1)


def stakeholder(tree: Tree, quantity: Quantity, holding: frozenset[str], parting: frozenset[str]) -> Mention | None:
    """Who holds a stake by the verb over it; after a verb of parting with it who gets it. None where no verb tells."""
    head = figure_head(tree, quantity)
    if head is None:
        return None
    predicate = tree.clause(head)
    own = [t for t in head.head.children if t.dep_ == "nmod:poss"] if head.head.lemma_ in _HELD else []
    own = [(tree.subject(predicate) or t) if t.pos_ == "PRON" and tree.mention(t) is None else t for t in own]
    owner = next((m for t in own if (m := tree.mention(t)) is not None and m.type in BODY), None)
    if owner is not None and predicate.lemma_ in parting:
        return owner  # "sells its 20% stake": whoever gets it, it is told of whose it was
    if predicate.lemma_ in parting:
        takers = (t for t in children(predicate, "obl", "iobj") if preposition(t) in ("to", ""))
        return next((m for t in takers if (m := tree.mention(t)) is not None and m.type in BODY), None)
    if predicate.lemma_ not in holding:
        return None
    subject = tree.subject(predicate)
    mention = tree.mention(subject) if subject is not None else None
    if mention is None and predicate.dep_ in ("acl", "acl:relcl") and (subject is None or is_relative(subject)):
        mention = tree.mention(predicate.head)
    return mention if mention is not None and mention.type in BODY | {EntityType.PERSON} else None


# --- the subject of its clause ---------------------------------------------------------------------------------


def _subjects(question: Question, head: Token) -> Iterator[Bearer]:
    tree, skip = question.tree, question.skip
    predicate = tree.clause(head)
    for level in range(_DEPTH):
        if predicate.dep_ in ("acl", "acl:relcl"):
            mention = tree.mention(predicate.head)
            if mention is not None and usable(mention, skip) and own_subject(predicate) is None:
                yield Bearer(mention, "subject")
        subject = tree.subject(predicate)
        if subject is not None:
            if _holds(subject, head):
                for part in children(head, "nmod"):
                    yield from (Bearer(mention, "owner") for mention in _possessors(question, part))
                yield from (Bearer(mention, "object") for mention in _objects(question, predicate, head))
            else:
                said = question.cue is not None and _governor(subject, predicate, tree).overlaps(question.cue)
                way = "speaker" if said else "above" if level else "subject"
                yield from (Bearer(mention, way) for mention in of_phrase(question, subject))
            return
        if predicate.dep_ in ("ROOT", "ccomp", "parataxis") or predicate.head.i == predicate.i:
            return
        predicate = tree.clause(predicate.head)


def _governor(subject: Token, predicate: Token, tree: Tree) -> Span:
    """Where the verb stands whose subject a clause has, be it that of another clause."""
    return tree.span(subject.head if subject.dep_ in SUBJECTS else predicate)


def of_phrase(question: Question, head: Token) -> Iterator[Mention]:
    """What a noun phrase stands for: its own mention, else those that it belongs to."""
    mention = question.tree.mention(head)
    if mention is not None:
        if usable(mention, question.skip):
            yield mention
        return
    if head.pos_ == "PRON" or head.lemma_ in agentive():
        return
    yield from owners(question, head)


def _objects(question: Question, predicate: Token, head: Token) -> Iterator[Mention]:
    """What a clause goes on to name behind a figure in its subject: "90% of chips come from X"."""
    for token in children(predicate, "obj", "obl:agent", "obl", "nsubj", "xcomp"):
        if token.i > head.i and preposition(token) not in _LIKE:
            yield from (m for m in of_phrase(question, token) if m.type != EntityType.PERSON)
    mention = question.tree.mention(predicate)
    if mention is not None and predicate.pos_ in ("NOUN", "PROPN") and usable(mention, question.skip):
        yield mention


def _holds(subject: Token, head: Token) -> bool:
    """Does a figure stand in the subject itself?"""
    return subject.i == head.i or any(t.i == head.i for t in subject.subtree)


def usable(mention: Mention, skip: Span | None) -> bool:
    """False for events and places, and for the thing that is counted."""
    blocked = mention.type in (EntityType.EVENT, EntityType.PLACE)
    return not blocked and not (skip is not None and mention.span.overlaps(skip))


@cache
def agentive() -> frozenset[str]:
    """Nouns for somebody whom another name describes: "the maker of X" is not X."""
    nouns = load_speakers()
    return nouns.company | nouns.groups | nouns.roles | RELATED


def generic_subject(question: Question, spoken: frozenset[str]) -> str:
    """The words of a subject without a name: a kind of thing ("chips", "electrical links") or what an article is not
    about otherwise ("the substation"); of a metric what it is of ("sales of [optical engines]").

    `spoken` are nouns that stand for something named before ("the machine", "a single chip") unless bare ("machines").
    """
    head = figure_head(question.tree, question.quantity)
    subject = question.tree.subject(question.tree.clause(head)) if head is not None else None
    if subject is None or head is None or _holds(subject, head):
        return ""
    if question.tree.clause(head).lemma_ in CONTRIBUTING:
        return ""
    if question.measured(subject):
        told = children(subject, "nmod") if question.cue is not None and "/CCY_" in question.quantity.unit.value else ()
        return next((label for t in told if (label := _thing(question, t, spoken))), "")
    return _thing(question, subject, spoken)


def kind_told(question: Question) -> str:
    """The words of a kind of thing that a figure is told of, where somebody else knows that it is told of no name.

    That is what a share is "of" ("41% of large companies"), what the subject is measured of ("prices for households"),
    or the subject itself in the plural ("five suppliers share nine tenths").
    """
    tree, head = question.tree, figure_head(question.tree, question.quantity)
    if head is None:
        return ""
    subject = tree.subject(tree.clause(head))
    owned = children(head, "nmod") if question.quantity.unit == UNIT.PERCENT else []
    told = [t for t in owned if preposition(t) == "of"]
    if subject is not None and question.measured(subject) and not _holds(subject, head):
        told += [t for t in children(subject, "nmod") if preposition(t) in ("of", "for")]
    elif subject is not None and subject.tag_ == "NNS" and subject.lemma_ not in load_speakers().roles:
        told.append(subject)  # of "the founders, who own 38%" nothing is told but of their company
    for noun in told:
        if noun.pos_ == "NOUN" and tree.mention(noun) is None and not question.measured(noun):
            parts = [t.text for t in noun.children if t.i < noun.i and t.dep_ in ("amod", "compound")]
            return " ".join([*(part for part in parts[-2:] if part[:1].isalpha()), noun.text])
    return ""


def _thing(question: Question, noun: Token, spoken: frozenset[str]) -> str:
    """The words of a common noun with what stands before it; empty where it may stand for something named."""
    if (
        noun.pos_ != "NOUN"
        or noun.tag_ not in ("NN", "NNS")
        or question.tree.mention(noun) is not None
        or question.measured(noun)
    ):
        return ""
    before = [t for t in noun.children if t.i < noun.i]
    kind = noun.tag_ == "NNS" and {t.dep_ for t in before} & {"amod", "compound"} and noun.lemma_ not in RELATED
    if noun.lemma_ in UNITS or (not kind and (noun.lemma_ in agentive() or noun.lower_ in agentive())):
        return ""
    if any(question.tree.mention(t) for t in noun.subtree):
        return ""
    if any(t.dep_ in ("nmod:poss", "nummod") or (t.dep_ == "det" and t.lower_ in _POINTING) for t in before):
        return ""
    bare = noun.tag_ == "NNS" and not any(t.dep_ == "det" for t in before)
    if not bare and noun.lemma_ in spoken:
        return ""
    parts = [t.text for t in before if t.dep_ in ("amod", "compound")]
    return " ".join([*parts[-2:], noun.text])


def spoken_of(tree: Tree) -> list[Mention]:
    """What the main clauses of a sentence, and what is said in them, have for their subjects, in order of the text."""
    found: list[Mention] = []
    for token in tree.tokens:
        if token.dep_ not in ("nsubj", "nsubj:pass") or token.head.dep_ not in _TOLD:
            continue
        mention = tree.mention(token)
        if mention is None and token.pos_ in ("NOUN", "PROPN") and token.lemma_ not in agentive():
            owned = [t for t in token.children if t.dep_ in ("appos", "nmod:poss", "compound", "nmod")]
            owned.sort(key=lambda t: t.dep_ != "appos")
            mention = next((m for t in owned if (m := tree.mention(t)) is not None and usable(m, None)), None)
        if mention is not None and usable(mention, None):
            found.append(mention)
    return found


def described_subject(question: Question) -> bool:
    """Is the subject of a figure's clause a description without a name: "the maker of X", "the firm"?"""
    head = figure_head(question.tree, question.quantity)
    subject = question.tree.subject(question.tree.clause(head)) if head is not None else None
    if subject is None or head is None or _holds(subject, head) or question.tree.mention(subject) is not None:
        return False
    if question.quantity.unit == AIG.Times or subject.lemma_ in RELATED:
        return False
    return subject.pos_ == "NOUN" and subject.lemma_ in agentive() and any(t.dep_ == "det" for t in subject.children)


def names_speaker(tree: Tree, cue: Span, mention: Mention) -> bool:
    """Does a mention only tell whose the speaker is: "[the analyst] of Orrin says", where Orrin is not spoken of?"""
    verb = tree.head_of(cue)
    subject = own_subject(verb) if verb is not None else None
    if subject is None:
        return False
    if any(t.lemma_ in load_speakers().roles for t in subject.subtree) and any(
        t.dep_ == "nmod:poss" and tree.mention(t) is mention for t in subject.subtree
    ):
        return False  # "Orrin's chief executive puts the order book at $5 billion": that of Orrin
    within = [tree.span(token) for token in subject.subtree if token.i != subject.i]
    return tree.mention(subject) is not mention and any(span.overlaps(mention.span) for span in within)


def nobodys(tree: Tree, quantity: Quantity) -> bool:
    """Has a figure's clause a pronoun for its subject that is nobody's: "data centres use 6%; they used 2%"?"""
    head = figure_head(tree, quantity)
    subject = own_subject(tree.clause(head)) if head is not None else None
    return subject is not None and subject.lower_ in ("it", "they") and tree.mention(subject) is None
