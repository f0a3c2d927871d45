"""Who says what by the links of the language model, beside what verbs of saying tell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from aigraph.facts.links.finder import LIKELY, ArticleLinks, Told
from aigraph.facts.speech.bounds import bounded
from aigraph.facts.speech.cues import load_speech
from aigraph.facts.speech.spoken import Attribution, outermost
from aigraph.facts.words.trees import Tree, own_subject
from aigraph.records import BODY, Claimant, EntityType, Mention, MentionKind, ReadBlock, Sentence, UnnamedGroup

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token

SAID = 0.6
"""The chance from which the network's word is taken for who says something."""
_SPEAKERS = BODY | {EntityType.PERSON}


def heard(
    text: str,
    block: ReadBlock,
    attributions: Sequence[Attribution],
    mentions: Sequence[Mention],
    links: ArticleLinks,
) -> tuple[Attribution, ...]:
    """The attributions of a block, with those that the network adds; `text` is the article.

    Where the network hears somebody of that name say what the rules give to somebody else, it is right more often.
    """
    kept = list(attributions)
    for sentence in block.sentences:
        named = [t for t in links.at(sentence).of("says") if t.chance >= LIKELY]
        kept = [_named(a, sentence, kept, named) for a in kept]
        told = [t for t in links.at(sentence).of("says") if t.chance >= SAID]
        told = [t for t in told if not any(a.covers(t.second) or a.cue.overlaps(t.second) for a in kept)]
        if told:
            kept += [bounded(text, block.block.span, a) for a in _added(block, sentence, told, mentions)]
    return tuple(sorted(kept, key=lambda a: a.cue))


def _named(
    attribution: Attribution, sentence: Sentence, others: Sequence[Attribution], told: Sequence[Told]
) -> Attribution:
    """An attribution with the speaker whom the network hears by name, for want of a name in what the rules go by.

    Groups before the verb ("critics say") and those who tell what others say stay as they are.
    """
    cue = attribution.cue
    elsewhere = cue.start < cue.end and not cue.overlaps(sentence.span)
    if elsewhere or attribution.kind == "outlook" or outermost(others, attribution) is not attribution:
        return attribution
    if any(other is not attribution and attribution.covers(other.cue) for other in others):
        return attribution
    best = max((t for t in told if attribution.covers(t.second)), key=lambda t: t.chance, default=None)
    mention = best.first_mention if best is not None else None
    if mention is None or mention.kind is not MentionKind.NAME or mention.type not in _SPEAKERS:
        return attribution
    ahead = isinstance(attribution.claimant, UnnamedGroup) and mention.span.end <= cue.start
    if ahead or mention.span.overlaps(cue) or attribution.covers(mention.span):
        return attribution
    return replace(attribution, claimant=mention.entity)


def _added(
    block: ReadBlock, sentence: Sentence, told: Sequence[Told], mentions: Sequence[Mention]
) -> Iterator[Attribution]:
    tree = Tree.of(block, sentence, mentions)
    if tree is None:
        return
    for link in told:
        claimant = _claimant(tree, link) if not _ticker(block, link) else None
        token = tree.head_of(link.second)
        if claimant is None or token is None:
            continue
        own = _speaking(tree, token, link)
        content = [
            t for t in token.subtree if not t.is_space and t.i not in own and not tree.span(t).overlaps(link.first)
        ]
        if not content:
            continue
        yield Attribution(
            claimant=claimant,
            content=tree.stretches(content),
            cue=link.first,
            kind="link",
            denied=link.denied >= LIKELY,
            clausal=token.pos_ in ("VERB", "AUX"),
        )


def _speaking(tree: Tree, told: Token, link: Told) -> set[int]:
    """The words that name a group and have it speak, where the tree hangs them on what is said.

    "…, a spokeswoman for the fund said on Friday": the tree may take "said" for another thing that is told.
    """
    speaker = tree.head_of(link.first)
    if speaker is None or link.first_mention is not None or speaker.head.i != told.i:
        return set()
    own = {t.i for t in speaker.subtree}
    if told.i in own:
        return set()
    verb = next((t for t in told.children if t.i == max(own) + 1 and t.pos_ == "VERB"), None)
    speaks = verb is not None and verb.lemma_ in load_speech().by_tree and own_subject(verb) is None
    return own | ({t.i for t in verb.subtree} if verb is not None and speaks else set())


def _ticker(block: ReadBlock, link: Told) -> bool:
    """Is a speaker an exchange before a ticker: "(NASDAQ: ORRN)"?"""
    behind = block.doc.text[link.first.end - block.block.span.start :]
    return re.match(r"\s?:\s?[A-Z0-9.]{1,8}\)", behind) is not None


def _claimant(tree: Tree, link: Told) -> Claimant | None:
    if link.first_mention is not None:
        return link.first_mention.entity if link.first_mention.type in _SPEAKERS else None
    token = tree.head_of(link.first)
    if token is None or token.pos_ != "NOUN":
        return None
    return UnnamedGroup(token.text.casefold())
