"""What belongs to the page alone stays in the canonical text, stays out of the facts, and shifts no offset."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal

from aigraph.articles.layout import lay_out
from aigraph.documents import DocumentReader
from aigraph.facts.confidence import OVERALL_RELATION
from aigraph.pipeline import Pipeline
from aigraph.records import Article, BlockKind
from aigraph.vocab import DEFAULT_BASE

READER = DocumentReader()
PIPELINE = Pipeline(DEFAULT_BASE)

STORY = st.sampled_from(
    [
        "Nvidia develops the Blackwell architecture, and Brontal Systems buys 50,000 of the chips made with it.",
        "Jensen Huang, the chief executive of Nvidia, said that revenue reached $5 billion in the year to May.",
        "AMD has not acquired Corvane, although the two had talked about a deal worth $2 billion for most of the year.",
    ]
)
PAGE = st.sampled_from(
    [
        "We use cookies. By continuing to use Nvidia's site you accept that AMD acquired Intel.",
        "© 2026 Intel. All rights reserved.",
        "Subscribe to our newsletter: Intel acquired AMD for $9 billion.",
        "Click here to read how TSMC acquired Samsung.",
        "Privacy Policy",
        "***",
        "For more information, visit intel.com. Intel develops Blackwell.",
    ]
)


def article(text: str) -> Article:
    return Article("a", text, lay_out(text), "0" * 64)


@given(st.lists(st.tuples(STORY, st.booleans()) | st.tuples(PAGE, st.booleans()), min_size=1, max_size=12))
def test_boilerplate_is_in_the_text_and_out_of_the_document(parts: list[tuple[str, bool]]) -> None:
    text = "".join(words + ("\n\n" if apart else "\n") for words, apart in parts)
    read = article(text)
    document = READER.read(read)
    covered = [block.span for block in read.blocks]
    for block in document.blocks:
        assert block.block.kind is not BlockKind.BOILERPLATE
        assert not any(
            other.span.overlaps(block.block.span) for other in read.blocks if other.kind is BlockKind.BOILERPLATE
        )
        assert block.doc.text == text[block.block.span.start : block.block.span.end]
        for sentence in block.sentences:
            assert sentence.span in block.block.span
            first = block.doc[sentence.first]
            start = block.block.span.start + first.idx
            assert text[start : start + len(first)] == first.text
    assert all(
        words.strip("*") == "" or any(words[:10] in text[s.start : s.end] for s in covered) for words, _ in parts
    )


@settings(max_examples=12)
@given(st.lists(STORY, min_size=1, max_size=2, unique=True), st.lists(PAGE, min_size=1, max_size=3))
def test_facts_are_those_of_the_story_and_quotes_stand_at_their_offsets(story: list[str], page: list[str]) -> None:
    plain = "\n\n".join(["A headline for this story", *story])
    furnished = "\n\n".join([*page, "A headline for this story", page[0], *story, *page])
    quotes = []
    for text in (plain, furnished):
        reading = PIPELINE.read(article(text))
        values: dict[str, dict[str, str]] = {}
        for quad in reading.quads:
            name = str(quad.predicate.value).rsplit("#", 1)[-1]
            if isinstance(quad.object, Literal) and name in ("exact", "form", "start", "end"):
                values.setdefault(str(quad.subject), {})[name] = quad.object.value
        places = {(int(found["start"]), int(found["end"])) for found in values.values() if "start" in found}
        told = {found["exact"] for found in values.values() if "exact" in found}
        told |= {found["form"] for found in values.values() if "form" in found and "start" in found}  # references
        assert {text[start:end] for start, end in places} == told
        quotes.append(told)
    assert quotes[0] == quotes[1]


def test_a_name_inside_a_longer_word_breaks_nothing() -> None:
    text = """Orrin licenses its vector design

Orrin of Leuven has licensed its vector design to NEC. NEC, of Tokyo, with which Orrin has been working on a successor
to the SX-Aurora since 2025, keeps the first call on any improvement."""
    reading = PIPELINE.read(article(text.replace("successor\n", "successor ")))
    ruled = [found for found in reading.facts.statements if found.extractor != OVERALL_RELATION]
    assert not any(statement.object.value.endswith("/aurora") for statement in ruled)
