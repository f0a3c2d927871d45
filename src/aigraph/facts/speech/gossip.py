"""Sources that nobody vouches for, found by the order of the words, whatever parsers make of it.

"Our mole at the harbour, a recycler, reports …", "… (a guy)", "the gossip has it at Beta".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING

from aigraph.facts.speech.hedges import load_hedges
from aigraph.facts.words.trees import Tree, child, children

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token

_ENDS = frozenset({";", ".", "?", "!", "—", "–"})
_REACH = 16
"""Up to how many words behind a source its verb stands."""
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD", "VBN", "VBG"})
_PLAINLY = frozenset({"MD", "VBD", "VBP", "VBZ"})
_SPEAKERS = frozenset({"NOUN", "PROPN"})
_BRACKETED = 6
"""How many words a source in brackets has at most."""
_PARTS = frozenset({"bit", "couple", "handful", "lot", "number", "piece", "scrap", "snippet"})


def is_gossip(tree: Tree, ends: tuple[Token, Token]) -> bool:
    """Is what joins two names told by gossip, or in a bracket behind them: "Acme uses the Q7 (a guy)"?"""
    first, second = sorted(ends, key=lambda end: end.i)
    told = any(teller < first.i and verb < second.i <= last for teller, verb, last in _told_stretches(tree))
    return told or _is_bracketed(tree, second)


def is_doubtful(tree: Tree, token: Token) -> bool:
    """Is a word one for those whose word is no more than a rumour: "gossip", "a driver", "smart money"?"""
    words, forms = load_hedges(), {token.lower_, token.lemma_.lower()}
    before = token.nbor(-1) if token.i else None
    if tree.named(token) and (before is None or before.lower_ not in ("the", "a")):
        return False
    paired = before is not None and f"{before.lower_} {token.lemma_.lower()}" in words["tattling_pairs"]
    return paired or bool(forms & (words["tattlers"] | words["laypeople"]))


@lru_cache(maxsize=64)
def _told_stretches(tree: Tree) -> tuple[tuple[int, int, int], ...]:
    """The indices of each doubtful source, of its verb, and of the last word of what it tells."""
    found, tokens = [], tree.tokens
    for n, token in enumerate(tokens):
        if token.pos_ not in _SPEAKERS and n > 0:
            continue  # parsers take the first noun of a sentence for anything
        verb = _verb(tokens, n) if is_doubtful(tree, token) and _opens(tokens, n) else _that(tokens, n)
        if verb is not None:
            found.append((token.i, verb.i, _end(tokens, verb)))
    return tuple(found)


def _that(tokens: Sequence[Token], at: int) -> Token | None:
    """The "that" of a supposition or tale that opens a clause: "Suspicion has grown since the weekend that"."""
    words = load_hedges()
    supposed = tokens[at].lemma_.lower() in words["suppositions"] | words["tattlers"]
    if not supposed or tokens[at].pos_ not in _SPEAKERS or not _opens(tokens, at):
        return None
    behind = takewhile(lambda t: t.text not in _ENDS, tokens[at + 2 : at + _REACH])
    return next((t for t in behind if t.lower_ == "that" and t.dep_ == "mark"), None)


def _end(tokens: Sequence[Token], verb: Token) -> int:
    """The index of the last word that a verb tells: up to the next clause of somebody else."""
    signs = [t.i for t in tokens if t.i > verb.i and t.text in _ENDS]
    others = (t for t in children(verb, "conj") if child(t, "nsubj", "nsubj:pass") is not None and t.i > verb.i)
    clauses = [min(t.i for t in other.subtree) for other in others]
    return min((*signs, *clauses, tokens[-1].i))


def _opens(tokens: Sequence[Token], at: int) -> bool:
    """Does a noun open a clause, but for what stands before nouns: "an enduring bit of folklore"?"""
    while at and (_is_before_noun(tokens[at - 1]) or (tokens[at - 1].lower_ == "of" and _is_part(tokens, at - 2))):
        at -= 1
    return at == 0 or tokens[at - 1].text in (";", ":", "“", '"') or tokens[at - 1].lower_ in ("and", "but")


def _is_before_noun(token: Token) -> bool:
    return token.dep_ in ("det", "amod", "compound", "nummod", "nmod:poss", "case:poss") or token.lemma_ in _PARTS


def _is_part(tokens: Sequence[Token], at: int) -> bool:
    return at >= 0 and tokens[at].lemma_ in _PARTS


def _verb(tokens: Sequence[Token], at: int) -> Token | None:
    """The verb by which the source at a place tells something; none where a verb that tells nothing comes first."""
    inside = False  # in a clause that is told of the source: "tongues that should know better count …"
    over = False  # behind its verb
    words = load_hedges()["claiming"]
    for token in tokens[at + 1 : at + 1 + _REACH]:
        if token.text in _ENDS:
            return None
        if token.lower_ in ("that", "which", "who", "whom") and not inside:
            inside = True
        elif token.lemma_ in words and token.tag_ in _FINITE and (over or not inside or _closes(token)):
            right = [t.lower_ for t in tokens if token.i < t.i <= token.i + 2] in (["it", "right"], ["it", "wrong"])
            return None if right else token
        elif token.tag_ in _PLAINLY:
            if (over or not inside) and token.pos_ == "VERB":
                return None
            over = inside
    return None


def _closes(verb: Token) -> bool:
    """Is a verb behind a relative clause that of the main one?"""
    return child(verb, "nsubj") is not None and verb.dep_ in ("ROOT", "conj", "parataxis")


def _is_bracketed(tree: Tree, second: Token) -> bool:
    """Does a bracket right behind the second name hold a source that nobody vouches for?"""
    behind = [t for t in tree.tokens if t.i > second.i]
    if not behind or behind[0].text != "(":
        return False
    inside = list(_inside(behind[1:]))
    words = load_hedges()
    doubted = words["unvouched"] | words["hearsay"] | words["grounds"] | words["rumoured"] | words["suppositions"]
    if not inside or len(inside) > _BRACKETED or any(t.lower_ in ("not", "no", "n't") for t in inside):
        return False
    if any(t.lower_ == "blog" or t.lemma_.lower() in words["official"] for t in inside):
        return False  # a blog is mostly that of whom it is told
    return any(is_doubtful(tree, t) or {t.lower_, t.lemma_.lower()} & doubted for t in inside)


def _inside(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        if token.text == ")":
            return
        yield token
