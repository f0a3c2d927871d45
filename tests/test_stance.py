"""Stance: what negations, conditions, rumours, forecasts and opinions reach, and what they do not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from aigraph import facts
from aigraph.facts.speech.attribution import AttributionReader
from aigraph.facts.speech.cues import load_speakers, load_speech
from aigraph.facts.speech.stance import Stance, StanceReader
from aigraph.facts.words.grammar import function_words
from aigraph.records import Modality, Polarity, Span
from aigraph.vocab import Iris
from notation import read_notation

READER = StanceReader(AttributionReader())
ASSERTED, FORECAST, REPORTED = Modality.ASSERTED, Modality.FORECAST, Modality.REPORTED
OPINION, HYPOTHETICAL = Modality.OPINION, Modality.HYPOTHETICAL


def stance_of(text: str) -> Stance:
    """The stance of the stretch from the last but one mention of a text to its last."""
    document, mentions = read_notation(text)
    first, last = mentions.mentions[-2:]
    focus = Span(first.span.start, last.span.end)
    block = document.blocks[0]
    sentence = next(s for s in block.sentences if focus in s.span)
    return READER.read(document, block, sentence, focus, mentions.mentions)


AFFIRMED_SENTENCES = [
    "[Tigris|Company] has acquired [Corvid|Company].",
    "[Tigris|Company] not only bought [Corvid|Company].",
    "[Tigris|Company] did not deny that it had acquired [Corvid|Company].",
    "There is no doubt that [Tigris|Company] has bought [Corvid|Company].",
    "[Tigris|Company], which did not comment, has bought [Corvid|Company].",
    "[Tigris|Company] bought [Corvid|Company], but it did not buy its rival.",
    "[Tigris|Company], whose chips are not cheap, acquired [Corvid|Company], but not its rival.",
    "[Tigris|Company] never makes promises, and it owns [Corvid|Company].",
    "To no surprise, [Tigris|Company] makes the [Q7|Chip].",
    "No less a firm than [Tigris|Company] uses the [Q7|Chip].",
    "[Tigris|Company] has no rivals, while [Corvid|Company] sells the [Q7|Chip].",
]

NEGATED_SENTENCES = [
    "[Tigris|Company] has not acquired [Corvid|Company].",
    "[Tigris|Company] hasn't acquired [Corvid|Company].",
    "[Tigris|Company] denied that it had acquired [Corvid|Company].",
    "[Tigris|Company] no longer uses [Skein|Software].",
    "Neither [Tigris|Company] nor its rival has bought [Corvid|Company].",
    "[Tigris|Company] has neither bought nor licensed the [Q7|Chip].",
    "[Tigris|Company] declined to buy [Corvid|Company].",
    "[Tigris|Company] never bought [Corvid|Company].",
    "[Tigris|Company] failed to buy [Corvid|Company].",
    "[Tigris|Company] has yet to buy [Corvid|Company].",
    "[Tigris|Company] makes its server without the [Q7|Chip].",
    "There is no sign that [Tigris|Company] has bought [Corvid|Company].",
    "[Tigris|Company] uses its own parts instead of the [Q7|Chip].",
    "[Tigris|Company] is no supplier of [Corvid|Company].",
    "It is not true that [Tigris|Company] makes the [Q7|Chip].",
]


@pytest.mark.parametrize("text", AFFIRMED_SENTENCES)
def test_what_is_not_denied_is_affirmed(text: str) -> None:
    assert stance_of(text).polarity == Polarity.AFFIRMED


@pytest.mark.parametrize("text", NEGATED_SENTENCES)
def test_what_is_denied_is_negated(text: str) -> None:
    assert stance_of(text).polarity == Polarity.NEGATED


MODALITIES = [
    ("[Tigris|Company] designs the [Q7|Chip].", ASSERTED),
    ("[Tigris|Company] has agreed to buy [Corvid|Company].", ASSERTED),
    ("Despite rumours that it would be sold, [Tigris|Company] bought [Corvid|Company].", ASSERTED),
    ("[Tigris|Company] acquired [Corvid|Company] in May 2025.", ASSERTED),
    ("[Tigris|Company] will buy [Corvid|Company] if its targets are met.", FORECAST),
    ("If [Tigris|Company] bought [Corvid|Company], its rival would suffer.", HYPOTHETICAL),
    ("Were [Tigris|Company] to buy [Corvid|Company], its rival would suffer.", HYPOTHETICAL),
    ("Should [Tigris|Company] buy [Corvid|Company], its rival would suffer.", HYPOTHETICAL),
    ("If its rival slipped, [Tigris|Company] could buy [Corvid|Company].", HYPOTHETICAL),
    ("Unless prices fall, [Tigris|Company] would drop the [Q7|Chip].", HYPOTHETICAL),
    ("[Tigris|Company] would buy [Corvid|Company] if it had the money.", HYPOTHETICAL),
    ("Would [Tigris|Company] buy [Corvid|Company]?", HYPOTHETICAL),
    ("It is unclear whether [Tigris|Company] bought [Corvid|Company].", HYPOTHETICAL),
    ("[Tigris|Company] hopes to win [Corvid|Company] as a customer.", HYPOTHETICAL),
    ("[Tigris|Company] could use the [Q7|Chip].", HYPOTHETICAL),
    ("[Tigris|Company] reportedly bought [Corvid|Company].", REPORTED),
    ("Reportedly, [Tigris|Company] bought [Corvid|Company].", REPORTED),
    ("[Tigris|Company] is in talks to buy [Corvid|Company].", REPORTED),
    ("[Tigris|Company] is said to have bought [Corvid|Company].", REPORTED),
    ("[Tigris|Company] may have bought [Corvid|Company].", REPORTED),
    ("[Tigris|Company] is considering a bid for [Corvid|Company].", REPORTED),
    ("Sources say [Tigris|Company] has bought [Corvid|Company].", REPORTED),
    ("[Tigris|Company] has bought [Corvid|Company], people familiar with the matter said.", REPORTED),
    ("[Tigris|Company] is rumoured to supply [Corvid|Company].", REPORTED),
    ("[Tigris|Company] will buy [Corvid|Company].", FORECAST),
    ("[Tigris|Company] plans to buy [Corvid|Company].", FORECAST),
    ("[Tigris|Company] is to supply [Corvid|Company].", FORECAST),
    ("[Tigris|Company] is set to supply [Corvid|Company] by 2030.", FORECAST),
    ("[Tigris|Company] intends to use the [Q7|Chip].", FORECAST),
    ("[Tigris|Company] expects [Corvid|Company] to use the [Q7|Chip].", FORECAST),
    ("[Ann Lee|Person] believes that [Tigris|Company] leads [Corvid|Company].", OPINION),
    ("[Ann Lee|Person] argues that [Tigris|Company] rivals [Corvid|Company].", OPINION),
]


@pytest.mark.parametrize(("text", "modality"), MODALITIES)
def test_modality(text: str, modality: Modality) -> None:
    assert stance_of(text).modality == modality


@pytest.mark.parametrize(
    "text",
    [
        "Ferro will use [Tigris|Company]'s [Q7|Chip].",
        "Ferro may never buy [Tigris|Company]'s [Q7|Chip].",
        "If Ferro buys [Tigris|Company]'s [Q7|Chip], prices will rise.",
        "Ferro will use servers made by [Tigris|Company] for [Plume|AIModel].",
    ],
)
def test_what_a_sentence_takes_for_granted_is_asserted(text: str) -> None:
    found = stance_of(text)
    assert (found.modality, found.polarity) == (ASSERTED, Polarity.AFFIRMED)


def test_the_speaker_of_a_relation_is_its_claimant() -> None:
    found = stance_of("[Ann Lee|Person], head of [Ferro|Company], said that [Tigris|Company] makes the [Q7|Chip].")
    assert found.claimant == Iris().thing("Person", "Ann Lee")


def test_cues_are_the_words_that_tell() -> None:
    text = "[Tigris|Company] has not acquired [Corvid|Company]."
    plain = read_notation(text)[0].article.text
    assert [plain[c.start : c.end] for c in stance_of(text).cues] == ["not"]


def test_a_stretch_outside_the_sentence_has_a_neutral_stance() -> None:
    document, mentions = read_notation("[Tigris|Company] will buy [Corvid|Company].")
    block = document.blocks[0]
    outside = Span(900, 910)
    assert READER.read(document, block, block.sentences[0], outside, mentions.mentions) == Stance()


# --- the data files -----------------------------------------------------------------------------------------


FILES = [
    "claims/holders",
    "claims/metrics",
    "speech/cues",
    "speech/hedges",
    "speech/speakers",
    "speech/speech",
    "words/clauses",
    "words/grammar",
]


def word_lists(data: object) -> Iterator[list[object]]:
    """Every list in a data file."""
    if isinstance(data, dict):
        for value in data.values():
            yield from word_lists(value)
    elif isinstance(data, list):
        yield data


@pytest.mark.parametrize("name", FILES)
def test_lists_of_words_are_sorted_and_unique_strings(name: str) -> None:
    path = Path(facts.__file__).parent / f"{name}.yaml"
    for words in word_lists(yaml.safe_load(path.read_text(encoding="utf-8"))):
        assert all(isinstance(word, str) for word in words), f"quote words such as no and on: {words}"
        texts = [str(word) for word in words]
        assert texts == sorted(set(texts))


def test_verbs_of_saying_have_one_kind_each_and_known_forms() -> None:
    speech = load_speech()
    assert set(speech.kinds) >= speech.with_object | speech.with_infinitive | speech.apart
    assert {"said", "says", "say"} <= speech.verbs.words("say")


def test_nouns_of_speakers_and_function_words_are_in_lower_case() -> None:
    speakers = load_speakers()
    words = speakers.groups | speakers.company | speakers.works | function_words("auxiliaries")
    assert all(word == word.lower() for word in words)
