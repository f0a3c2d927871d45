"""The tokenizer of SPARQL texts."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigraph.sparql import (
    Kind,
    decode_escapes,
    forbidden_keyword,
    line_and_column,
    query_form,
    replace_variables,
    tokens,
    update_form,
    variables,
)


def kinds(text: str) -> list[tuple[str, str]]:
    return [(token.kind.value, token.text) for token in tokens(text)]


def test_a_query_comes_apart_into_its_tokens() -> None:
    assert kinds("PREFIX ex: <http://e.org/> # why\nSELECT ?s $t { ?s a ex:A.b-c ; ex:p _:b1 . }") == [
        ("word", "PREFIX"),
        ("name", "ex:"),
        ("iri", "<http://e.org/>"),
        ("comment", "# why"),
        ("word", "SELECT"),
        ("variable", "?s"),
        ("variable", "$t"),
        ("punctuation", "{"),
        ("variable", "?s"),
        ("word", "a"),
        ("name", "ex:A.b-c"),
        ("punctuation", ";"),
        ("name", "ex:p"),
        ("blank", "_:b1"),
        ("punctuation", "."),
        ("punctuation", "}"),
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("'it \\' is'", Kind.STRING),
        ('"a # b"', Kind.STRING),
        ("'''two\n'lines' '''", Kind.STRING),
        ('"""a "quoted" word\n"""', Kind.STRING),
        ("''", Kind.STRING),
        ('""""""', Kind.STRING),
        ("@en-GB", Kind.LANGTAG),
        ("^^", Kind.DATATYPE),
        ("1.5e-3", Kind.NUMBER),
        (".5", Kind.NUMBER),
        ("ex:a%20b", Kind.NAME),
        ("ex:a\\,b", Kind.NAME),
        (":", Kind.NAME),
        ("<http://e.org/\\u00e9>", Kind.IRI),
        ("\\u0053ELECT", Kind.WORD),
        ("'no end", Kind.UNKNOWN),
        ('"""no end "', Kind.UNKNOWN),
        ("`", Kind.UNKNOWN),
        ("&&", Kind.PUNCTUATION),
    ],
)
def test_each_kind_of_token(text: str, kind: Kind) -> None:
    assert kinds(text) == [(kind.value, text)]


def test_a_literal_with_language_or_datatype_is_two_or_three_tokens() -> None:
    assert [t.text for t in tokens('"a"@en "1"^^xsd:integer')] == ['"a"', "@en", '"1"', "^^", "xsd:integer"]


def test_a_dot_after_a_name_ends_the_triple() -> None:
    assert [t.text for t in tokens("ex:a ex:b ex:c.")] == ["ex:a", "ex:b", "ex:c", "."]


@given(st.text(max_size=200))
def test_any_text_is_covered_by_tokens_and_blanks(text: str) -> None:
    done = 0
    for token in tokens(text):
        assert text[done : token.start].strip() == ""
        assert text[token.start : token.end] == token.text
        done = token.end
    assert text[done:].strip() == ""


def _processor_time(work: Callable[[], object]) -> float:
    gc.disable()
    try:
        start = time.process_time()
        work()
        return time.process_time() - start
    finally:
        gc.enable()


@pytest.mark.parametrize(
    "unit", ["a.", "'\\", "\\'", "<", '"""\'', "a:", "(", "\\u0053", "?", "..", "ex:a.", "'''", "@a-"]
)
def test_long_texts_take_linear_time(unit: str) -> None:
    def seconds(length: int) -> float:
        """The least processor time of three tries: other work on the machine counts for nothing, nor does one
        collection of what the tests before have left."""
        text = unit * (length // len(unit)) + " service"
        return min(_processor_time(lambda: forbidden_keyword(text)) for _ in range(3))

    # Ten times as much where it is linear, a hundred times where not.
    assert seconds(100_000) < 40 * max(seconds(10_000), 0.001)


FORBIDDEN = [
    "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }",
    "SELECT * { service silent ?x { ?s ?p ?o } }",
    "SELECT * { \\u0053ERVICE <http://x/> { ?s ?p ?o } }",
    "SELECT * { \\U00000053er\\u0076ice <http://x/> { } }",
    "PREFIX : <http://x/> SELECT * { SERVICE:x { ?s ?p ?o } }",
    "PREFIX : <http://x/> SELECT * { ?s ?p trueSERVICE:x # why\n { ?s ?p ?o } }",
    "SELECT * { SERVICESILENT<http://x/>{} }",
    "SELECT * { ?s ?p trueSERVICE<http://x/>{} }",
    'SELECT * { ?s ?p "x"SERVICE<http://x/>{} }',
    "SELECT * { FILTER(?x<'>') SERVICE <http://x/> {} FILTER(?x='') }",
    "SELECT * { FILTER(?x<#>'''\n 1) SERVICE <http://x/> {} #'''\n }",
    'SELECT * { ?s ?p "\\u0022 . SERVICE <http://x/> {} #" }',
]
ALLOWED = [
    "SELECT * { ?service ?p ?o }",
    "SELECT * { ?s ?p 'SERVICE <x> {}' }",
    "SELECT * { ?s ?p '''a\nSERVICE <x> {}''' }",
    "SELECT * { ?s ?p <http://x/SERVICE> }",
    "SELECT * { ?s ?p <http://x/it's#SERVICE> }",
    "# SERVICE <x> {}\nSELECT * { ?s ?p ?o }",
    "PREFIX service: <http://x/> SELECT * { ?s a service:SERVICE }",
    "PREFIX service: <http://x/> SELECT * { GRAPH service:g { ?s ?p ?o } }",
    "SELECT * { ?s ex:service ?o }",
    'SELECT * { ?s ?p "service"@en }',
    "SELECT * { FILTER(?x<'>') }",
]


@pytest.mark.parametrize("text", FORBIDDEN)
def test_calls_of_other_servers_are_found(text: str) -> None:
    assert forbidden_keyword(text) == "SERVICE"


@pytest.mark.parametrize("text", ALLOWED)
def test_the_letters_alone_are_no_call(text: str) -> None:
    assert forbidden_keyword(text) is None


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("SELECT * {}", "SELECT"),
        ("  # SELECT\n ask {}", "ASK"),
        ("BASE <http://x/> PREFIX select: <http://y/> CONSTRUCT WHERE {}", "CONSTRUCT"),
        ("DESCRIBE<http://x/>", "DESCRIBE"),
        ("\\u0053ELECT * {}", "SELECT"),
        ("SELECTDISTINCT?s{}", "SELECT"),
        ("INSERT DATA {}", None),
        ("", None),
        ("'SELECT'", None),
    ],
)
def test_the_form_of_a_query(text: str, form: str | None) -> None:
    assert query_form(text) == form


@pytest.mark.parametrize(
    ("text", "form"),
    [("PREFIX a: <x:> insert data {}", "INSERT"), ("LOAD <x:y>", "LOAD"), ("SELECT * {}", None), ("", None)],
)
def test_the_form_of_an_update(text: str, form: str | None) -> None:
    assert update_form(text) == form


def test_variables_are_replaced_as_tokens() -> None:
    text = "SELECT ?y { $x ?xy '?x' . <http://e/?x> ?p ?x # ?x\n }"
    assert replace_variables(text, {"x": '"1"'}) == 'SELECT ?y { "1" ?xy \'?x\' . <http://e/?x> ?p "1" # ?x\n }'
    assert variables(text) == ("y", "x", "xy", "p")


def test_a_text_without_the_variable_stays_as_it_is() -> None:
    assert replace_variables("ASK {}", {"x": "1"}) == "ASK {}"


def test_escapes_that_stand_for_no_character_stay() -> None:
    assert decode_escapes("\\u0041\\uD800\\UFFFFFFFF") == "A\\uD800\\UFFFFFFFF"


def test_positions_count_from_one() -> None:
    assert line_and_column("ab\ncd", 0) == (1, 1)
    assert line_and_column("ab\ncd", 4) == (2, 2)
