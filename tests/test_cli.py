"""The commands as a user types them: in a process of their own, on real files."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner

from aigraph.cli import main
from aigraph.cli.terminal import build_summary
from aigraph.pipeline import BuildReport
from aigraph.records import Rejection, Span

NOTE = """---
title: Corvane opens a plant
publisher: The Ledger
issued: 2026-02-03
---
Corvane Corp. has unveiled the Zephyr-2 accelerator.
Nvidia CEO Jensen Huang said that revenue will reach $5 billion in 2027.
"""


def aigraph(
    *arguments: str | Path, cwd: Path | None = None, stdin: str | None = None, **env: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "aigraph", *map(str, arguments)],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, **env},
    )


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "note.md"
    path.write_text(NOTE, encoding="utf-8")
    return path


def test_every_command_has_an_example_in_its_help() -> None:
    runner = CliRunner()
    for name, command in main.commands.items():
        help_text = runner.invoke(main, [name, "--help"]).output
        assert "Example" in help_text, name
        assert command.help


def test_a_first_graph_from_a_file_then_nothing_to_do(note: Path, tmp_path: Path) -> None:
    first = aigraph("build", note, "--store", tmp_path / "g", cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    assert "1 added" in first.stdout
    assert "1 unchanged" in aigraph("build", note, "--store", tmp_path / "g").stdout
    note.write_text(NOTE.replace("$5 billion", "$6 billion"), encoding="utf-8")
    assert "1 replaced" in aigraph("build", note, "--store", tmp_path / "g").stdout
    assert "1 removed" in aigraph("remove", "note", "--store", tmp_path / "g").stdout
    missing = aigraph("remove", "note", "--store", tmp_path / "g")
    assert missing.returncode == 1
    assert "nothing was removed" in missing.stderr


def test_broken_articles_are_named_and_the_others_go_on(note: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    (tmp_path / "binary.txt").write_bytes(b"\x00\x01\x02" * 100)
    (tmp_path / "front.md").write_text("---\ntitle: [\n---\nText.", encoding="utf-8")
    (tmp_path / "twin.txt").write_text("---\nidentifier: same\n---\nNvidia makes chips.", encoding="utf-8")
    (tmp_path / "double.txt").write_text("---\nidentifier: same\n---\nAMD makes chips.", encoding="utf-8")
    (tmp_path / "derived.txt").write_text("---\nidentifier: facts\n---\nAMD makes chips.", encoding="utf-8")
    done = aigraph("build", tmp_path, "--store", tmp_path / "g")
    assert done.returncode == 1
    assert "1 added" in done.stdout
    for name in ("empty.txt", "binary.txt", "front.md", "twin.txt", "double.txt", "derived.txt"):
        assert name in done.stdout + done.stderr, name
    assert "Traceback" not in done.stderr
    ids = aigraph(
        "query", "-", "--store", tmp_path / "g", stdin="SELECT ?i { ?a a aig:Article ; dcterms:identifier ?i }"
    )
    assert ids.stdout.split() == ["i", "note"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("build", "no/such/place"), "no/such/place"),
        (("query", "-", "--store", "no-store"), "no-store"),
        (("serve", "--store", "no-store"), "no-store"),
        (("export", "--format", "turtle", "--store", "no-store"), "no-store"),
        (("export", "--format", "docx"), "docx"),
        (("query", "no-such-query"), "no-such-query"),
        (("evaluate", "no-gold"), "no-gold"),
        (("--base", "nonsense", "info"), "nonsense"),
        (("--config", "missing.toml", "info"), "missing.toml"),
        (("watch", "ftp://example.org/news", "--once"), "ftp://example.org/news is no folder"),
        (("query", "who-develops", "--as-of", "2026-03-18"), "these do: corroborated, deal-history"),
        (("query", "-", "--as-of", "2026-03-18"), "would change nothing"),
        (("query", "-", "-p", "thing=Blackwell"), "would change nothing"),
        (("queries", "new", "Who Buys?"), "change the name"),
    ],
)
def test_bad_input_gets_one_clear_message(arguments: tuple[str, ...], message: str, tmp_path: Path) -> None:
    done = aigraph(*arguments, cwd=tmp_path)
    assert done.returncode in (1, 2)
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_refused_candidates_are_told_by_reason() -> None:
    def refused(**reasons: str) -> BuildReport:
        rejections = [(name, Rejection("relation/x", Span(0, 1), reason)) for name, reason in reasons.items()]
        return BuildReport(rejections=tuple(rejections))

    one = build_summary(refused(a="too unlikely"), Path("g"))
    assert "1 candidate fact was refused:\n  1 in a: too unlikely" in one
    unlike = {f"r{number}": f"reason {number}" for number in range(6)}
    many = build_summary(refused(**dict.fromkeys("dcab", "too unlikely"), **unlike), Path("g"))
    assert "10 candidate facts were refused:\n  4 in a, b, c and 1 more: too unlikely\n  1 in r0: reason 0" in many
    assert many.endswith("  … and 2 more")
    assert "refused" not in build_summary(refused(), Path("g"))


def test_queries_by_name_by_file_and_from_standard_input(seeds_store: Path, tmp_path: Path) -> None:
    by_name = aigraph("query", "who-develops", "--store", seeds_store, "--format", "csv")
    assert by_name.returncode == 0, by_name.stderr
    assert "Blackwell" in by_name.stdout
    file = tmp_path / "mine.rq"
    file.write_text("SELECT ?what { res:company/nvidia aig:develops ?what }", encoding="utf-8")
    slashed = aigraph("query", file, "--store", seeds_store)
    assert slashed.returncode == 1  # "/" cannot stand in a prefixed name: SPARQL, not we, says where
    assert "Line 1, column 27" in slashed.stderr
    file.write_text(
        "SELECT ?what { <https://w3id.org/aigraph/id/company/nvidia> aig:develops ?what }", encoding="utf-8"
    )
    assert "blackwell" in aigraph("query", file, "--store", seeds_store).stdout
    as_json = aigraph("query", "-", "--format", "json", "--store", seeds_store, stdin="ASK { ?s aig:develops ?o }")
    assert json.loads(as_json.stdout)["boolean"] is True
    turtle = aigraph("query", "-", "--store", seeds_store, stdin="CONSTRUCT WHERE { ?s aig:develops ?o }")
    assert "develops" in turtle.stdout


def test_explain_shows_sentence_article_and_rule(seeds_store: Path) -> None:
    done = aigraph("explain", "Nvidia", "develops", "Blackwell", "--store", seeds_store)
    assert done.returncode == 0, done.stderr
    assert "Blackwell" in done.stdout
    assert re.search(r"article +\S+", done.stdout)
    assert re.search(r"rule +relation/\S+ \(confidence 0\.\d\d\)", done.stdout)
    unknown = aigraph("explain", "Nobody Whatsoever", "develops", "Blackwell", "--store", seeds_store)
    assert unknown.returncode == 1
    assert "Nothing in the graph is called" in unknown.stderr
    misspelt = aigraph("explain", "Nvidia", "devlops", "Blackwell", "--store", seeds_store)
    assert misspelt.returncode == 1
    assert "did you mean develops" in misspelt.stderr
    absent = aigraph("explain", "Blackwell", "develops", "Nvidia", "--store", seeds_store)
    assert absent.returncode == 1
    assert "does not hold" in absent.stdout


def test_exports_are_the_same_bytes_each_time(seeds_store: Path, tmp_path: Path) -> None:
    for name in ("turtle", "trig", "nquads", "ntriples", "jsonld", "rdfxml"):
        one, two = tmp_path / f"one.{name}", tmp_path / f"two.{name}"
        for path in (one, two):
            done = aigraph("export", "--format", name, "-o", path, "--store", seeds_store)
            assert done.returncode == 0, done.stderr
        assert one.read_bytes() == two.read_bytes()
        assert one.stat().st_size > 10_000
    assert not list(tmp_path.glob("*.part"))
    nowhere = aigraph("export", "--format", "turtle", "-o", tmp_path / "no" / "x.ttl", "--store", seeds_store)
    assert nowhere.returncode == 1
    assert "cannot be written" in nowhere.stderr


def test_the_seeds_graph_keeps_all_its_laws(seeds_store: Path) -> None:
    done = aigraph("check", "--store", seeds_store)
    assert done.returncode == 0, done.stdout
    assert "BROKEN" not in done.stdout
    assert done.stdout.count("ok ") >= 7


def test_info_counts_and_queries_lists(seeds_store: Path) -> None:
    info = aigraph("info", "--store", seeds_store)
    assert re.search(r"articles +5\b", info.stdout)
    listed = aigraph("queries")
    assert "who-develops" in listed.stdout
    assert listed.stdout.count("-p ") >= 5


def test_serve_prints_its_address_and_stops_at_a_signal(seeds_store: Path) -> None:
    server = subprocess.Popen(
        [sys.executable, "-m", "aigraph", "serve", "--port", "0", "--store", str(seeds_store)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert server.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+/", server.stdout.readline())
        assert found, "the first line names the URL"
        url = found[0]
        request = urllib.request.Request(
            url + "sparql?query=SELECT%20(COUNT(*)%20AS%20%3Fn)%20%7B%20%3Fa%20a%20aig%3AArticle%20%7D",
            headers={"Accept": "text/csv"},
        )
        with urllib.request.urlopen(request, timeout=20) as response:
            rows = list(csv.reader(io.StringIO(response.read().decode())))
        assert rows == [["n"], ["5"]]
        port = url.rstrip("/").rsplit(":", 1)[1]
        second = aigraph("serve", "--port", port, "--store", seeds_store)
        assert second.returncode == 1
        assert port in second.stderr
        assert "Traceback" not in second.stderr
    finally:
        server.send_signal(signal.SIGINT)
        _, err = server.communicate(timeout=20)
    assert "Traceback" not in err


def shown(seeds_store: Path, width: int, *asked: str) -> str:
    """What a canned query prints on a terminal of some width."""
    runner = CliRunner(env={"COLUMNS": str(width)})
    done = runner.invoke(main, ["query", *asked, "--store", str(seeds_store), "--format", "table"])
    assert done.exit_code == 0, done.output
    return done.output


def test_more_columns_than_a_terminal_can_show_are_printed_row_by_row(seeds_store: Path) -> None:
    narrow = shown(seeds_store, 80, "corroborated")
    assert re.search(r"^  says +order backlog of Nvidia: \$1 trillion *$", narrow, re.MULTILINE)
    assert re.search(r"^  proposition +res:proposition/[0-9a-f]+ *$", narrow, re.MULTILINE)
    assert "┃" not in narrow
    assert re.search(r"^\d+ rows$", narrow, re.MULTILINE)


def test_columns_that_a_terminal_can_show_stay_a_table(seeds_store: Path) -> None:
    assert "┃ says" in shown(seeds_store, 200, "corroborated")
    assert "┃ claimant" in shown(seeds_store, 80, "claimants-record")
    assert "┃ kind" in shown(seeds_store, 80, "conflicts")  # no row, whatever the width
