"""A sentence as a dependency tree (Universal Dependencies), with the mentions that stand in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from aigraph.facts.words.sentences import These, within
from aigraph.facts.words.tokens import Token, tokens_of
from aigraph.records import Mention, MentionKind, ReadBlock, Sentence, Span

if TYPE_CHECKING:
    from spacy.tokens import Doc

SUBJECTS = frozenset({"nsubj", "nsubj:pass", "csubj", "csubj:pass"})
NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "SYM"})
_CLAUSAL = frozenset({"acl", "acl:relcl", "advcl", "advcl:relcl", "ccomp", "csubj", "csubj:pass", "parataxis", "xcomp"})
_PREDICATE = SUBJECTS | {"aux", "aux:pass", "cop", "expl"}
_NO_CLAUSE = frozenset({"amod", "case", "compound", "fixed", "flat", "advmod", "det", "mark"})
_RELATIVES = frozenset({"which", "who", "that", "whom"})
_STEPS = 40
"""Longer ways up a tree do not occur in sane sentences."""


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """The tree of one sentence; tokens are those of its block's Doc, `offset` is where the block begins."""

    tokens: tuple[Token, ...]
    offset: int
    mentions: tuple[Mention, ...]
    _spans: Mapping[int, Span]
    _mentioned: Mapping[int, Mention]

    @staticmethod
    def of(block: ReadBlock, sentence: Sentence, mentions: Sequence[Mention]) -> Tree | None:
        """The tree of a sentence, with those of the mentions that stand in it; None where it was not parsed.

        Many ask for the trees of the same sentences one after the other: the last ones are kept.
        """
        inside = These(tuple(within(mentions, sentence.span)))
        return _tree(block.doc, block.block.span.start, sentence.first, sentence.last, inside)

    # --- places --------------------------------------------------------------------------------------------

    def span(self, token: Token) -> Span:
        """Where a token stands in the article."""
        known = self._spans.get(token.i)
        return known if known is not None else span_of(token, self.offset)

    def stretches(self, tokens: Iterable[Token]) -> tuple[Span, ...]:
        """The stretches of the article that tokens make up, neighbours joined."""
        spans: list[Span] = []
        last = -2
        for token in sorted(set(tokens), key=lambda t: t.i):
            span = self.span(token)
            if token.i == last + 1:
                spans[-1] = Span(spans[-1].start, span.end)
            else:
                spans.append(span)
            last = token.i
        return tuple(spans)

    def within(self, span: Span) -> list[Token]:
        """The tokens that a stretch of the article covers, in part at least."""
        start, end, spans = span.start, span.end, self._spans
        return [token for token in self.tokens if spans[token.i].start < end and start < spans[token.i].end]

    def head_of(self, span: Span) -> Token | None:
        """The token of a stretch on which its others hang; the last of several, for what opens it is a modifier."""
        inside = self.within(span)
        numbers = {token.i for token in inside}
        heads = [token for token in inside if token.head.i not in numbers or token.head.i == token.i]
        nominal = [token for token in heads if token.pos_ in NOMINAL]
        best = nominal or heads
        return best[-1] if best else None

    def mention(self, token: Token) -> Mention | None:
        """The mention that a token belongs to."""
        if token.i in self._spans:
            return self._mentioned.get(token.i)
        span = self.span(token)
        return next((m for m in self.mentions if m.span.overlaps(span)), None)

    def named(self, token: Token) -> bool:
        """True for a word of a name or nominal, which is no cue."""
        mention = self.mention(token)
        return mention is not None and mention.kind != MentionKind.PRONOUN

    # --- the way up ----------------------------------------------------------------------------------------

    def clause(self, token: Token) -> Token:
        """The predicate of the innermost clause that a token belongs to, the token itself where it is one."""
        for _ in range(_STEPS):
            if is_predicate(token) or token.head.i == token.i:
                break
            token = token.head
        return token

    def subject(self, predicate: Token) -> Token | None:
        """The head of what a predicate is said of: its own subject, or the one that it shares with another clause."""
        for _ in range(_STEPS):
            own = own_subject(predicate)
            if own is not None:
                return antecedent(own, predicate)
            above, dep = predicate.head, predicate.dep_
            if above.i == predicate.i:
                return None
            if (found := _borne(predicate)) is not None:
                return found
            if dep not in _CLAUSAL and dep not in ("conj", "dep"):
                return None
            predicate = self.clause(above)
        return None


def span_of(token: Token, offset: int) -> Span:
    """Where a token stands in the article, by where its block begins."""
    start = offset + token.idx
    return Span(start, start + len(token.text))


@lru_cache(maxsize=256)
def _tree(doc: Doc, offset: int, first: int, end: int, these: These) -> Tree | None:
    tokens = tuple(token for token in tokens_of(doc)[first:end] if not token.is_space)
    if not any(token.dep_ for token in tokens):
        return None
    spans = {token.i: span_of(token, offset) for token in tokens}
    mentioned: dict[int, Mention] = {}
    inside, number = these.mentions, 0
    for token in tokens:
        span = spans[token.i]
        while number < len(inside) and inside[number].span.end <= span.start:
            number += 1
        if number < len(inside) and inside[number].span.overlaps(span):
            mentioned[token.i] = inside[number]
    return Tree(tokens, offset, these.mentions, spans, mentioned)


def _borne(predicate: Token) -> Token | None:
    """The noun that a participle, a relative clause or an infinitive without a subject is said of."""
    above, dep = predicate.head, predicate.dep_
    if dep == "acl" and above.pos_ in NOMINAL and predicate.tag_ != "VB":
        return above
    if dep == "acl:relcl" and above.pos_ in NOMINAL:
        return None if any(t.dep_ in ("obj", "obl") and is_relative(t) for t in predicate.children) else above
    return child(above, "obj") if dep == "xcomp" and is_predicate(above) else None


def children(token: Token, *deps: str) -> list[Token]:
    """The dependents of a token with one of some relations, in order of the text."""
    return [t for t in token.children if t.dep_ in deps]


def child(token: Token, *deps: str) -> Token | None:
    """The first dependent with one of some relations."""
    return next((t for t in token.children if t.dep_ in deps), None)


def own_subject(predicate: Token) -> Token | None:
    """The subject that hangs on a predicate itself; that of "there is" is what there is."""
    return child(predicate, "nsubj", "nsubj:pass", "csubj", "csubj:pass")


def is_relative(token: Token) -> bool:
    """True for a relative pronoun."""
    return token.lower_ in _RELATIVES and token.tag_ in ("WDT", "WP", "IN", "DT", "WP$")


def antecedent(subject: Token, predicate: Token) -> Token:
    """What a subject that is a relative pronoun stands for; any other subject itself."""
    if not is_relative(subject):
        return subject
    for _ in range(_STEPS):
        if predicate.dep_ in ("acl:relcl", "advcl:relcl", "acl"):
            return predicate.head
        if predicate.dep_ != "conj":
            break
        predicate = predicate.head
    return subject


def is_predicate(token: Token) -> bool:
    """True for the head of a clause: a verb, or a noun or adjective with a copula or a subject."""
    if token.dep_ in _NO_CLAUSE:
        return False
    if token.pos_ in ("VERB", "AUX"):
        return True
    return any(t.dep_ in _PREDICATE for t in token.children)


def is_negated(token: Token) -> bool:
    """True where "not", "never" or "no longer" hangs on a predicate or its auxiliary."""
    for t in token.children:
        if t.lower_ in ("not", "n't", "n’t", "never", "neither") or (t.lower_ == "longer" and t.dep_ == "advmod"):
            return True
        if t.dep_ in ("aux", "aux:pass", "cop") and any(u.lower_ in ("not", "n't", "never") for u in t.children):
            return True
    return False


def subtree(token: Token, *, without: Iterable[Token] = ()) -> list[Token]:
    """A token with all that hangs on it, but for some branches."""
    cut = {t.i for t in without}
    found: list[Token] = []
    pending = [token]
    while pending:
        current = pending.pop()
        if current.i in cut:
            continue
        found.append(current)
        pending += current.children
    return sorted(found, key=lambda t: t.i)


def ancestors(token: Token) -> Iterator[Token]:
    """The tokens that a token hangs on, nearest first."""
    for _ in range(_STEPS):
        if token.head.i == token.i:
            return
        token = token.head
        yield token


def preposition(token: Token) -> str:
    """The preposition of a noun in lower case ("according to" is "according"); empty where it has none."""
    case = next((t for t in token.children if t.dep_ == "case" and t.lower_ not in ("'s", "’s", "'", "’")), None)
    return case.lower_ if case is not None else ""


def phrase(token: Token) -> list[Token]:
    """The words of a noun phrase: its head with determiners, adjectives, compounds and "of" phrases, no clauses."""
    kept = {"amod", "compound", "flat", "fixed", "nummod", "det", "nmod:poss", "case", "nmod", "advmod", "goeswith"}
    found: list[Token] = []
    pending = [token]
    while pending:
        current = pending.pop()
        found.append(current)
        pending += [t for t in current.children if t.dep_ in kept and (current is not token or t.dep_ != "case")]
    return sorted(found, key=lambda t: t.i)
