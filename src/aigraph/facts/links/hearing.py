"""Who says what by the links of the language model, beside what verbs of saying tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aigraph.facts.links.finder import LIKELY, ArticleLinks, Told
from aigraph.facts.speech.spoken import Attribution
from aigraph.facts.words.trees import Tree
from aigraph.records import BODY, Claimant, EntityType, Mention, ReadBlock, Sentence, Span, UnnamedGroup

_SPEAKERS = BODY | {EntityType.PERSON}


def heard(
    block: ReadBlock,
    attributions: Sequence[Attribution],
    mentions: Sequence[Mention],
    links: ArticleLinks,
) -> tuple[Attribution, ...]:
    """The attributions of a block, with those that the network adds."""
    kept = list(attributions)
    for sentence in block.sentences:
        told = [t for t in links.at(sentence).of("says") if t.chance >= LIKELY]
        told = [t for t in told if not any(a.covers(t.second) or a.cue.overlaps(t.second) for a in kept)]
        if told:
            kept += _added(block, sentence, told, mentions)
    return tuple(sorted(kept, key=lambda a: a.cue))


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
