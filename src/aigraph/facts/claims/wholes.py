"""Whose revenue a share is a share of, and which product a number of sold pieces is about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from aigraph.facts.claims.bearers import CONTRIBUTING, Question, figure_head
from aigraph.facts.words.trees import children, preposition
from aigraph.records import BODY, Mention

if TYPE_CHECKING:
    from spacy.tokens import Token


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


def _wholes(head: Token) -> Iterator[Token]:
    """What a share is one of; the tree may hang it on the verb."""
    yield from (t for t in children(head, "nmod") if preposition(t) == "of")
    yield from (t for t in children(head.head, "obl", "nmod") if preposition(t) == "of" and t.i > head.i)
