"""The tutorial is run from its first command to its last, and shows what comes out.

`--update-golden` writes the outcome into the page: read the difference.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib
import pytest
from click.testing import CliRunner

from aigraph.cli import main

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "tutorial.md"
_BLOCK = re.compile(r"(?:as `(?P<file>[\w./-]+)`:\n\n)?^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


def console(text: str) -> str:
    """Commands, each with what it prints now."""
    shown = []
    for command in re.findall(r"^\$ (.*)$", text, re.MULTILINE):
        words = shlex.split(command)
        assert words[0] == "aigraph", command
        done = CliRunner(env={"COLUMNS": "120"}).invoke(main, words[1:])
        # explain ends with 1 where the graph does not hold a triple
        assert done.exit_code == (1 if "acquired" in words else 0), done.output
        printed = done.stdout
        if words[1] == "build":  # what was refused, and how much, is of no interest here
            first, *others = printed.splitlines(keepends=True)
            printed = first + "…\n" * bool(others)
        shown.append(f"$ {command}\n{printed}")
    return "".join(shown)


def python(text: str, names: dict[str, Any]) -> str:
    """Statements, each with what an interpreter prints now."""
    shown = []
    for example in doctest.DocTestParser().get_examples(text):
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(compile(example.source, str(PAGE), "single"), names)
        lines = example.source.rstrip("\n").split("\n")
        shown.append("".join(f"{'...' if place else '>>>'} {line}\n" for place, line in enumerate(lines)))
        shown.append("\n".join(line.rstrip() for line in printed.getvalue().splitlines()))
        shown.append("\n" if printed.getvalue() else "")
    return "".join(shown)


def test_the_tutorial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, golden: Callable[[Path, str], None]) -> None:
    matplotlib.use("agg")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("AIGRAPH_STORE", raising=False)
    names: dict[str, Any] = {}

    def run(block: re.Match[str]) -> str:
        text = block["text"]
        if block["file"]:
            path = Path(block["file"])
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        elif block["kind"] == "console":
            text = console(text)
        elif block["kind"] == "python":
            text = python(text, names)
        return block[0].replace(block["text"], text)

    golden(PAGE, _BLOCK.sub(run, PAGE.read_text(encoding="utf-8")))
    for name in ("backlog.png", "deals.png"):
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG")
