"""The store: whole graphs replaced in one step, snapshots, hashes, and every way it can be refused."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QueryBoolean, QuerySolutions

from aigraph.errors import (
    DataError,
    QueryFailed,
    QuerySyntaxError,
    StoreError,
    StoreLocked,
    StoreMissing,
    StoreTooNew,
    StoreUnreadable,
)
from aigraph.store import Derivation, Reader, Writer, latest_snapshot, open_latest, open_snapshot, open_writer
from aigraph.vocab import AIG, RDF, Iris

IRIS = Iris("https://example.org/kg/")
ONE, TWO, DERIVED = IRIS.graph("one"), IRIS.graph("two"), IRIS.graph("facts")
A, B, C = (IRIS.thing("Company", name) for name in ("a", "b", "c"))


def quad(s: NamedNode | BlankNode, p: NamedNode, o: NamedNode | BlankNode | Literal, graph: NamedNode = ONE) -> Quad:
    return Quad(s, p, o, graph)


def content(reader: Reader) -> list[str]:
    return sorted(f"{quad} ." for quad in reader.quads())


def fill(path: Path, quads: Iterable[Quad] = (quad(A, AIG.develops, B),)) -> None:
    with open_writer(path, IRIS.base) as writer:
        writer.replace_graph(ONE, quads)
        writer.commit()


def ask(reader: Reader, text: str) -> bool:
    answer = reader.query(text)
    assert isinstance(answer, QueryBoolean)
    return bool(answer)


# --- graphs -------------------------------------------------------------------------------------------------


def test_a_graph_holds_exactly_what_it_was_given_last(tmp_path: Path) -> None:
    with open_writer(tmp_path) as writer:
        assert writer.replace_graph(ONE, [quad(A, AIG.develops, B), quad(A, AIG.develops, C)])
        assert writer.replace_graph(TWO, [quad(B, AIG.uses, C, TWO)])
        assert writer.replace_graph(ONE, [quad(A, AIG.develops, C), quad(A, AIG.uses, C)])
        assert set(writer.quads(ONE)) == {quad(A, AIG.develops, C), quad(A, AIG.uses, C)}
        assert set(writer.quads(TWO)) == {quad(B, AIG.uses, C, TWO)}
        assert writer.graphs() == (ONE, TWO)
        assert len(writer) == 3


@pytest.mark.parametrize("collecting", [True, False])
def test_whether_garbage_is_looked_for_is_left_as_it_was(tmp_path: Path, collecting: bool) -> None:
    try:
        if not collecting:
            gc.disable()
        with open_writer(tmp_path) as writer:
            writer.replace_graph(ONE, [quad(A, AIG.develops, B)])
            assert gc.isenabled() == collecting
            with pytest.raises(ValueError, match="does not belong"):
                writer.replace_graph(ONE, [quad(A, AIG.develops, B, TWO)])
            assert gc.isenabled() == collecting
            writer.remove_graph(ONE)
        assert gc.isenabled() == collecting
    finally:
        gc.enable()


def test_the_same_content_again_changes_nothing(tmp_path: Path) -> None:
    node = BlankNode()
    plain = [quad(A, AIG.confidence, Literal(0.5)), quad(A, AIG.form, Literal("x", language="en"))]
    blank = [quad(node, AIG.uses, C, TWO), quad(B, AIG.uses, node, TWO)]
    with open_writer(tmp_path) as writer:
        assert writer.replace_graph(ONE, plain)
        assert writer.replace_graph(TWO, blank)
        before = writer.canonical_hash()
        assert not writer.replace_graph(ONE, plain)
        assert not writer.replace_graph(TWO, blank)
        other = BlankNode()
        assert not writer.replace_graph(TWO, [quad(other, AIG.uses, C, TWO), quad(B, AIG.uses, other, TWO)])
        assert writer.canonical_hash() == before


def test_a_graph_with_blank_nodes_is_replaced_too(tmp_path: Path) -> None:
    with open_writer(tmp_path) as writer:
        writer.replace_graph(ONE, [quad(BlankNode(), AIG.uses, B)])
        writer.replace_graph(ONE, [quad(BlankNode(), AIG.uses, C)])
        assert [one.object for one in writer.quads(ONE)] == [C]


def test_a_graph_without_quads_is_no_graph(tmp_path: Path) -> None:
    with open_writer(tmp_path) as writer:
        writer.replace_graph(ONE, [quad(A, AIG.uses, B)])
        assert writer.replace_graph(ONE, [])
        assert writer.graphs() == ()
        assert not writer.remove_graph(ONE)


def test_quads_of_another_graph_are_refused(tmp_path: Path) -> None:
    with open_writer(tmp_path) as writer:
        with pytest.raises(ValueError, match="does not belong to the graph"):
            writer.replace_graph(ONE, [quad(A, AIG.uses, B, TWO)])
        assert len(writer) == 0


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), max_size=8))
@settings(max_examples=30, deadline=None)
def test_any_text_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    quads = {quad(A, AIG.form, Literal(text)) for text in texts}
    with open_writer(tmp_path_factory.mktemp("store")) as writer:
        writer.replace_graph(ONE, quads)
        assert set(writer.quads(ONE)) == quads


def test_fingerprints_are_read_per_graph(tmp_path: Path) -> None:
    with open_writer(tmp_path) as writer:
        writer.replace_graph(
            ONE,
            [quad(A, AIG.sourceSha256, Literal("ab")), quad(B, AIG.rulesVersion, Literal("7")), quad(A, AIG.uses, B)],
        )
        writer.replace_graph(TWO, [quad(A, AIG.uses, C, TWO)])
        assert writer.fingerprints() == {ONE: {AIG.sourceSha256: "ab", AIG.rulesVersion: "7"}}


# --- derived graphs -----------------------------------------------------------------------------------------

SYMMETRIC = "CONSTRUCT { ?b aig:competesWith ?a } WHERE { ?a aig:competesWith ?b }"
TRANSITIVE = "CONSTRUCT { ?a aig:uses ?c } WHERE { ?a aig:uses ?b . ?b aig:uses ?c }"


def test_a_derived_graph_gets_what_no_other_graph_holds(tmp_path: Path) -> None:
    with open_writer(tmp_path) as writer:
        writer.replace_graph(ONE, [quad(A, AIG.competesWith, B)])
        writer.replace_graph(TWO, [quad(B, AIG.competesWith, A, TWO), quad(A, AIG.competesWith, C, TWO)])
        assert writer.construct_into(DERIVED, [SYMMETRIC]) == 1
        assert list(writer.quads(DERIVED)) == [quad(C, AIG.competesWith, A, DERIVED)]


def test_what_was_derived_does_not_support_itself(tmp_path: Path) -> None:
    with open_writer(tmp_path) as writer:
        writer.replace_graph(ONE, [quad(A, AIG.competesWith, B)])
        without = writer.canonical_hash()
        writer.construct_into(DERIVED, [SYMMETRIC], fixpoint=True)
        assert writer.canonical_hash() != without
        assert writer.canonical_hash(without=[DERIVED]) == without
        writer.remove_graph(ONE)
        assert writer.construct_into(DERIVED, [SYMMETRIC], fixpoint=True) == 0
        assert len(writer) == 0


def test_a_fixpoint_goes_on_until_nothing_new_comes(tmp_path: Path) -> None:
    chain = [IRIS.thing("Chip", str(i)) for i in range(9)]
    with open_writer(tmp_path) as writer:
        writer.replace_graph(ONE, [quad(a, AIG.uses, b) for a, b in pairwise(chain)])
        assert writer.construct_into(DERIVED, [TRANSITIVE]) == 7
        assert writer.construct_into(DERIVED, [TRANSITIVE], fixpoint=True) == 28


def test_derivations_see_the_steps_before_them(tmp_path: Path) -> None:
    labels = "CONSTRUCT { ?a aig:partnerOf ?b } WHERE { ?a aig:competesWith ?b }"
    steps = [
        Derivation(DERIVED, (SYMMETRIC,)),
        Derivation(TWO, (labels,)),
        Derivation(DERIVED, (TRANSITIVE,), fixpoint=True),
    ]
    with open_writer(tmp_path) as writer:
        writer.replace_graph(ONE, [quad(A, AIG.competesWith, B), quad(A, AIG.uses, B), quad(B, AIG.uses, C)])
        writer.derive(steps)
        assert set(writer.quads(DERIVED)) == {quad(B, AIG.competesWith, A, DERIVED), quad(A, AIG.uses, C, DERIVED)}
        assert len(list(writer.quads(TWO))) == 2
        first = writer.commit()
        writer.derive(steps)
        assert writer.commit() == first


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("SELECT * { ?s ?p ?o }", DataError),
        ("CONSTRUCT { [] aig:uses ?o } WHERE { ?s ?p ?o }", DataError),
        ("CONSTRUCT { ?s ?p }", QuerySyntaxError),
    ],
)
def test_a_query_that_cannot_derive_leaves_the_graph_as_it_was(
    tmp_path: Path, query: str, error: type[Exception]
) -> None:
    with open_writer(tmp_path) as writer:
        writer.replace_graph(ONE, [quad(A, AIG.competesWith, B)])
        writer.construct_into(DERIVED, [SYMMETRIC])
        before = writer.canonical_hash()
        with pytest.raises(error):
            writer.construct_into(DERIVED, [SYMMETRIC, query])
        assert writer.canonical_hash() == before


# --- hash ---------------------------------------------------------------------------------------


def test_the_hash_depends_on_content_alone(tmp_path: Path) -> None:
    hashes = []
    for name, order in (("x", 1), ("y", -1)):
        node = BlankNode()
        quads = [quad(A, AIG.uses, node), quad(node, AIG.form, Literal("a _:b")), quad(A, AIG.uses, C)][::order]
        with open_writer(tmp_path / name) as writer:
            for one in (ONE, TWO)[::order]:
                writer.replace_graph(one, [Quad(q.subject, q.predicate, q.object, one) for q in quads])
            assert writer._content == writer.content(), "the sum follows each change"
            hashes.append((writer.canonical_hash(), writer.commit().id))
    assert hashes[0] == hashes[1]


def test_one_change_is_published_without_a_look_at_all_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path)
    with open_writer(tmp_path) as writer, monkeypatch.context() as patched:
        for whole in ("content", "canonical_hash", "__len__"):
            patched.setattr(Writer, whole, lambda *_: pytest.fail("the whole store is looked at"))
        writer.replace_graph(TWO, [quad(B, AIG.uses, C, TWO)])
        published = writer.commit()
    with open_latest(tmp_path) as reader:
        assert (published.id, published.quads) == (reader.content().digest, 2)
    with open_writer(tmp_path) as writer:
        writer.remove_graph(TWO)
        writer.replace_graph(TWO, [quad(B, AIG.uses, C, TWO)])
        assert writer.commit() == published, "the same again"


def test_the_sum_is_made_anew_where_nobody_followed(tmp_path: Path) -> None:
    fill(tmp_path)
    with open_writer(tmp_path) as writer:
        writer.load([TWO], f"{quad(B, AIG.uses, C, TWO)} .\n".encode())
        assert writer._content is None
        assert writer.commit().id == writer.content().digest
    with open_writer(tmp_path) as writer:
        assert writer._content == writer.content()
        writer.replace_graph(TWO, [quad(A, AIG.uses, C, TWO)])  # and no commit
    with open_writer(tmp_path) as writer:
        assert writer._content is None


def test_a_large_store_has_the_same_hash_and_lines_by_way_of_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = BlankNode()
    with open_writer(tmp_path) as writer:
        writer.replace_graph(ONE, [quad(A, AIG.form, Literal(f"{n} two\nlines _:x")) for n in range(50)])
        writer.replace_graph(TWO, [quad(A, AIG.form, Literal(f"ü{n}"), TWO) for n in range(50)])
        writer.replace_graph(DERIVED, [quad(node, AIG.uses, C, DERIVED), quad(B, AIG.uses, node, DERIVED)])
        before = writer.content(), writer.canonical_hash(), writer.canonical_hash(without=[ONE]), content(writer)
        monkeypatch.setattr("aigraph.store.reader.IN_MEMORY", 10)
        monkeypatch.setattr("aigraph.store.reader._RUN", 1000)
        after = writer.content(), writer.canonical_hash(), writer.canonical_hash(without=[ONE]), content(writer)
        assert after == before


# --- snapshots ----------------------------------------------------------------------------------------------


def test_readers_see_what_was_committed_and_nothing_else(tmp_path: Path) -> None:
    fill(tmp_path)
    with open_latest(tmp_path) as reader:
        assert reader.base == IRIS.base
        with open_writer(tmp_path) as writer:
            writer.replace_graph(TWO, [quad(B, AIG.uses, C, TWO)])
            with open_latest(tmp_path) as other:
                assert len(other) == 1
            writer.commit()
        assert len(reader) == 1
    with open_latest(tmp_path) as reader:
        assert len(reader) == 2
        assert ask(reader, "ASK { <https://example.org/kg/id/company/b> aig:uses res:company\\/c }")


def test_a_snapshot_is_known_by_its_content(tmp_path: Path) -> None:
    fill(tmp_path)
    first = latest_snapshot(tmp_path)
    assert first.quads == 1
    fill(tmp_path)
    assert latest_snapshot(tmp_path) == first
    fill(tmp_path, [quad(A, AIG.uses, B)])
    second = latest_snapshot(tmp_path)
    assert second.generation == first.generation + 1
    assert second.id != first.id
    fill(tmp_path)
    assert latest_snapshot(tmp_path).id == first.id


def test_two_generations_are_kept_and_those_in_use(tmp_path: Path) -> None:
    fill(tmp_path)
    first = latest_snapshot(tmp_path)
    with open_snapshot(first) as reader:
        for text in "abc":
            fill(tmp_path, [quad(A, AIG.form, Literal(text))])
        assert sorted(entry.name for entry in (tmp_path / "snapshots").iterdir()) == ["1", "3", "4"]
        assert len(content(reader)) == 1
    fill(tmp_path)
    assert sorted(entry.name for entry in (tmp_path / "snapshots").iterdir()) == ["4", "5"]
    with pytest.raises(StoreMissing, match="replaced by a newer one"), open_snapshot(first):
        pass


def test_an_interrupted_writer_leaves_a_note(tmp_path: Path) -> None:
    fill(tmp_path)
    with open_writer(tmp_path) as writer:
        assert not writer.interrupted
        writer.replace_graph(ONE, [quad(A, AIG.uses, C)])
    (tmp_path / "snapshots" / ".9.new").mkdir()
    with open_writer(tmp_path) as writer:
        assert writer.interrupted
        assert not (tmp_path / "snapshots" / ".9.new").exists()
        writer.commit()
        assert not writer.interrupted
    with open_writer(tmp_path) as writer:
        assert not writer.interrupted


KILLED = """
import sys
from pathlib import Path
from pyoxigraph import Literal, NamedNode, Quad
from aigraph.store import open_writer
graph = NamedNode("http://g")
with open_writer(Path(sys.argv[1])) as writer:
    for turn in range(10**6):
        value = Literal(str(turn))
        quads = [Quad(NamedNode("http://s"), NamedNode(f"http://p{i}"), value, graph) for i in range(300)]
        writer.replace_graph(graph, quads)
        print(turn, flush=True)
"""


def test_a_killed_writer_leaves_each_graph_whole(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        for line in process.stdout:
            if int(line) == 5:
                time.sleep(0.004)
                process.send_signal(signal.SIGKILL)
                break
    with open_writer(tmp_path) as writer:
        assert writer.interrupted
        values = {one.object.value for one in writer.quads(NamedNode("http://g")) if isinstance(one.object, Literal)}
        assert len(writer) == 300
        assert len(values) == 1


# --- refusals -----------------------------------------------------------------------------------------------


def test_there_is_no_store(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(StoreMissing, match=r"There is no store at .*Build one"):
            latest_snapshot(path)
        with pytest.raises(StoreMissing, match="There is no store"), open_writer(path, create=False):
            pass
    assert list(tmp_path.iterdir()) == []


def test_nothing_was_published_yet(tmp_path: Path) -> None:
    with open_writer(tmp_path):
        pass
    with pytest.raises(StoreMissing, match="Nothing was published"), open_latest(tmp_path):
        pass


def test_another_folder_is_no_store_and_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(StoreUnreadable, match=r"no aigraph store: it has no aigraph\.json"):
        latest_snapshot(tmp_path)
    with pytest.raises(StoreUnreadable, match="no aigraph store"), open_writer(tmp_path):
        pass
    assert [entry.name for entry in tmp_path.iterdir()] == ["letter.txt"]
    with pytest.raises(StoreUnreadable, match="no aigraph store"), open_writer(tmp_path / "letter.txt"):
        pass


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": "1", "base": "x"}', "\xff"])
def test_a_damaged_manifest(tmp_path: Path, text: str) -> None:
    fill(tmp_path)
    (tmp_path / "aigraph.json").write_text(text, encoding="latin-1")
    with pytest.raises(StoreUnreadable, match=r"damaged|cannot be read"):
        latest_snapshot(tmp_path)


def test_a_store_of_a_newer_version(tmp_path: Path) -> None:
    fill(tmp_path)
    (tmp_path / "aigraph.json").write_text('{"version": 2, "base": "https://example.org/"}')
    with pytest.raises(StoreTooNew, match=r"layout 2.*up to 1"), open_writer(tmp_path):
        pass


@pytest.mark.parametrize("name", ["current", "snapshots/1/snapshot.json"])
def test_a_damaged_snapshot_list(tmp_path: Path, name: str) -> None:
    fill(tmp_path)
    (tmp_path / name).write_text("{}")
    with pytest.raises(StoreUnreadable, match=r"damaged|cannot be read"):
        latest_snapshot(tmp_path)


def test_a_snapshot_that_is_gone(tmp_path: Path) -> None:
    fill(tmp_path)
    (tmp_path / "current").write_text("7\n")
    with pytest.raises(StoreUnreadable, match="newest snapshot is gone"):
        latest_snapshot(tmp_path)


def test_damaged_data(tmp_path: Path) -> None:
    fill(tmp_path)
    for place in (tmp_path / "data", latest_snapshot(tmp_path).data):
        (place / "CURRENT").write_text("nothing\n")
    with pytest.raises(StoreUnreadable, match="If it is damaged, build the store again"), open_latest(tmp_path):
        pass
    with pytest.raises(StoreUnreadable, match="If it is damaged, move it away"), open_writer(tmp_path):
        pass


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_store_that_may_not_be_written(tmp_path: Path) -> None:
    fill(tmp_path)
    tmp_path.chmod(0o500)
    (tmp_path / "lock").chmod(0o400)
    try:
        with pytest.raises(StoreUnreadable, match=r"cannot be written to: Permission denied\."), open_writer(tmp_path):
            pass
    finally:
        tmp_path.chmod(0o700)


def test_a_store_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with (
        pytest.raises(StoreUnreadable, match="cannot be written to: Not a directory"),
        open_writer(tmp_path / "file/x"),
    ):
        pass


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    with (
        open_writer(tmp_path),
        pytest.raises(StoreLocked, match=f"process {os.getpid()}. Wait until"),
        open_writer(tmp_path),
    ):
        pass
    with open_writer(tmp_path) as writer:
        assert isinstance(writer, Writer)


def test_a_store_keeps_its_base(tmp_path: Path) -> None:
    fill(tmp_path)
    with (
        pytest.raises(StoreError, match=r"below https://example\.org/kg/, not below https://other\.example/"),
        open_writer(tmp_path, "https://other.example/"),
    ):
        pass
    with open_writer(tmp_path) as writer:
        assert writer.base == IRIS.base


# --- queries ------------------------------------------------------------------------------------------------


def test_the_default_graph_is_the_union_or_what_is_named(tmp_path: Path) -> None:
    with open_writer(tmp_path) as writer:
        writer.replace_graph(ONE, [quad(A, RDF.type, AIG.Company)])
        writer.replace_graph(TWO, [quad(B, RDF.type, AIG.Company, TWO)])
        text = "SELECT ?s { ?s a aig:Company }"
        everything, one = writer.query(text), writer.query(text, default_graphs=[TWO])
        assert isinstance(everything, QuerySolutions)
        assert {row["s"] for row in writer.select(text)} == {A, B}
        with pytest.raises(QueryFailed, match="Only SELECT gives rows"):
            writer.select("ASK {}")
        assert isinstance(one, QuerySolutions)
        assert {row["s"] for row in everything} == {A, B}
        assert {row["s"] for row in one} == {B}


SYNTAX = [
    ("", 1, 1, "The query is empty"),
    ("# nothing\n", 1, 1, "The query is empty"),
    ("SELECT *\n{ ?s ?p }", 2, 9, "unexpected “}”"),
    ("SELEC * {}", 1, 1, "a query begins with SELECT, ASK"),
    ("SELECT * {", 1, 11, "unexpected end of the query"),
    ("SELECT (1 AS x) {}", 1, 14, "unexpected “x”; expected a variable"),
    ("SELECT * { ?s ?p <http://a b> }", 1, 29, "what stands before “>” is no valid IRI"),
    ("SELECT * { ?s a foo:x }", 1, 17, "the prefix of “foo:x” is not declared"),
    ("SELECT * { ?s a <x> }", 1, 17, "“<x>” is no valid IRI, or is relative"),
    ("SELECT * { ?s ?p 'abc }", 1, 18, "the text that begins with “'abc }” has no closing quote"),
    ("SELECT * { ?s ?p ?o }\nLIMIT x", 2, 7, "unexpected “x”"),
    ("INSERT DATA { <a:b> <a:b> <a:b> }", 1, 1, "INSERT changes the graph, but this service only reads"),
    ("SELECT ?x { ?s ?p ?o } GROUP BY ?s", 1, None, "SELECT asks for a variable"),
]


@pytest.mark.parametrize(("text", "line", "column", "message"), SYNTAX)
def test_malformed_queries_say_where(tmp_path: Path, text: str, line: int, column: int | None, message: str) -> None:
    with open_writer(tmp_path) as writer, pytest.raises(QuerySyntaxError) as caught:
        writer.query(text)
    assert message in str(caught.value)
    assert "\\u{" not in str(caught.value)
    assert len(str(caught.value)) < 400
    assert caught.value.line == line
    if column is not None:
        assert caught.value.column == column


def test_a_store_that_lost_its_database_is_refused_and_its_snapshots_stay(tmp_path: Path) -> None:
    path = tmp_path / "store"
    with open_writer(path, "https://w3id.org/aigraph/") as writer:
        writer.commit()
    before = latest_snapshot(path)
    shutil.rmtree(path / "data")
    with pytest.raises(StoreUnreadable, match="lost its database"), open_writer(path):
        pass
    assert latest_snapshot(path) == before
