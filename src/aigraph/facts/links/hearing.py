"""Who says what by the links of the language model, beside what verbs of saying tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aigraph.facts.links.finder import LIKELY, ArticleLinks, Told
from aigraph.facts.speech.spoken import Attribution
from aigraph.facts.words.trees import Tree
from aigraph.records import BODY, Claimant, EntityType, Mention, ReadBlock, Sentence, Span, UnnamedGroup

UNHEARD = 0.05
"""The chance below which the network's word outweighs a rule's."""
_SPEAKERS = BODY | {EntityType.PERSON}


def heard(
    block: ReadBlock,
    attributions: Sequence[Attribution],
    mentions: Sequence[Mention],
    links: ArticleLinks,
) -> tuple[Attribution, ...]:
    """The attributions of a block without those that the network finds unlikely, and with those that it adds."""
    if not links.sentences:
        return tuple(attributions)
    kept = [a for a in attributions if not _is_doubted(a, block, links)]
    for sentence in block.sentences:
        told = [t for t in links.at(sentence).of("says") if t.chance >= LIKELY]
        told = [t for t in told if not any(a.covers(t.second) or a.cue.overlaps(t.second) for a in kept)]
        if told:
            kept += _added(block, sentence, told, mentions)
    return tuple(sorted(kept, key=lambda a: a.cue))


def _is_doubted(attribution: Attribution, block: ReadBlock, links: ArticleLinks) -> bool:
    """True where the sentence of the words of saying has nobody who says anything."""
    sentence = next((s for s in block.sentences if s.span.overlaps(attribution.cue)), None)
    if sentence is None or sentence.index not in links.sentences:
        return False
    here = links.at(sentence)
    return not any(told.chance >= UNHEARD for told in here.of("says"))


def _added(
    block: ReadBlock, sentence: Sentence, told: Sequence[Told], mentions: Sequence[Mention]
) -> Iterator[Attribution]:
    tree = Tree.of(block, sentence, mentions)
    if tree is None:
        return
    for link in told:
        claimant = _claimant(tree, link)
        token = tree.head_of(link.second)
        if claimant is None or token is None:
            continue
        inside = [tree.span(t) for t in token.subtree if not t.is_space]
        parts = [s for s in inside if not s.overlaps(link.first)]
        if not parts:
            continue
        yield Attribution(
            claimant=claimant,
            content=_stretches(parts),
            cue=link.first,
            kind="link",
            denied=link.denied >= LIKELY,
            clausal=token.pos_ in ("VERB", "AUX"),
        )


def _claimant(tree: Tree, link: Told) -> Claimant | None:
    if link.first_mention is not None:
        return link.first_mention.entity if link.first_mention.type in _SPEAKERS else None
    token = tree.head_of(link.first)
    if token is None or token.pos_ != "NOUN":
        return None
    return UnnamedGroup(token.text.casefold())


def _stretches(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Neighbouring words as one stretch."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start <= joined[-1].end + 1:
            joined[-1] = Span(joined[-1].start, max(span.end, joined[-1].end))
        else:
            joined.append(span)
    return tuple(joined)
