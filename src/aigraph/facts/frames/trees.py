"""A sentence as a dependency tree with its mentions: what the frames are read from.

Words have indices of their own within the sentence. Labels are those of Universal Dependencies, version 2.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from aigraph.facts.frames.repairs import INNER, RELATIVE, Draft
from aigraph.facts.words.sentences import These
from aigraph.facts.words.tokens import Token, tokens_of
from aigraph.records import Mention, ReadBlock, Sentence, Span

if TYPE_CHECKING:
    from spacy.tokens import Doc

_DEPTH = 6
"""How far up the clause of a relative pronoun is looked for."""
_BEFORE_INFINITIVE = frozenset(
    {"can", "could", "did", "do", "does", "help", "helped", "may", "might", "must", "should", "to", "will", "would"}
)
_LONGEST = 8
"""How many words a description may have before its noun."""
_GOVERNED = frozenset({"obj", "iobj", "obl", "obl:agent", "nmod", "conj"})
_LISTED = frozenset({"nsubj", "nsubj:pass", "obj", "obl", "obl:agent", "nmod", "appos", "compound"})
"""Labels under which a member of a list may stand beside the first one, where the parser missed the list."""


@dataclass(frozen=True, slots=True)
class Tree:
    """The words of a sentence with heads, labels and lemmas; `heads[i]` is i itself for the root.

    `forms` are the words as written, `texts` in lower case.
    """

    forms: tuple[str, ...]
    texts: tuple[str, ...]
    lemmas: tuple[str, ...]
    kinds: tuple[str, ...]
    tags: tuple[str, ...]
    labels: tuple[str, ...]
    heads: tuple[int, ...]
    spans: tuple[Span, ...]
    mentions: tuple[Mention | None, ...]
    kids: tuple[tuple[int, ...], ...]
    _members: dict[int, tuple[int, ...]] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.texts)

    def under(self, at: int, *labels: str) -> Iterator[int]:
        """The children of a word that have one of some labels, in order."""
        kids = self.kids[at]
        return iter([kid for kid in kids if self.labels[kid] in labels] if kids else kids)

    def has(self, at: int, *labels: str) -> bool:
        """True where a word has a child with one of some labels."""
        kids = self.kids[at]
        return bool(kids) and any(self.labels[kid] in labels for kid in kids)

    def case(self, at: int) -> str:
        """The preposition of a phrase by its head, of several words joined by "_" ("such_as"); empty without one."""
        found = next(self.under(at, "case"), None)
        if found is None or self.texts[found] in ("'s", "'"):
            return ""
        fixed = [self.texts[kid] for kid in self.under(found, "fixed")]
        return "_".join([self.texts[found], *fixed])

    def members(self, at: int) -> tuple[int, ...]:
        """The members of the list that a phrase begins, itself first: "A, B and C"."""
        known = self._members.get(at)
        if known is None:
            known = self._members[at] = tuple(dict.fromkeys(self._listed(at)))
        return known

    def _listed(self, at: int) -> Iterator[int]:
        yield at
        for kid in self.under(at, "conj"):
            if self.kinds[kid] not in ("VERB", "AUX"):
                yield from self._listed(kid)
        if self.labels[at] in _LISTED and self.heads[at] != at:
            for other in self.kids[self.heads[at]]:
                joined = other > at and self.labels[other] == self.labels[at] and self.has(other, "cc")
                if joined and not self.has(at, "conj") and not self.case(other):
                    yield from self._listed(other)

    def listed_under(self, at: int) -> int:
        """The first member of the list that a word belongs to."""
        while self.labels[at] == "conj":
            at = self.heads[at]
        return at

    def antecedent(self, at: int) -> int:
        """The noun that a relative pronoun stands for; any other word itself."""
        if self.texts[at] not in (*RELATIVE, "whose") or self.kinds[at] not in ("PRON", "DET", "SCONJ"):
            return at
        above = self.heads[at]
        for _ in range(_DEPTH):
            if self.labels[above] == "acl:relcl":
                return self.heads[above]
            if self.heads[above] == above:
                break
            above = self.heads[above]
        return at

    def left_name(self, at: int) -> int | None:
        """The name behind which a description stands as an aside: "Acme" for "maker" in "Acme, the maker of …"."""
        left = at
        while left > 0 and left - 1 not in (0,) and self._is_before(left - 1, at):
            left -= 1
        opens = left == at or self.texts[left] in ("a", "an", "the", "its", "their")
        aside = left > 1 and self.texts[left - 1] in (",", "(", "—")
        if not opens or not aside or self.mentions[left - 2] is None:
            return None
        # "its TPUs, the Inferentia line has grown": the subject of a clause of its own is no aside of the name
        governed = self.labels[left - 2] in _GOVERNED
        own_clause = self.labels[at].startswith("nsubj") and self.heads[at] > at
        return None if governed and own_clause else left - 2

    def _is_before(self, at: int, noun: int) -> bool:
        return self.texts[at] not in (",", "(", "—", ";", ":") and noun - at < _LONGEST and at < self.heads[at] <= noun

    def within(self, at: int) -> Iterator[int]:
        """A word and all that hangs on it."""
        yield at
        for kid in self.kids[at]:
            yield from self.within(kid)


def read_tree(block: ReadBlock, sentence: Sentence, mentions: Sequence[Mention]) -> Tree | None:
    """The tree of one sentence; `mentions` are those that stand in it, in order. None where the Doc is not parsed.

    Relations and deals ask for the trees of the same sentences: the last ones are kept.
    """
    return _tree(block.doc, block.block.span.start, sentence.first, sentence.last, These(tuple(mentions)))


@lru_cache(maxsize=256)
def _tree(doc: Doc, base: int, first: int, end: int, these: These) -> Tree | None:
    if not doc.has_annotation("DEP"):
        return None
    tokens = [token for token in tokens_of(doc)[first:end] if not token.is_space]
    index = {token.i: i for i, token in enumerate(tokens)}
    heads = tuple(index.get(token.head.i, i) for i, token in enumerate(tokens))
    spans = tuple(Span(base + t.idx, base + t.idx + len(t.text)) for t in tokens)
    named = _mentions_at(spans, these.mentions)
    draft = Draft(
        texts=[t.text.lower().replace("’", "'") for t in tokens],
        tags=[t.tag_ for t in tokens],
        kinds=[t.pos_ for t in tokens],
        labels=[t.dep_ for t in tokens],
        heads=list(heads),
        mentions=list(named),
    )
    draft.repair()
    kids: list[list[int]] = [[] for _ in tokens]
    for i, head in enumerate(draft.heads):
        if head != i and draft.labels[i] != INNER:
            kids[head].append(i)
    return Tree(
        forms=tuple(t.text for t in tokens),
        texts=tuple(draft.texts),
        lemmas=tuple(
            "found" if t.lower_ == "found" and _is_infinitive(tokens, i) else _lemma(t) for i, t in enumerate(tokens)
        ),
        kinds=tuple(draft.kinds),
        tags=tuple(draft.tags),
        labels=tuple(draft.labels),
        heads=tuple(draft.heads),
        spans=spans,
        mentions=tuple(draft.mentions),
        kids=tuple(map(tuple, kids)),
    )


def _is_infinitive(tokens: Sequence[Token], at: int) -> bool:
    """Does a verb stand behind "to" or an auxiliary: "she did found Acme", which is no form of finding?"""
    return any(t.lower_ in _BEFORE_INFINITIVE for t in tokens[max(0, at - 2) : at])


def _lemma(token: Token) -> str:
    """The lemma in lower case; abbreviations lose the plural's ending too ("GPUs")."""
    lemma = token.lemma_.lower()
    plural = (
        token.pos_ in ("NOUN", "PROPN") and len(token.text) > 2 and token.text[-1] == "s" and token.text[-2].isupper()
    )
    return lemma[:-1] if plural and lemma.endswith("s") else lemma


def _mentions_at(spans: Sequence[Span], mentions: Sequence[Mention]) -> tuple[Mention | None, ...]:
    found: list[Mention | None] = [None] * len(spans)
    at = 0
    for mention in mentions:
        while at < len(spans) and spans[at].end <= mention.span.start:
            at += 1
        here = at
        while here < len(spans) and spans[here].overlaps(mention.span):
            found[here] = mention
            here += 1
    return tuple(found)
