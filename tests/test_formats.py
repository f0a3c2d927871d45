"""The table of formats."""

from __future__ import annotations

from pathlib import PurePath

import pytest

from aigraph.errors import FormatError
from aigraph.formats import CSV, JSON, RDF_FORMATS, RESULT_FORMATS, TURTLE, FormatTable, RdfSyntax, ResultFormat


@pytest.mark.parametrize("one", [*RDF_FORMATS, *RESULT_FORMATS], ids=lambda one: str(one.name))
def test_every_format_agrees_with_the_engine(one: RdfSyntax | ResultFormat) -> None:
    assert one.engine.media_type.partition(";")[0] == one.media_type
    assert one.engine.file_extension in one.suffixes
    if isinstance(one, RdfSyntax):
        assert one.engine.supports_datasets == one.datasets


@pytest.mark.parametrize("table", [RDF_FORMATS, RESULT_FORMATS], ids=lambda table: str(table.kind))
def test_no_two_formats_share_a_name_media_type_or_suffix(
    table: FormatTable[RdfSyntax] | FormatTable[ResultFormat],
) -> None:
    for keys in (
        [one.name for one in table],
        [media for one in table for media in one.media_types],
        [suffix for one in table for suffix in one.suffixes],
    ):
        assert len(keys) == len(set(keys))


@pytest.mark.parametrize("text", ["turtle", "Turtle", "text/turtle", "text/turtle; charset=utf-8", ".ttl", "ttl"])
def test_a_format_is_found_by_name_media_type_or_suffix(text: str) -> None:
    assert RDF_FORMATS.find(text) is TURTLE


def test_an_unknown_format_lists_what_there_is() -> None:
    with pytest.raises(FormatError, match=r"no RDF format 'word'\. Choose one of turtle, trig, nquads, ntriples, json"):
        RDF_FORMATS.find("word")
    with pytest.raises(FormatError, match=r"no result format 'ttl'\. Choose one of json, xml, csv, tsv"):
        RESULT_FORMATS.find("ttl")


def test_the_name_of_a_file_tells_its_format() -> None:
    assert RESULT_FORMATS.of_path(PurePath("out/answer.CSV")) is CSV
    with pytest.raises(FormatError, match=r"answer\.txt does not tell its format.*\.json, \.xml, \.csv, \.tsv"):
        RESULT_FORMATS.of_path(PurePath("out/answer.txt"))


def test_lookups_that_may_fail_give_none() -> None:
    assert RESULT_FORMATS.of_media_type("application/json") is JSON
    assert RESULT_FORMATS.of_media_type("text/html") is None
    assert RESULT_FORMATS.of_suffix("html") is None


def test_textual_types_name_their_character_set() -> None:
    assert CSV.content_type == "text/csv; charset=utf-8"
    assert JSON.content_type == "application/sparql-results+json"
