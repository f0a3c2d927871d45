"""A mended tree stays a tree: from every word a way leads up to one that hangs on nothing."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from aigraph.facts.frames.repairs import Draft
from aigraph.records import EntityType, Mention, Span
from aigraph.vocab import Iris

IRIS = Iris()
WORDS = (
    (",", ",", "PUNCT"), ("served", "VBD", "VERB"), ("keeps", "VBZ", "VERB"), ("is", "VBZ", "AUX"),
    ("based", "VBN", "VERB"), ("its", "PRP$", "PRON"), ("which", "WDT", "PRON"), ("unit", "NN", "NOUN"),
    ("acme", "NNP", "PROPN"), ("now", "RB", "ADV"), ("worth", "JJ", "ADJ"), ("and", "CC", "CCONJ"),
    ("'s", "POS", "PART"),
)  # fmt: skip
LABELS = (
    "acl", "acl:relcl", "advcl", "appos", "aux", "aux:pass", "case", "cop", "ccomp", "compound", "conj", "csubj",
    "nmod", "nmod:poss", "nsubj", "nsubj:pass", "obj", "obl", "xcomp",
)  # fmt: skip


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    """Any tree over a few words, some of which are names of several words."""
    size = draw(st.integers(2, 9))
    order = draw(st.permutations(range(size)))
    heads = [0] * size
    for place, word in enumerate(order):
        heads[word] = order[draw(st.integers(0, max(place - 1, 0)))]
    words = [draw(st.sampled_from(WORDS)) for _ in range(size)]
    texts, tags, kinds = ([word[part] for word in words] for part in range(3))
    labels = [draw(st.sampled_from(LABELS)) for _ in range(size)]
    mentions: list[Mention | None] = []
    while len(mentions) < size:
        length = draw(st.integers(1, 4))
        span = Span(len(mentions), len(mentions) + length)
        named = Mention(span, IRIS.thing(EntityType.COMPANY, f"n{len(mentions)}"), EntityType.COMPANY, "n")
        mentions += [named if draw(st.booleans()) else None] * length
    return Draft(texts, tags, kinds, labels, heads, mentions[:size])


@given(drafts())
@settings(max_examples=600, deadline=None)
def test_no_word_hangs_on_what_hangs_on_it(draft: Draft) -> None:
    draft.repair()
    for word in range(len(draft.heads)):
        above, steps = word, 0
        while draft.heads[above] != above:
            above, steps = draft.heads[above], steps + 1
            assert steps <= len(draft.heads), (word, draft)
