"""How a finding is hedged, as the tree of its sentence has it: the record, the lists of words, questions to a tree.

`paths` reads hedges off the route between two names, `hanging` and `governing` what its words make of one another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from aigraph.errors import DataError
from aigraph.facts.speech.cues import FOLDER
from aigraph.facts.words.trees import Tree, ancestors, child, children, is_negated
from aigraph.records import Modality
from aigraph.resources import parse_yaml

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token

DEALS = frozenset({"acquisition", "collaboration", "investment", "licensing", "supply"})
"""The labels of deals; what has ended of these was so once."""
LASTING = frozenset({"founded", "develops", "acquisition", "successorOf", "optimizedFor"})
"""What goes on to hold when it is told of the past."""
MODALS = {"may": Modality.REPORTED, "might": Modality.REPORTED, "would": Modality.HYPOTHETICAL}
"""What auxiliaries make of a deed; "would" may be the future as seen from "said"."""
_OVER_OBJECTS = {
    **MODALS,
    "could": Modality.HYPOTHETICAL,
    "shall": Modality.FORECAST,
    "will": Modality.FORECAST,
    "would": Modality.FORECAST,
}
_VERBAL = frozenset({"VERB", "AUX"})
_PAIRING = frozenset({"cc", "cc:preconj"})
_SIGNS = frozenset({",", "(", "—", "–", "but", "and", "-"})


@dataclass(frozen=True, slots=True)
class Hedge:
    """What the tree adds to a stance.

    `denials` is the number of words that deny, less those that deny a denial; `modality` the weakest that a cue asks
    for; `over` tells that it was so and is no longer; `granted` that the sentence takes for granted what joins the
    names, so that cues around it do not touch it; `sure` that words say it is so ("regrets that it bought", "did not
    deny"); `plain` that one verb is said of both names and nothing hedges it; `clear` that what the sentence denies is
    something else; `own` that it is so even where the sentence tells of what is to come.
    """

    denials: int = 0
    modality: Modality = Modality.ASSERTED
    over: bool = False
    granted: bool = False
    plain: bool = False
    sure: bool = False
    clear: bool = False
    own: bool = False

    @property
    def denied(self) -> bool:
        """True where it is over, or more words deny it than take that back."""
        return self.over or self.denials > 0


@cache
def load_hedges() -> Mapping[str, frozenset[str]]:
    """The lists of `hedges.yaml`.

    Raises:
        DataError: the file is no mapping of lists of strings.
    """
    data = parse_yaml((FOLDER / "hedges.yaml").read_text(encoding="utf-8"))
    if not isinstance(data, dict):
        raise DataError("hedges.yaml: expected a mapping of lists; correct the file.")
    for name, words in data.items():
        if not isinstance(words, list) or not all(isinstance(word, str) for word in (name, *words)):
            raise DataError(f'hedges.yaml: {name!r} must be a list of words; quote words such as "no" and "on".')
    return {name: frozenset(words) for name, words in data.items()}


# --- words --------------------------------------------------------------------------------------------------


def upward(token: Token) -> list[tuple[Token, Token | None]]:
    """A word and those above it, each with the one it was reached from."""
    found: list[tuple[Token, Token | None]] = [(token, None)]
    verb = _verb_between(token)
    above = ancestors(token) if verb is None else (verb, *ancestors(verb))
    for each in above:
        found.append((each, found[-1][0]))
    return found


def _verb_between(token: Token) -> Token | None:
    """The verb of which a word is the subject that the parser hangs on a name behind the verb.

    In "the Q7 was not made by Acme" it may take "Q7" for a part of the name "Acme", which no verb stands within.
    """
    if token.dep_ not in ("compound", "amod", "flat") or token.head.i <= token.i + 1:
        return None
    between = token.doc[token.i + 1 : token.head.i]
    verbs = [t for t in between if verbal(t) and t.dep_ not in ("amod", "acl", "compound") and t.head.i != token.head.i]
    return next((t for t in verbs if not t.dep_.startswith(("aux", "cop"))), None)


def verbal(token: Token) -> bool:
    """True for a verb or an auxiliary."""
    return token.pos_ in _VERBAL


def is_cut_off(kid: Token, word: Token) -> bool:
    """True where ";" stands between a word and what the tree hangs on it."""
    first, last = sorted((kid.i, word.i))
    return any(token.text == ";" for token in word.doc[first:last])


def is_apart(word: Token) -> bool:
    """True for the head of a clause of its own beside another."""
    return word.dep_ == "parataxis" or (
        word.dep_ in ("conj", "advcl") and verbal(word) and child(word, "nsubj", "nsubj:pass") is not None
    )


def hedge_of_object(word: Token) -> Hedge:
    """What the auxiliaries of a verb make of a word that is its object, or stands within it."""
    for above, below in upward(word):
        if below is None:
            continue
        if verbal(above):
            if below.dep_ not in ("obj", "obl", "nsubj:pass"):
                return Hedge()
            modals = [_OVER_OBJECTS.get(t.lower_, Modality.ASSERTED) for t in children(above, "aux")]
            return Hedge(denials=int(is_negated(above)), modality=next(iter(modals), Modality.ASSERTED))
        if below.dep_ not in ("compound", "nmod", "appos", "conj", "amod"):
            return Hedge()
    return Hedge()


def is_past(word: Token) -> bool:
    """True for a predicate in the past, and for what is no predicate."""
    auxiliary = child(word, "cop", "aux:pass", "aux")
    if auxiliary is not None:
        return auxiliary.tag_ in ("VBD", "VBN")
    return word.tag_ in ("VBD", "VBN") or not verbal(word)


def lies_ahead(verb: Token) -> bool:
    """True for "once she retires" and "when he leaves Acme in May": it is not so yet."""
    if verb.tag_ not in ("VBZ", "VBP", "VB"):
        return False
    return any(t.lower_ in ("before", "once", "until", "when") for t in children(verb, "mark", "advmod"))


def is_none(token: Token) -> bool:
    """True for "nobody", "none of them", "no rival" – but not for "no rival but Acme"."""
    none = token.lower_ in load_hedges()["nobody"] or any(
        (t.lower_ == "no" and t.dep_ in ("det", "advmod")) or (t.lower_ == "neither" and t.dep_ in _PAIRING)
        for t in token.children
    )
    return none and not any(t.lower_ in ("but", "except", "save", "other") for t in token.subtree)


def is_denied(word: Token) -> bool:
    """Is a verb denied, by an adverb or its subject: "few deny", "neither fire nor flood stopped"?"""
    if is_negated(word) or any(t.lower_ == "cannot" for t in children(word, "aux")):
        return True
    return any(_is_hardly_any(t) for t in children(word, "nsubj", "nsubj:pass"))


def is_for_good(label: str, word: Token) -> bool:
    """Does what a word tells go on to hold: a purchase does, the ownership that comes of it may be over."""
    return label in LASTING and not (label == "acquisition" and word.lemma_.lower() in load_hedges()["owning"])


def _is_hardly_any(token: Token) -> bool:
    return is_none(token) or token.lower_ == "few" or any(t.lower_ in ("few", "neither") for t in token.children)


def is_joint(word: Token) -> bool:
    """True for "the joint project" and the like, which are deals of those who have it."""
    words = load_hedges()
    return word.lemma_ in words["undertakings"] and any(t.lower_ in words["together"] for t in children(word, "amod"))


def lemmas_of(word: Token) -> frozenset[str]:
    """The lemma of a word, alone, with each of its particles and prepositions, and with its object ("call_time")."""
    lemma = word.lemma_.lower()
    parts = {
        t.lower_ for t in word.children if t.i > word.i and t.dep_ in ("compound:prt", "advmod", "obl", "case", "mark")
    }
    parts |= {t.lemma_.lower() for t in word.children if t.i > word.i and t.dep_ == "obj" and t.pos_ == "NOUN"}
    for kid in word.children:
        if kid.i > word.i and kid.dep_ in ("obj", "obl", "advcl", "nmod"):
            cases = [t.lower_ for t in kid.children if t.dep_ in ("case", "mark")]
            parts |= {*cases, "_".join((*cases, kid.lemma_.lower()))}
    if word.i + 1 < len(word.doc):
        parts.add(word.nbor(1).lower_)
    return frozenset({lemma, word.lower_, *(f"{lemma}_{part}" for part in parts)})


def shares(word: Token, below: Token) -> bool:
    """Does what hangs on the first of two coordinate words touch the second as well?"""
    link = child(below, "cc")
    if link is not None and link.lower_ in ("or", "nor"):
        return True
    if link is not None and link.lower_ in ("but", "yet"):
        return False
    if verbal(word) and verbal(below):
        bare = below.tag_ in ("VB", "VBN", "VBG") and child(below, "aux", "aux:pass", "nsubj", "mark") is None
        return bare and word.tag_ == below.tag_
    return not verbal(below) and not any(t.lower_ in ("now", "today", "still", "currently") for t in below.children)


@lru_cache(maxsize=64)
def contrasts(tree: Tree) -> tuple[tuple[int, ...], ...]:
    """Stretches such as ", not Acme," and "but not the Q7": what they hold is denied, and nothing else."""
    found = []
    tokens = tree.tokens
    for n, token in enumerate(tokens):
        if token.lower_ not in ("not", "never") or n + 1 >= len(tokens):
            continue
        opened = n == 0 or tokens[n - 1].lower_ in _SIGNS
        following = tokens[n + 1]
        if not opened or following.pos_ in _VERBAL or following.lower_ in load_hedges()["merely"]:
            continue
        reach = [token.i]
        for other in tokens[n + 1 :]:
            closed = other.dep_ == "punct" and other.text not in ("-", "'", "’", '"')
            if closed or other.lower_ in ("but", "that"):
                break
            reach.append(other.i)
        if not any(tree_token.tag_ in ("VBD", "VBZ", "VBP", "MD") for tree_token in tokens if tree_token.i in reach):
            found.append(tuple(reach))
    return tuple(found)
