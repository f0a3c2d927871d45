"""The processes that answer queries: what they answer, what they refuse, and that nothing brings them down."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, Quad, parse, parse_query_results

from aigraph.errors import (
    AnswerTooLarge,
    QueryBusy,
    QueryFailed,
    QueryForbidden,
    QuerySyntaxError,
    QueryTimeout,
    StoreMissing,
    StoreUnreadable,
    UnknownFunction,
)
from aigraph.formats import CSV, JSON, N_TRIPLES, RDF_FORMATS, RESULT_FORMATS, TURTLE, XML, RdfSyntax, ResultFormat
from aigraph.store import Asker, Attempt, NotYet, QueryPool, latest_snapshot, open_writer, processes
from aigraph.store.frames import Closed, Late, read_frame, write_frame
from aigraph.store.processes import Process
from aigraph.vocab import AIG, Iris

IRIS = Iris("https://example.org/kg/")
ONE, TWO = IRIS.graph("one"), IRIS.graph("two")
A, B = IRIS.thing("Company", "a"), IRIS.thing("Company", "b")


def product(factors: int) -> str:
    """A pattern with 200 to the power of `factors` solutions."""
    return " ".join(f"VALUES ?v{i} {{ {' '.join(map(str, range(200)))} }}" for i in range(factors))


ENDLESS = f"SELECT (COUNT(*) AS ?n) {{ {product(6)} }}"
"""Counts 64 million million solutions: no machine comes to the end of it."""


def publish(path: Path, label: str) -> None:
    with open_writer(path, IRIS.base) as writer:
        writer.replace_graph(ONE, [Quad(A, AIG.form, Literal(label), ONE), Quad(A, AIG.uses, B, ONE)])
        writer.replace_graph(TWO, [Quad(B, AIG.form, Literal("b"), TWO)])
        writer.commit()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store")
    publish(path, "a")
    return path


@pytest.fixture(scope="module")
def pool(store: Path) -> Iterator[QueryPool]:
    with QueryPool(store, size=2, timeout=30) as pool:
        yield pool


def fail(pool: QueryPool, seconds: float, outcome: list[type[Exception]]) -> None:
    """Asks for what has no end, and notes how that ended."""
    try:
        pool.query(ENDLESS, timeout=seconds)
    except (QueryFailed, QueryTimeout) as error:
        outcome.append(type(error))


def values(pool: QueryPool, text: str, **options: Any) -> list[str]:
    rows = json.loads(pool.query(text, **options).content)["results"]["bindings"]
    return sorted(cell["value"] for row in rows for cell in row.values())


# --- answers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("syntax", tuple(RESULT_FORMATS), ids=lambda one: str(one.name))
def test_select_and_ask_in_every_format(pool: QueryPool, syntax: ResultFormat) -> None:
    result = pool.query("SELECT ?f { ?s aig:form ?f } ORDER BY ?f", solutions_format=syntax)
    assert (result.form, result.format) == ("SELECT", syntax)
    assert b"a" in result.content
    if syntax is not CSV:
        assert parse_query_results(result.content, syntax.engine)
    assert b"true" in pool.query("ASK { ?s aig:form 'a' }", solutions_format=syntax).content


@pytest.mark.parametrize("syntax", tuple(RDF_FORMATS), ids=lambda one: str(one.name))
def test_construct_in_every_format(pool: QueryPool, syntax: RdfSyntax) -> None:
    result = pool.query("CONSTRUCT WHERE { ?s aig:form ?f }", graph_format=syntax)
    assert (result.form, result.format) == ("CONSTRUCT", syntax)
    assert len(list(parse(result.content, syntax.engine))) == 2


def test_describe_and_prefixes(pool: QueryPool) -> None:
    result = pool.query("DESCRIBE <https://example.org/kg/id/company/a>")
    assert result.form == "DESCRIBE"
    assert b"@prefix aig: <https://w3id.org/aigraph/ontology#>" in result.content
    assert b'aig:form "a"' in result.content


def test_the_dataset_is_the_union_or_what_is_named(pool: QueryPool) -> None:
    everything = "SELECT ?f %s { ?s aig:form ?f }"
    assert values(pool, everything % "") == ["a", "b"]
    assert values(pool, everything % f"FROM {ONE}") == ["a"]
    assert values(pool, everything % f"FROM {ONE} FROM {TWO}") == ["a", "b"]
    assert values(pool, everything % f"FROM NAMED {ONE}") == []
    assert values(pool, everything % "", default_graphs=(TWO,)) == ["b"]
    assert values(pool, everything % f"FROM {ONE}", default_graphs=(TWO,)) == ["b"]
    inside = "SELECT ?f { GRAPH ?g { ?s aig:form ?f } }"
    assert values(pool, inside) == ["a", "b"]
    assert values(pool, inside, named_graphs=(TWO,)) == ["b"]
    assert values(pool, inside, default_graphs=(TWO,)) == []


def test_many_threads_at_once(pool: QueryPool) -> None:
    answers: dict[int, list[str]] = {}

    def ask(number: int) -> None:
        answers[number] = values(pool, f"SELECT ({number} AS ?n) {{}}")

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {number: [str(number)] for number in range(12)}


def test_workers_change_over_to_what_is_published(tmp_path: Path) -> None:
    publish(tmp_path, "old")
    with QueryPool(tmp_path, timeout=30) as pool:
        text = "SELECT ?f { <https://example.org/kg/id/company/a> aig:form ?f }"
        assert values(pool, text) == ["old"]
        for label in ("new", "newer", "newest"):
            publish(tmp_path, label)
            assert values(pool, text) == [label]
        assert pool.query(text).snapshot == latest_snapshot(tmp_path)
    publish(tmp_path, "last")
    assert len(list((tmp_path / "snapshots").iterdir())) == 2


def test_queries_are_answered_while_a_writer_publishes(tmp_path: Path) -> None:
    publish(tmp_path, "0")
    text = f"SELECT ?f {{ {A} aig:form ?f }}"
    seen: list[int] = []
    done = threading.Event()
    with QueryPool(tmp_path, size=2, timeout=30) as pool:

        def ask() -> None:
            while not done.is_set():
                seen.extend(int(value) for value in values(pool, text))

        threads = [threading.Thread(target=ask) for _ in range(2)]
        for thread in threads:
            thread.start()
        for label in range(1, 15):
            publish(tmp_path, str(label))
        done.set()
        for thread in threads:
            thread.join()
        assert values(pool, text) == ["14"]
    assert len(seen) > 14
    assert len(set(seen)) > 3


# --- refusals -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "INSERT DATA { <a:b> <a:b> <a:b> }",
        "load <http://x/>",
    ],
)
def test_what_is_not_allowed(pool: QueryPool, text: str) -> None:
    with pytest.raises(QueryForbidden, match="is not allowed here"):
        pool.query(text)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [("SELECT *\n{ ?s ?p }", 2, 9), ("", 1, 1), ("SELECT * { ?s a \ud800 }", None, None), ("ASK {} ; DROP ALL", 1, 8)],
)
def test_malformed_queries(pool: QueryPool, text: str, line: int | None, column: int | None) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        pool.query(text)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_a_function_that_there_is_not_is_the_fault_of_the_query(pool: QueryPool) -> None:
    with pytest.raises(UnknownFunction, match="<x:f>"):
        pool.query("SELECT * { ?s ?p ?o FILTER(<x:f>(?o)) }")


def test_who_may_not_wait_gets_an_answer_at_once_or_leaves_the_query_to_another(store: Path) -> None:
    slow = f"SELECT (COUNT(*) AS ?n) {{ {product(3)} }}"
    with QueryPool(store, timeout=60) as pool:
        pool.query("ASK {}")
        attempt = Attempt()
        with pytest.raises(NotYet):
            pool.query(slow, asker=Asker(attempt=attempt))
        assert (attempt.hurried, pool.running()) == (False, 1)
        with pytest.raises(NotYet):  # one that would have to wait for that one is not sent at all
            pool.query("ASK {}", asker=Asker(attempt=Attempt()))
        assert json.loads(pool.query(slow, asker=Asker(attempt=attempt)).content)["results"]["bindings"]
        assert pool.running() == 0
        at_once = False
        end = time.monotonic() + 30
        while not at_once and time.monotonic() < end:  # on a busy machine it takes more than a moment, now and then
            quick = Attempt()
            with suppress(NotYet):
                at_once = pool.query("ASK {}", asker=Asker(attempt=quick)).form == "ASK"
            if not at_once:
                pool.query("ASK {}", asker=Asker(attempt=quick))
        assert at_once
        left = Attempt()
        with pytest.raises(NotYet):
            pool.query(ENDLESS, asker=Asker(attempt=left))
        left.close()
        assert pool.running() == 0


def test_answers_that_xml_cannot_hold(tmp_path: Path) -> None:
    publish(tmp_path, "\x01")
    with QueryPool(tmp_path, timeout=30) as pool:
        with pytest.raises(QueryFailed, match="control characters"):
            pool.query("SELECT * { ?s aig:form ?f }", solutions_format=XML)
        assert pool.query("SELECT * { ?s aig:form ?f }", solutions_format=JSON).form == "SELECT"


def test_there_must_be_a_store(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing):
        QueryPool(tmp_path)


def test_a_store_that_is_damaged_later(tmp_path: Path) -> None:
    publish(tmp_path, "a")
    with QueryPool(tmp_path, timeout=30) as pool:
        (tmp_path / "snapshots/1/data/CURRENT").write_text("nothing\n")
        with pytest.raises(QueryFailed, match="cannot be opened"):
            pool.query("ASK {}")
        (tmp_path / "current").write_text("nothing")
        with pytest.raises(StoreUnreadable):
            pool.query("ASK {}")


# --- queries that would bring a server down -----------------------------------------------------------------


def test_a_query_without_end_is_stopped_while_others_are_answered(store: Path) -> None:
    with QueryPool(store, size=2, timeout=30) as pool:
        pool.query("ASK {}")
        outcome: list[object] = []

        def endless() -> None:
            start = time.monotonic()
            with pytest.raises(QueryTimeout, match=r"stopped after 1\.5 s"):
                pool.query(ENDLESS, timeout=1.5)
            outcome.append(time.monotonic() - start)

        thread = threading.Thread(target=endless)
        thread.start()
        while thread.is_alive():
            assert pool.query("ASK { ?s ?p ?o }").content == b'{"head":{},"boolean":true}'
        thread.join()
        assert isinstance(outcome[0], float)
        assert 1.4 < outcome[0] < 10
        assert pool.query("ASK {}").form == "ASK"


def test_a_slow_query_that_is_alone_costs_no_process(store: Path) -> None:
    with QueryPool(store, size=1, slow=1, timeout=60) as pool:
        pool.query("ASK {}")
        before = sorted(children(os.getpid()))
        pool.query(f"SELECT (COUNT(*) AS ?n) {{ VALUES ?v {{ 1 2 3 }} {product(3)} }}")
        assert sorted(children(os.getpid())) == before
        assert pool.states() == {"idle": 2, "quick": 0, "slow": 0}


def test_a_busy_pool_says_so(store: Path) -> None:
    with QueryPool(store, size=1, timeout=30) as pool:
        pool.query("ASK {}")
        outcome: list[type[Exception]] = []
        thread = threading.Thread(target=fail, args=(pool, 2, outcome))
        thread.start()
        time.sleep(0.3)
        with pytest.raises(QueryBusy, match="busy"):
            pool.query("ASK {}", timeout=0.2)
        thread.join()
        assert outcome == [QueryTimeout]
        assert pool.query("ASK {}").form == "ASK"


@pytest.mark.parametrize(
    "text",
    [
        "ASK { FILTER(" + "(" * 20_000 + "1" + ")" * 20_000 + ") }",
        "ASK {" + "{" * 30_000 + "}" * 30_000 + "}",
        "ASK { FILTER(" + "!" * 50_000 + "true) }",
        "ASK { ?s " + "^" * 20_000 + "aig:uses ?o }",
        "ASK { ?s ?p ?o . " + "OPTIONAL { ?s ?p ?o . " * 400 + "}" * 400 + "}",
    ],
    ids=["parentheses", "braces", "negations", "inverses", "optionals"],
)
def test_nested_text_brings_nothing_down(pool: QueryPool, text: str) -> None:
    with suppress(QueryTimeout, QueryFailed, QuerySyntaxError):
        assert pool.query(text, timeout=3).form == "ASK"
    assert pool.query("ASK {}").form == "ASK"


def test_memory_is_limited(store: Path) -> None:
    # Sorting holds all rows: 200 to the power of 4 are more than any machine has room for.
    text = f"SELECT * {{ {product(4)} }} ORDER BY ?v0"
    with QueryPool(store, timeout=60, memory=1500) as pool:
        with pytest.raises(QueryFailed, match="memory"):
            pool.query(text)
        assert pool.query("ASK {}").form == "ASK"


def test_a_worker_without_room_to_start(store: Path) -> None:
    with QueryPool(store, memory=20) as pool, pytest.raises(QueryFailed, match="memory limit may be too low"):
        pool.query("ASK {}")


def test_answers_have_a_longest_size(store: Path) -> None:
    text = f"SELECT * {{ {product(3)} }}"
    with QueryPool(store, timeout=60, longest=1) as pool:
        with pytest.raises(AnswerTooLarge, match="longer than 1 MB"):
            pool.query(text)
        assert pool.query("ASK {}").form == "ASK"


def test_workers_are_replaced_when_somebody_kills_them(store: Path) -> None:
    before = set(children(os.getpid()))
    with QueryPool(store, timeout=30) as pool:
        pool.query("ASK {}")
        for child in set(children(os.getpid())) - before:
            os.kill(child, 9)
            assert until(lambda: ended(child))  # noqa: B023
        assert pool.query("ASK {}").form == "ASK"


# --- processes ----------------------------------------------------------------------------------------------


def children(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == parent:
                found.append(int(entry.name))
    return found


def command_line(process: int) -> str:
    try:
        return (Path("/proc") / str(process) / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def ended(process: int) -> bool:
    """True for a child that its parent may bury."""
    return os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def until(condition: Callable[[], bool], seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_close_leaves_no_process_and_no_thread_waiting(store: Path) -> None:
    before = {child for child in children(os.getpid()) if "aigraph.store.worker" in command_line(child)}
    pool = QueryPool(store, size=2, timeout=30)
    pool.query("ASK {}")
    outcome: list[type[Exception]] = []
    thread = threading.Thread(target=fail, args=(pool, 30, outcome))
    thread.start()
    time.sleep(0.3)
    pool.close()
    thread.join(10)
    assert outcome == [QueryFailed]
    assert {child for child in children(os.getpid()) if "aigraph.store.worker" in command_line(child)} <= before
    with pytest.raises(QueryFailed, match="stopped"):
        pool.query("ASK {}")
    pool.close()


ORPHAN = """
import os, sys, threading, time
from pathlib import Path
from typing import Any
from aigraph.store import QueryPool
pool = QueryPool(Path(sys.argv[1]), size=2, timeout=1)
pool.query("ASK {}", timeout=30)
pool.query("ASK {}", timeout=30)
threading.Thread(target=lambda: pool.query(sys.argv[2]), daemon=True).start()
time.sleep(0.3)
print(*[p.pid for p in pool.processes()], flush=True)
os.kill(os.getpid(), 9)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_workers_end_when_their_owner_is_killed(store: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ORPHAN, str(store), ENDLESS], stdout=subprocess.PIPE, text=True, check=False
    )
    workers = [int(word) for word in done.stdout.split()]
    assert len(workers) == 2
    assert until(lambda: not any("aigraph.store.worker" in command_line(worker) for worker in workers))


NETWORK = """
import os, socket, sys
from aigraph.store.sandbox import close_network
if not close_network():
    sys.exit(7)
for attempt in (socket.socket, lambda: os.execv("/bin/true", ["true"])):
    try:
        attempt()
        sys.exit(1)
    except PermissionError:
        pass
print(open(__import__("json").__file__).readline())
"""


@pytest.mark.parametrize("syntax", tuple(RESULT_FORMATS), ids=lambda one: str(one.name))
def test_answers_have_most_rows(store: Path, syntax: ResultFormat) -> None:
    odd = (
        r"""'},{' '},{"' '},{}' '<result>' ']},{"a":' 'a"b' '},{",' '},{"}'"""  # what rows are told by, in their values
    )
    count = len(odd.split())
    with QueryPool(store, timeout=60, most_rows=count * 200) as pool:
        for extra, fits in (("", True), ("UNION { BIND(1 AS ?v) }", False)):
            text = f"SELECT * {{ {{ VALUES ?v {{ {odd} }} {product(1)} }} {extra} }}"
            if fits:
                assert pool.query(text, solutions_format=syntax).content
            else:
                with pytest.raises(AnswerTooLarge, match="more rows than 1,600") as refused:
                    pool.query(text, solutions_format=syntax)
                assert (refused.value.limit, refused.value.allowed) == ("answer-rows", 1600)
        assert (
            pool.query(f"SELECT * {{ {product(2)} }}", rows=5).total == 40_000
        )  # a page shows and tells less than all
        with pytest.raises(AnswerTooLarge):
            pool.query(f"SELECT * {{ {product(2)} }}", solutions_format=syntax)


@pytest.mark.parametrize(
    ("early", "options", "ends"),
    [
        (
            f"CONSTRUCT {{ ?s ?p ?x }} {{ {product(2)} ?s ?p ?o BIND(CONCAT(STR(?v0), STR(?v1)) AS ?x) }}",
            {"rows": 5},
            None,
        ),
        (f"SELECT * {{ {product(2)} }}", {"rows": 5}, None),
        (f"SELECT * {{ {product(2)} }}", {"longest": 1_000_000}, AnswerTooLarge),
        (
            f"CONSTRUCT {{ ?s ?p ?x }} {{ {product(2)} ?s ?p ?o BIND(CONCAT(STR(?v0), STR(?v1)) AS ?x) }}",
            {"longest": 300_000},
            AnswerTooLarge,
        ),
        (f'SELECT * {{ {product(2)} BIND("\u0001" AS ?x) }}', {"solutions_format": XML}, QueryFailed),
        ("nonsense", {}, QuerySyntaxError),
    ],
    ids=["graph", "rows", "long", "long-graph", "xml", "malformed"],
)
def test_an_answer_that_ends_early_leaves_nothing_for_the_next(
    store: Path, early: str, options: dict[str, Any], ends: type[Exception] | None
) -> None:
    with QueryPool(store, timeout=60) as pool:
        pool.query("ASK {}")
        worker = pool.processes()[0].pid
        with pytest.raises(ends) if ends else nullcontext():
            pool.query(early, **options)
        for number in range(3):
            assert values(pool, f"SELECT ({number} AS ?n) {{}}") == [str(number)]
        assert pool.processes()[0].pid == worker  # one and the same process has answered


def test_the_sandbox_has_no_network_and_starts_no_programs() -> None:
    done = subprocess.run([sys.executable, "-c", NETWORK], capture_output=True, text=True, check=False)
    if done.returncode == 7:
        pytest.skip("this system has no seccomp filter")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_call_of_another_server_that_slips_through_reaches_nobody(store: Path) -> None:
    if subprocess.run([sys.executable, "-c", NETWORK], capture_output=True, check=False).returncode == 7:
        pytest.skip("this system has no seccomp filter")
    request = {"timeout": 30, "solutions": "json", "graph": "turtle", "number": 1}
    with socket.create_server(("127.0.0.1", 0)) as other:
        other.settimeout(0.5)
        text = f"SELECT * {{ SERVICE <http://127.0.0.1:{other.getsockname()[1]}/> {{ ?s ?p ?o }} }}"
        process = subprocess.Popen(
            [sys.executable, "-m", "aigraph.store.worker", "4096", "16", "0"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        with process:
            assert process.stdin
            assert process.stdout
            assert read_frame(process.stdout.fileno())[0] == {"status": "ready"}
            frame = {**request, "snapshot": str(latest_snapshot(store).path)}
            write_frame(process.stdin.fileno(), frame, text.encode())
            header, _ = read_frame(process.stdout.fileno(), time.monotonic() + 30)
        assert header["status"] == "failed"
        with pytest.raises(TimeoutError):
            other.accept()


def test_frames_come_back_as_they_were_or_say_why_not() -> None:
    requests, answers = os.pipe()
    write_frame(answers, {"status": "ok"}, b"body")
    assert read_frame(requests) == ({"status": "ok"}, b"body")
    with pytest.raises(Late):
        read_frame(requests, time.monotonic() + 0.05)
    os.write(answers, b"half")
    os.close(answers)
    with pytest.raises(Closed):
        read_frame(requests, time.monotonic() + 1)
    os.close(requests)


def test_results_name_the_snapshot_that_was_asked(pool: QueryPool, store: Path) -> None:
    result = pool.query("CONSTRUCT WHERE { ?s ?p ?o }", graph_format=N_TRIPLES, solutions_format=CSV)
    assert result.snapshot.id == latest_snapshot(store).id
    assert result.format is N_TRIPLES
    assert pool.query("ASK {}", graph_format=TURTLE).format is JSON


@pytest.mark.parametrize(
    ("module", "reason"),
    [
        ("json.tool", "did not start within 0.3 seconds. The machine may be too busy."),
        ("aigraph.no_such_module", "could not start. Its memory limit may be too low."),
    ],
)
def test_a_worker_that_is_slow_is_told_from_one_that_ends(
    module: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first reads all of its standard input before it says anything."""
    monkeypatch.setattr(processes, "_START", 0.3 if module == "json.tool" else 60.0)
    process = Process(module)
    try:
        with pytest.raises(QueryFailed, match=reason):
            process.wait_until_ready()
    finally:
        process.end()
