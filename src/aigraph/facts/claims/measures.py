"""Where in a sentence a figure's metric stands, by syntax: the noun it measures, the verb it completes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from aigraph.facts.claims.bearers import agentive, figure_head
from aigraph.facts.words.grammar import function_words
from aigraph.facts.words.trees import Tree, children, is_predicate, preposition
from aigraph.records import EntityType, MentionKind, Quantity, Span

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token

_DEPTH = 4
_UP = frozenset({"nmod", "nmod:unmarked", "appos", "compound", "amod", "nummod", "conj", "acl", "dep"})
_PARTS = frozenset({"amod", "compound", "flat", "goeswith", "nmod:unmarked"})
_EMPTY = frozenset(
    {"amount", "average", "figure", "half", "high", "level", "low", "maximum", "minimum", "month", "number", "one",
     "part", "peak", "quarter", "rate", "record", "rest", "same", "sum", "thing", "time", "total", "value", "year",
     "day", "decade", "dollar", "euro", "franc", "hour", "krona", "pound", "rupee", "week", "won", "yen", "yuan"}
)  # fmt: skip
_BELOW = frozenset({"in", "of", "for"})
_WORDS = 4
_LINKED = -1.0
_FIRMS = frozenset({"company", "firm", "group", "start-up", "startup"})
_GOODS = frozenset({"cost", "retail", "sell", "start"})
"""Verbs that tell what is asked for a thing."""
_DOINGS = frozenset({"construction", "development", "inference", "job", "project", "query", "run", "test", "training"})
"""What has a cost and no price."""
_MAKING = frozenset({"assemble", "build", "fabricate", "make", "manufacture", "produce"})
_CHEAP = 1e5
"""Sums below which what a thing costs is its price, be it named or not."""
_TAKING_UP = frozenset({"it", "that", "them", "these", "they", "this", "those"})


@dataclass(frozen=True, slots=True)
class Anchor:
    """A phrase that may name what a figure measures; the lower `cost` the likelier. `label` is its words, if a noun.

    `role` is "worth" for what is worth the figure, "worth of a firm" where that is a company, "of" for the noun of
    "a fee of $3 billion", "cost of a good" for the verb of what is sold at it, "cost of making" for that of what is
    made at it, "company" for the verb that tells what a company gains or loses, else empty.
    """

    span: Span
    cost: float
    label: str = ""
    role: str = ""


def empty() -> frozenset[str]:
    """Nouns that name no metric: times, sums, currencies."""
    return _EMPTY


def anchors(tree: Tree, quantity: Quantity) -> tuple[Anchor, ...]:
    """The phrases that may name a figure's metric, likeliest first."""
    head = figure_head(tree, quantity)
    if head is None:
        return ()
    found = [*_worth(tree, head, quantity), *_below(tree, head, quantity), *_above(tree, head, quantity)]
    found += _of(tree, head, quantity)
    return tuple(sorted(found, key=lambda anchor: anchor.cost))


def noun_anchor(tree: Tree, place: Span, quantity: Quantity) -> Anchor | None:
    """The phrase of the word at a place, as a metric that is likelier than any by syntax; a verb is its word alone."""
    token = tree.head_of(place)
    if token is None or tree.span(token).overlaps(quantity.span):
        return None
    found = next(_noun(tree, token, _LINKED, quantity), None)
    return found or (Anchor(tree.span(token), _LINKED) if token.pos_ == "VERB" else None)


def _worth(tree: Tree, head: Token, quantity: Quantity) -> Iterator[Anchor]:
    """The noun of "systems worth $3 billion" and "the order is worth …"."""
    word = head.head
    valued = word.lower_ == "valued" and word.dep_ == "acl"
    if (word.lower_ != "worth" and not valued) or word.i == head.i:
        return
    noun = word.head if word.dep_ in ("acl", "amod", "nmod") else tree.subject(word)
    if noun is not None and not valued and _firm(tree, noun) and noun.i < head.i:
        yield Anchor(tree.span(word), -2.0, role="worth of a firm")
        return
    if noun is None or noun.pos_ not in ("NOUN", "PROPN") or noun.i > head.i:
        return
    label = _label(tree, noun, quantity) or ("" if valued else _kind(noun))
    if label:
        yield Anchor(tree.span(noun), -2.0, label, "worth")


def _firm(tree: Tree, noun: Token) -> bool:
    """Is a subject a company, by name, by pronoun or as "the firm"?"""
    mention = tree.mention(noun)
    return mention.type == EntityType.COMPANY if mention is not None else noun.lemma_ in _FIRMS


def _kind(noun: Token) -> str:
    """The common noun behind a name: "chips" of "Q7 chips"."""
    return noun.text if noun.pos_ == "NOUN" and noun.tag_ == "NNS" and noun.lemma_ not in agentive() else ""


def _of(tree: Tree, head: Token, quantity: Quantity) -> Iterator[Anchor]:
    """The noun of "an upfront fee of €48 million", and the verb of "Orrin lost 3%"."""
    noun = head.head
    if head.dep_ == "nmod" and preposition(head) == "of" and noun.pos_ == "NOUN" and tree.mention(noun) is None:
        whole = next(_noun(tree, noun, 0.0, quantity), None)
        behind = [t for t in children(noun, "flat") if t.i == noun.i + 1]  # "a Series D"
        if whole is not None and whole.label:
            end = max([whole.span.end, *(tree.span(t).end for t in behind)])
            label = " ".join([whole.label, *(t.text for t in behind)])
            yield replace(whole, span=Span(whole.span.start, end), label=label, role="of")
    verb = noun if head.dep_ in ("obj", "obl", "obl:unmarked", "advmod") else None
    subject = tree.subject(verb) if verb is not None and verb.pos_ == "VERB" else None
    mention = tree.mention(subject) if subject is not None else None
    if verb is None or mention is None or mention.type != EntityType.COMPANY:
        return
    others = [t for t in children(verb, "obj", "xcomp", "ccomp") if t.i != head.i]
    wholes = [t for t in children(head, "nmod") if preposition(t) in ("of", "in")]
    if not others and not wholes and (head.dep_ != "obl" or preposition(head) in ("", "by")):
        yield Anchor(tree.span(verb), 9.0, verb.lemma_, "company")


def _good(tree: Tree, subject: Token | None) -> bool:
    """Is what costs something a thing that is sold: a named technology, "a wafer", "each card"?"""
    if subject is None:
        return False
    mention = tree.mention(subject)
    if mention is not None:
        return mention.type in (EntityType.CHIP, EntityType.SYSTEM, EntityType.SOFTWARE, EntityType.AI_MODEL)
    return (
        any(t.lower_ in ("a", "an", "each", "every", "one", "single") for t in subject.children)
        and subject.pos_ == "NOUN"
    )


def _cheap(subject: Token | None, quantity: Quantity) -> bool:
    """Is a sum so small that what costs it is for sale: "the part costs €1.90", "power costs 4 cents"?"""
    named = subject is not None and subject.pos_ in ("NOUN", "PROPN")
    return subject is not None and named and quantity.value < _CHEAP and subject.lemma_ not in _DOINGS


def _made(verb: Token) -> bool:
    """Does a thing cost something to make rather than to buy: "costs $1,450 to make"?"""
    return bool(_purposes(verb))


def _purposes(verb: Token) -> list[Token]:
    """The infinitives behind a verb."""
    return [t for t in children(verb, "advcl", "ccomp", "csubj", "xcomp") if t.tag_ == "VB" and t.i > verb.i]


def _below(tree: Tree, head: Token, quantity: Quantity) -> Iterator[Anchor]:
    """ "$3 billion in revenue", "192GB of memory", "a $3 billion contract" where the tree has it so."""
    for part in children(head, "nmod", "compound", "nmod:unmarked"):
        if part.i > head.i and (preposition(part) in _BELOW or part.dep_ != "nmod"):
            yield from _noun(tree, part, 0.5, quantity)
    if head.pos_ == "NOUN" and not tree.span(head).overlaps(quantity.span):
        yield from _noun(tree, head, 0.0, quantity)


def _above(tree: Tree, head: Token, quantity: Quantity) -> Iterator[Anchor]:
    top, cost = head, 0.0
    for _ in range(_DEPTH):
        if top.head.i == top.i or is_predicate(top) or top.dep_ not in _UP:
            break
        if is_predicate(top.head) and top.head.pos_ in ("VERB", "AUX"):
            break
        joined = top.dep_ == "conj"
        top = top.head
        if not joined:
            yield from _noun(tree, top, cost, quantity)
            cost += 1.0
    predicate = tree.clause(top)
    verbal = predicate.pos_ in ("VERB", "AUX")
    subject = tree.subject(predicate)
    within = subject is not None and any(t.i == head.i for t in subject.subtree)
    objects = [t for t in children(predicate, "obj") if t.i != top.i]
    if verbal:
        if predicate.lemma_ == "cost" and any(t.lemma_ in _MAKING for t in _purposes(predicate)):
            yield Anchor(tree.span(predicate), -1.0, role="cost of making")
        if predicate.lemma_ in _GOODS and (_good(tree, subject) or _cheap(subject, quantity)) and not _made(predicate):
            yield Anchor(tree.span(predicate), -1.0, role="cost of a good")
        yield Anchor(tree.span(predicate), cost + (0.8 if top.dep_ in ("obj", "obl:unmarked") else 1.6))
    if not is_direct(top):
        for part in objects:
            yield from _noun(tree, part, cost + 0.6, quantity)
    if subject is not None and not within:
        yield from _noun(tree, subject, cost + (1.0 if not objects else 2.0), quantity)


def is_direct(token: Token) -> bool:
    """True for a direct object."""
    return token.dep_ in ("obj", "obl:unmarked")


def _noun(tree: Tree, noun: Token, cost: float, quantity: Quantity) -> Iterator[Anchor]:
    if noun.pos_ not in ("NOUN", "PROPN", "ADJ") or tree.span(noun).overlaps(quantity.span):
        return
    span = tree.span(noun)
    parts = [t for t in noun.children if t.dep_ in _PARTS and t.i < noun.i and not tree.span(t).overlaps(quantity.span)]
    behind = [t for t in children(noun, "nmod") if preposition(t) in ("of", "per", "for") and t.i == noun.i + 2]
    behind = [t for t in behind if not tree.span(t).overlaps(quantity.span) and t.pos_ != "SYM"]
    start = min([tree.span(t).start for t in parts] + [span.start])
    end = max([tree.span(t).end for t in behind] + [span.end])
    yield Anchor(Span(start, end), cost, _label(tree, noun, quantity))


def _label(tree: Tree, noun: Token, quantity: Quantity) -> str:
    """The words of a noun that may make up a metric of its own: no name, no person, nothing empty."""
    mention = tree.mention(noun)
    named = mention is not None and mention.kind == MentionKind.NAME
    bare = noun.lemma_ in _EMPTY and not (noun.lemma_ == "rate" and children(noun, "compound"))  # "error rate"
    if named or bare or noun.lemma_ in agentive() or noun.pos_ != "NOUN" or noun.lower_ in ("%", "percent"):
        return ""
    left = function_words("left_off")
    parts = [t for t in noun.children if t.dep_ in _PARTS and t.i < noun.i and t.lower_ not in left]
    parts = [t for t in parts if not tree.span(t).overlaps(quantity.span) and t.text[:1].isalpha()]
    return " ".join(t.text for t in [*parts[-(_WORDS - 1) :], noun])


def taken_up(tree: Tree, quantity: Quantity) -> bool:
    """Does a pronoun for what was said before have the figure: "it will be 20%", "puts them nearer to 50%"?"""
    head = figure_head(tree, quantity)
    if head is None:
        return False
    predicate = tree.clause(head)
    subject = tree.subject(predicate)
    pronoun = subject is not None and subject.i != head.i and subject.lower_ in _TAKING_UP
    return pronoun or any(token.lower_ in _TAKING_UP for token in children(predicate, "obj"))
