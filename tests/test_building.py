"""Building at scale: one graph for any order, any parting and any number of processes; mishaps stay where they are."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from aigraph.cli import main
from aigraph.cli.terminal import progress, rate
from aigraph.errors import ReadersLost, StoreLocked
from aigraph.pipeline import BuildReport, Limits, build_with, remove_with
from aigraph.store import latest_snapshot, open_latest, open_writer
from aigraph.vocab import AIG, DEFAULT_BASE
from stubreaders import TESTS, StubRecipe

QUICK = Limits(seconds=0.5)


@pytest.fixture(autouse=True)
def _stubs_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, (str(TESTS), os.environ.get("PYTHONPATH")))))


def write(folder: Path, **texts: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text + "\n", encoding="utf-8")
    return folder


def build(
    source: Path | Sequence[Path], store: Path, *, processes: int = 1, version: str = "1", retry: bool = False
) -> BuildReport:
    paths = [source] if isinstance(source, Path) else source
    return build_with(StubRecipe(version=version), paths, store, processes=processes, limits=QUICK, retry=retry)


def reasons(report: BuildReport) -> list[str]:
    return [failure.reason for failure in report.failures]


# --- the laws -----------------------------------------------------------------------------------------------

LINES = st.sampled_from(["a develops b", "b componentOf c", "c componentOf d", "a competesWith e", "e develops c"])
ARTICLES = st.dictionaries(
    st.sampled_from(["one", "two", "three", "four"]), st.lists(LINES, min_size=1, max_size=3), min_size=1
)


@given(ARTICLES, st.randoms(use_true_random=False))
@settings(max_examples=6)
def test_any_order_and_any_parting_give_one_graph(texts: dict[str, list[str]], chance: object) -> None:
    with TemporaryDirectory() as place:
        folder = write(Path(place) / "in", **{name: "\n".join(lines) for name, lines in texts.items()})
        sources = sorted(folder.iterdir())
        build(folder, Path(place) / "whole", processes=0)
        chance.shuffle(sources)  # type: ignore[attr-defined]
        cut = len(sources) // 2
        for part in (sources[:cut], sources[cut:]):
            if part:
                build(part, Path(place) / "parts", processes=0)
        assert latest_snapshot(Path(place) / "parts").id == latest_snapshot(Path(place) / "whole").id
        write(folder, extra="a develops b\nd competesWith a")
        build(folder, Path(place) / "parts", processes=0)
        removed = remove_with(StubRecipe(), ["extra"], Path(place) / "parts")
        assert removed.removed == ("extra",)
        assert latest_snapshot(Path(place) / "parts").id == latest_snapshot(Path(place) / "whole").id


def test_the_number_of_processes_makes_no_difference(tmp_path: Path) -> None:
    texts = {f"n{number:02}": f"wait {number % 3 / 50}\na{number} develops b\n" for number in range(30)}
    folder = write(tmp_path / "in", **texts)
    ids, orders = set(), set()
    for processes in (0, 3):
        order: list[str] = []
        store = tmp_path / f"store{processes}"

        def told(_: int, __: int, name: str, order: list[str] = order) -> None:
            order.append(name)

        report = build_with(StubRecipe(), [folder], store, processes=processes, progress=told)
        assert report.added == tuple(sorted(texts))
        ids.add(latest_snapshot(store).id)
        orders.add(tuple(order))
    assert len(ids) == len(orders) == 1


# --- what goes wrong with one article -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mishap", "reason"),
    [
        ("burn", r"took more than 0\.5 seconds of processor time\. Split it"),
        ("sleep", r"did not end within 10 seconds, though it was not at work"),
        ("fill", "needs more memory"),
        ("die", r"ended twice \(exit code 7\)"),
        ("flaw", r"ValueError: a flaw\)\. Please report it"),
    ],
)
def test_one_poisonous_article_is_set_aside(tmp_path: Path, mishap: str, reason: str) -> None:
    folder = write(tmp_path / "in", bad=mishap, early="a develops b", late="b develops c")
    limits = Limits(seconds=0.5, clock=10) if mishap == "sleep" else QUICK
    report = build_with(StubRecipe(), [folder], tmp_path / "store", processes=1, limits=limits)
    assert report.added == ("early", "late")
    assert len(report.failures) == 1
    assert str(folder / "bad.txt") in reasons(report)[0]
    assert re.search(reason, reasons(report)[0])


def test_what_is_set_aside_is_read_again_when_it_may_go_otherwise(tmp_path: Path) -> None:
    folder, store = write(tmp_path / "in", bad="flaw", good="a develops b"), tmp_path / "store"
    first = build(folder, store, processes=0)
    again = build(folder, store, processes=0)
    assert reasons(again)[0].startswith(reasons(first)[0])
    assert "set aside by an earlier build; --retry reads it again" in reasons(again)[0]
    assert "set aside" not in reasons(build(folder, store, processes=0, retry=True))[0]
    assert "set aside" not in reasons(build(folder, store, processes=0, version="2"))[0]
    write(folder, bad="a competesWith c")
    assert build(folder, store, processes=0, version="2").added == ("bad",)
    write(folder, bad="flaw")
    assert "set aside" not in reasons(build(folder, store, processes=0, version="2"))[0], "and forgotten meanwhile"


def test_an_article_that_turns_poisonous_leaves_its_earlier_state(tmp_path: Path) -> None:
    folder, store = write(tmp_path / "in", one="a develops b"), tmp_path / "store"
    build(folder, store, processes=0)
    before = latest_snapshot(store)
    write(folder, one="flaw")
    assert reasons(build(folder, store, processes=0))
    assert latest_snapshot(store) == before


def test_a_process_that_cannot_start_ends_the_build(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", one="a develops b")
    with pytest.raises(ReadersLost, match=r"while it was starting \(exit code 3\)"):
        build_with(StubRecipe(parent=os.getpid()), [folder], tmp_path / "store", processes=1)


# --- broken off ---------------------------------------------------------------------------------------------


def stopping(after: int) -> Callable[[int, int, str], None]:
    def progress(done: int, total: int, name: str) -> None:
        if done == after:
            raise KeyboardInterrupt

    return progress


def test_a_build_that_is_broken_off_goes_on(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", **{f"n{number}": f"a{number} develops b" for number in range(9)})
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    build(folder, whole, processes=0)
    with pytest.raises(KeyboardInterrupt):
        build_with(StubRecipe(), [folder], parts, progress=stopping(5))
    report = build(folder, parts, processes=0)
    assert (len(report.unchanged), len(report.added)) == (5, 4)
    assert latest_snapshot(parts).id == latest_snapshot(whole).id


BUILD = """
import sys
from pathlib import Path
from aigraph.pipeline import build_with
from stubreaders import StubRecipe
source, store, processes = sys.argv[1:]
def told(done, *_):
    print(done, flush=True)
build_with(StubRecipe(), [Path(source)], Path(store), processes=int(processes), progress=told)
"""


def test_nothing_survives_a_killed_build_but_what_it_wrote(tmp_path: Path) -> None:
    folder, store = write(tmp_path / "in", a="a develops b", b="a develops c", c="sleep"), tmp_path / "store"
    with subprocess.Popen(
        [sys.executable, "-c", BUILD, str(folder), str(store), "1"], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert [process.stdout.readline() for _ in range(2)] == ["1\n", "2\n"]
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        assert len(children) == 1
        with pytest.raises(StoreLocked, match=f"process {process.pid}"):
            build(folder, store, processes=0)
        process.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 20
    while Path(f"/proc/{children[0]}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{children[0]}").exists(), "a process that reads ends with the one that writes"
    write(folder, c="c develops d")
    report = build(folder, store, processes=0)
    assert sorted(report.unchanged + report.added) == ["a", "b", "c"]
    with open_latest(store) as reader:
        assert reader.base == DEFAULT_BASE


def killed(folder: Path, store: Path, after: int, delay: float) -> None:
    """A build that is killed some time after so many articles, if it has not ended before."""
    command = [sys.executable, "-c", BUILD, str(folder), str(store), "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        for line in process.stdout:
            if int(line) >= after:
                break
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)


def test_killed_again_and_again_a_build_ends_with_the_same_graph(tmp_path: Path) -> None:
    """While articles come in, while others are replaced, and while the end of it is derived and published."""
    chance = Random(7)
    count, store = 40, tmp_path / "store"
    folder = write(tmp_path / "in", **{f"n{n:02}": f"wait 0.002\na{n % 7} componentOf a{n % 5}" for n in range(count)})
    wanted = tmp_path / "wanted"
    for turn, after in enumerate((5, count, 12, count)):
        if turn == 2:
            before = latest_snapshot(store).id
            write(folder, **{f"n{n:02}": f"wait 0.002\na{n} competesWith a{n % 3}" for n in range(0, count, 2)})
        build(folder, wanted, processes=0)
        killed(folder, store, after, chance.random() * 0.1)
        started = time.process_time()
        with open_writer(store):
            pass
        assert time.process_time() - started < 2
        if turn % 2:
            build(folder, store, processes=0)
            assert latest_snapshot(store).id == latest_snapshot(wanted).id
        elif turn == 2:
            assert latest_snapshot(store).id == before, "what is not whole is not published"


def test_what_was_loaded_in_part_is_removed(tmp_path: Path) -> None:
    graphs = [NamedNode(f"urn:graph:{name}") for name in "abc"]
    lines = [Quad(NamedNode("urn:s"), AIG.form, Literal(graph.value), graph) for graph in graphs]
    with open_writer(tmp_path) as writer:
        writer.load(graphs[:1], f"{lines[0]} .\n".encode())
        with pytest.raises(SyntaxError):
            writer.load(graphs[1:], f"{lines[1]} .\n{lines[2]} .\n<broken".encode())
    with open_writer(tmp_path) as writer:
        assert writer.interrupted
        assert writer.graphs() == (graphs[0],)
        writer.load(graphs[1:], f"{lines[1]} .\n{lines[2]} .\n".encode())
        assert writer.graphs() == tuple(graphs)
    with open_writer(tmp_path) as writer:
        assert writer.graphs() == tuple(graphs)


FULL = """
import resource, sys
from pathlib import Path
from aigraph.articles.languages import language_of
from aigraph.errors import AigraphError
from aigraph.pipeline import build_with
from stubreaders import StubRecipe
source, store, most, prepared = sys.argv[1:]
if prepared == "True":
    language_of("Was Sprachen unterscheidet, braucht einmal eine Datei, die es gleich wieder entfernt. " * 9)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(most), int(most)))  # beyond it writing fails, as on a full disk
try:
    build_with(StubRecipe(), [Path(source)], Path(store))
except AigraphError as error:
    print(error)
"""


def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path) -> None:
    """While an article is read, while it is written, while a new store is loaded, while one is opened."""
    many = "\n".join(f"a{number} develops b{number % 20}" for number in range(250))
    first, second = write(tmp_path / "first", one="a develops b"), write(tmp_path / "second", one=many, two="flaw")
    store, whole = tmp_path / "store", tmp_path / "whole"
    build(first, store, processes=0)
    before = latest_snapshot(store)
    build(second, whole, processes=0)
    for place, most, told in (
        (store, 100_000, "no room left for what reading needs"),
        (store, 100_000, "cannot be written to"),
        (tmp_path / "new", 100_000, "cannot be written to"),
        (store, 100, "cannot be opened"),
        (store, 200_000, "cannot be written to"),
    ):
        command = [sys.executable, "-c", FULL, str(second), str(place), str(most), str(told.startswith("cannot"))]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, ""), told
        assert told in done.stdout, most
        assert latest_snapshot(store) == before
    for place in (store, tmp_path / "new"):
        build(second, place, processes=0)
        assert latest_snapshot(place).id == latest_snapshot(whole).id


# --- how far it is ------------------------------------------------------------------------------------------


def test_without_a_terminal_a_line_a_minute_says_how_far_a_build_is(capsys: pytest.CaptureFixture[str]) -> None:
    now = [0.0]
    with progress(clock=lambda: now[0]) as told:
        for done, seconds in ((10, 30.0), (30, 70.0), (31, 80.0), (60, 131.0)):
            now[0] = seconds
            told(done, 90, f"article-{done}")
    assert capsys.readouterr().err.splitlines() == [
        "30 of 90 articles, 2.3 s an article, 0:02:20 left, now article-30",
        "60 of 90 articles, 2.2 s an article, 0:01:06 left, now article-60",
    ]


def test_ctrl_c_says_what_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("aigraph.pipeline.build", interrupted)
    folder = write(tmp_path / "in", one="a develops b")
    result = CliRunner().invoke(main, ["build", str(folder), "--store", str(tmp_path / "store")])
    assert result.exit_code == 130
    assert "What was read is kept in" in result.output
    assert "the same command goes on" in result.output


def test_rates_are_told_in_a_unit_that_fits() -> None:
    assert rate(12.34) == "12.3 articles/s"
    assert rate(0.25) == "4.0 s an article"
