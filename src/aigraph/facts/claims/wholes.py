"""Whose revenue a share is a share of, and which product a number of sold pieces is about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from aigraph.facts.claims.bearers import CONTRIBUTING, Question, figure_head
from aigraph.facts.words.trees import children, own_subject, preposition
from aigraph.records import BODY, Mention

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token


def earner(question: Question) -> Mention | None:
    """Who has the revenue of "55% of X's revenue came from phones", "X draws 55% of sales from phones".

    None where the sentence does not tell: "phones accounted for 55% of sales".
    """
    head = figure_head(question.tree, question.quantity)
    if head is None:
        return None
    for whole in _wholes(head):
        for token in children(whole, "nmod:poss"):
            mention = question.tree.mention(token)
            if mention is not None and mention.type in BODY:
                return mention
    predicate = question.tree.clause(head)
    subject = question.tree.subject(predicate)
    if subject is None or predicate.lemma_ in CONTRIBUTING or subject.i == head.i or head in set(subject.subtree):
        return None
    mention = question.tree.mention(subject)
    return mention if mention is not None and mention.type in BODY else None


def backing(question: Question, verbs: frozenset[str]) -> Mention | None:
    """Who backs the round that a figure measures: "Orrin led a round of $3 billion"."""
    head = figure_head(question.tree, question.quantity)
    if head is None:
        return None
    predicate = question.tree.clause(head)
    subject = question.tree.subject(predicate) if predicate.lemma_ in verbs else None
    mention = question.tree.mention(subject) if subject is not None else None
    if mention is None and subject is not None:
        mention = next((m for t in children(subject, "compound", "nmod:poss") if (m := question.tree.mention(t))), None)
    return mention if mention is not None and mention.type in BODY else None


def first_person(question: Question) -> bool:
    """Is a figure told of "us": the subject of its clause is "we" or "our …", or it is done to us?"""
    head = figure_head(question.tree, question.quantity)
    if head is None:
        return False
    predicate = question.tree.clause(head)
    subject = own_subject(predicate)
    if subject is not None and subject.lower_ == "we":
        return not children(predicate, "ccomp", "xcomp")
    things = [subject] if subject is not None and subject.i != head.i else []
    ours = any(t.lower_ == "our" for thing in things for t in thing.children)
    named = any(question.tree.mention(t) is not None for thing in things for t in (thing, *children(thing, "appos")))
    return (ours and not named) or any(t.lower_ == "us" for t in children(predicate, "obj", "iobj"))


def _wholes(head: Token) -> Iterator[Token]:
    """What a share is one of; the tree may hang it on the verb."""
    yield from (t for t in children(head, "nmod") if preposition(t) == "of")
    yield from (t for t in children(head.head, "obl", "nmod") if preposition(t) == "of" and t.i > head.i)
