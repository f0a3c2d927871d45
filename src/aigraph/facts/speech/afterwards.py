"""What the next sentence makes of a sentence: "Regulators blocked the deal.", "Not so.", "So the Nikkei wrote."."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from aigraph.facts.speech.hedges import Hedge, lemmas_of, load_hedges
from aigraph.facts.words.trees import Tree, child, is_negated
from aigraph.records import Mention, Modality, ReadBlock, Sentence

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token

_VERDICT = re.compile(
    r"""^\W*(?:not\ so|not\ true|false|nonsense|wrong|untrue|no,\ it|neither\ is\ true|rubbish|rumou?r|we\ retract
    |(?:that|this|it)(?:\ is|\ was|'s|’s)(?:\ not|n't|n’t)?\ (?:so|true|false|wrong|untrue|nonsense)\b
    |(?:that|this|it)(?:\ is|\ was)?n['’]t\ (?:so|true)\b|it\ never\ happened)(?=\W|$)
    |^\W*(?:no\W*$|far\ from\ it|forget\ (?:it|that)\b|hardly\W*$|never\W*$|nothing\ of\ the\ (?:kind|sort))""",
    re.IGNORECASE | re.VERBOSE,
)
_LEAST = r"(?:,?\ (?:at\ any\ rate|at\ least|in\ any\ case),?)?"
_TELLING = r"\b(?:claims?|hears?|heard|learn(?:ed|t)|reported|reports|said|says|told\ us|was\ told|writes|wrote)\b"
_NOBODY = r"(?:no\ one|nobody|neither(?:\ \w+)?|none(?:\ of\ (?:them|those)(?:\ \w+)?)?)"
_MATTER = r"(?:claim|deal|information|news|report|rumou?r|story)"
_RETOLD = re.compile(
    rf"""^\W*(?:(?:(?:and|or)\ )?so{_LEAST}\ (?!far\b|much\b|that\b)(?:\S+\ ){{1,5}}{_TELLING}
    |(?:at\ least\ )?(?:that|this){_LEAST}(?:\ is|\ was|'s|’s){_LEAST}\ (?:what\b.*{_TELLING}
        |(?:how|the)\b.*\b(?:gossip|rumou?r|story|tale|talk|tells?\ it|word)\b)
    |{_NOBODY}\ (?:could|had|has|have|wanted\ to|was|were|will|would)\b.*
        \b(?:confirm|corroborate|verify|vouch\ for)(?:ed)?\ (?:a\ word|any\ of|it|that|the\ {_MATTER}|this)
    |(?:it|that|the\ {_MATTER}|this)\ (?:can't|cannot|could\ not|has\ not|has\ yet\ to)\ be(?:en)?
        \ (?:independently\ )?(?:checked|confirmed|corroborated|established|substantiated|verified)
    |(?:no\ )?(?:evidence|proof)\ (?:for\ (?:it|this)\ )?was\ (?:never\ |not\ )?(?:given|offered|provided|shown))""",
    re.IGNORECASE | re.VERBOSE,
)
"""What makes no more of the sentence before than what somebody has heard."""
_AFFIRMING = re.compile(r"^\W*(?:that|this|it)(?: is| was|'s|’s) (?:so|true)\b", re.IGNORECASE)
_HAPPENING = frozenset({"close", "come", "happen", "materialise", "materialize", "take"})
_DEFINITE = frozenset({"the", "that", "this", "its", "their"})


def taken_back(block: ReadBlock, sentence: Sentence, mentions: Sequence[Mention]) -> tuple[Hedge, Hedge]:
    """The hedge that the next sentence of a block adds to all that one says, and the one that it adds to its deals."""
    after = next((s for s in block.sentences if s.first == sentence.last), None)
    if after is None:
        return Hedge(), Hedge()
    base = block.block.span.start
    text = block.doc.text[after.span.start - base : after.span.end - base]
    if _VERDICT.match(text) and not _AFFIRMING.match(text):
        return Hedge(1), Hedge(1)
    if _RETOLD.match(text):
        return Hedge(modality=Modality.REPORTED), Hedge(modality=Modality.REPORTED)
    tree = Tree.of(block, after, mentions)
    if tree is None or not any(_is_undone(token) for token in tree.tokens):
        return Hedge(), Hedge()
    return Hedge(), Hedge(over=True)


def _is_undone(token: Token) -> bool:
    """Is "the deal" or "the takeover" told to have come to nothing?"""
    words, determiner = load_hedges(), child(token, "det", "nmod:poss")
    if token.lemma_ not in words["deals"] or determiner is None or determiner.lower_ not in _DEFINITE:
        return False
    verb = token.head
    lemmas = lemmas_of(verb)
    undone = token.dep_ in ("obj", "nsubj:pass") and lemmas & words["denying"] - words["disowning"]
    failed = token.dep_ == "nsubj" and (lemmas & words["failing"] or (verb.lemma_ in _HAPPENING and is_negated(verb)))
    return bool(undone or failed) and not (undone and is_negated(verb))
