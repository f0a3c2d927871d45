"""Which words of a sentence have no say in what joins two names: those of clauses that tell something else.

"Acme bought Beta; it had not planned to" denies a plan, "Acme, whose bid for a port fell through, licensed the Q7"
tells the end of another deal. Words by themselves ("not", "fell through") do not show that, the tree does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from functools import lru_cache
from typing import TYPE_CHECKING

from aigraph.facts.speech.hedges import is_apart, lemmas_of, load_hedges, shares, verbal
from aigraph.facts.words.trees import Tree, child, children, is_predicate

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token

_APART = frozenset({"acl", "acl:relcl", "advcl", "advcl:relcl", "ccomp", "parataxis"})
"""The labels under which a clause tells something of its own."""
_PRESUPPOSED = frozenset({"acl:relcl", "advcl:relcl", "appos", "nmod:poss", "compound", "amod"})
_POINTING = frozenset({"both", "it", "neither", "so", "that", "they", "this", "which"})
"""Words that may stand for all that the sentence says: "this is not true", "which both deny"."""
_STEPS = 40


def strays(tree: Tree, on: Set[int], top: Token, *, passing: bool = False) -> Callable[[Token], bool]:
    """Tells for a word whether it has no say in the path between two names.

    `on` are the indices of the words of that path, `top` is the highest of them; with `passing` the path is told beside
    a name, and what governs that has no say in it.
    """
    scope = {*on, *(t.i for t in _governors(top) if not passing)}

    def stray(word: Token) -> bool:
        at, clauses = word, []
        for _ in range(_STEPS):
            if at.i in scope:
                break
            if _is_separate(at):
                clauses.append(at)
            if at.head.i == at.i:
                clauses.append(at)
                break
            at = at.head
        return bool(clauses) and not any(_points_back(clause, tree, scope) for clause in clauses)

    return stray


def strays_of_deal(tree: Tree, party: Token) -> Callable[[Token], bool]:
    """The same for a deal of which a sentence names one party alone: "its purchase of Beta"."""
    words, on, word = load_hedges()["deals"], {party.i}, party
    while word.head.i != word.i and not (verbal(word) or word.lemma_ in words):
        word = word.head
        on.add(word.i)
    return strays(tree, on, word)


def is_clear(tree: Tree, on: Set[int], top: Token, *, passing: bool = False, beside: Set[int] = frozenset()) -> bool:
    """True where words deny something in a sentence, and none of them has a say in the path between two names."""
    cues, stray = _denying(tree), strays(tree, on, top, passing=passing)
    opened = tree.tokens[0].lower_ == "nor"  # hung by the parser on whatever follows
    cues = cues or _ending(tree)
    return bool(cues) and not opened and all(cue.i in beside or stray(cue) or _is_mere(cue) for cue in cues)


def _governors(top: Token) -> Iterator[Token]:
    """The words that have a say in a path, from its highest word up."""
    word = top
    while word.head.i != word.i and word.dep_ not in _PRESUPPOSED and word.dep_ != "parataxis":
        if word.dep_ == "conj" and not shares(word.head, word):
            return
        if word.dep_ == "advcl" and child(word, "nsubj", "nsubj:pass") is not None:
            return
        if word.dep_ == "nsubj" and not verbal(word.head) and word.head.lemma_.lower() not in load_hedges()["real"]:
            return  # "their alliance is not new"
        yield word.head
        word = word.head


def _is_separate(word: Token) -> bool:
    """Is a word the head of a clause that tells something of its own?"""
    if word.dep_ == "conj":
        return is_predicate(word) and (is_apart(word) or not shares(word.head, word))
    return word.dep_ in _APART


def _points_back(clause: Token, tree: Tree, scope: Set[int]) -> bool:
    """Does a clause speak of what the path tells, by "this", "the deal" or an ellipsis?"""
    words = load_hedges()
    told = children(clause, "nsubj", "nsubj:pass", "obj", "obl", "csubj")
    taken_up = clause.lemma_.lower() in words["taking_up"] and child(clause, "obj", "xcomp", "ccomp") is None
    if taken_up and not any(verbal(t) or tree.named(t) for t in children(clause, "xcomp", "ccomp")):
        return True
    denying = words["denying"] | words["false"] | words["failing"]
    alone = not told and child(clause, "xcomp", "ccomp") is None
    if lemmas_of(clause) & denying and (alone or any(_is_pointing(t, clause) for t in told)):
        return True
    if not verbal(clause) and clause.lemma_.lower() not in words["real"] | words["false"]:
        return False  # "their alliance is not new"
    matters = words["deals"] | words["grounds"]
    if clause.dep_ in ("acl", "acl:relcl") and clause.head.lemma_ in matters and _is_same(clause.head, scope):
        return True
    if any(t.lemma_ in matters and _is_definite(t) and _is_same(t, scope) for t in told):
        return True
    return any(t.lower_ in ("this", "that") and t.tag_ == "DT" and child(t, "det") is None for t in told)


def _is_pointing(word: Token, clause: Token) -> bool:
    """Can a word stand for what was told? Not for who does something else: "it had abandoned its phones"."""
    return word.lower_ in _POINTING and (word.dep_ != "nsubj" or child(clause, "obj") is None)


def _is_definite(noun: Token) -> bool:
    """True for "the deal" and "its bid", not for "three failed bids"."""
    return child(noun, "nmod:poss") is not None or any(
        t.lower_ in ("the", "this", "that", "these", "those") for t in children(noun, "det")
    )


def _is_same(noun: Token, scope: Set[int]) -> bool:
    """Can a noun such as "the deal" be what the path tells, rather than a deal with somebody else?"""
    if noun.i in scope:
        return True
    others = [t for t in children(noun, "nmod", "acl") if t.dep_ == "acl" or child(t, "case") is not None]
    return all(t.i in scope for t in others)


@lru_cache(maxsize=64)
def _denying(tree: Tree) -> tuple[Token, ...]:
    """The words of a sentence that deny something."""
    return tuple(_denials(tree))


def _denials(tree: Tree) -> Iterator[Token]:
    words = load_hedges()
    plain, single = words["never"] | words["nobody"] | words["void"] | words["few"], words["denying"] | words["false"]
    for token in tree.tokens:
        denies = token.lower_.replace("’", "'") in plain or (token.lemma_ in single and token.dep_ != "amod")
        if denies and not tree.named(token):
            yield token


@lru_cache(maxsize=64)
def _ending(tree: Tree) -> tuple[Token, ...]:
    """The words of a sentence by which something is over: "former", "ceased", "stepped down".

    Not those that tell how what the sentence begins with came to an end: "wanted to use it before the budget was cut".
    """
    words = load_hedges()
    verbs = words["ending"] | words["leaving"] | words["failing"]
    over = [t for t in tree.tokens if not tree.named(t)]
    if any(lemmas_of(t.head) & verbs for t in over if t.dep_ == "mark" and t.lower_ in ("before", "till", "until")):
        return ()
    return tuple(t for t in over if t.lower_ in words["past"] | words["once"] or (verbal(t) and lemmas_of(t) & verbs))


def _is_mere(cue: Token) -> bool:
    """Does a negation deny nothing, as in "not only"?"""
    return cue.i + 1 < len(cue.doc) and cue.nbor(1).lower_ in load_hedges()["merely"]
