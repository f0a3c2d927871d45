"""What the documentation says is true today: commands, settings, queries, and the README's own examples."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from aigraph.cli import COMMANDS, main
from aigraph.settings import Settings

ROOT = Path(__file__).parents[1]


def command_reference() -> str:
    """docs/cli.md: the help of every command, as it is printed."""
    runner = CliRunner()
    parts = ["# Commands", "", "Written by `tests/test_docs.py --update-golden` from the commands' own help.", ""]
    below = [(one.name or "", sub) for one in COMMANDS if isinstance(one, click.Group) for sub in one.commands]
    for name in [each for one in COMMANDS for each in ((one.name or "",), *(b for b in below if b[0] == one.name))]:
        shown = runner.invoke(main, [*name, "--help"], prog_name="aigraph", terminal_width=100).output
        parts += [f"## aigraph {' '.join(name)}", "", "```text", shown.rstrip(), "```", ""]
    parts += [
        "## Settings",
        "",
        "Strongest first: flags, environment, the file named by `--config` or `AIGRAPH_CONFIG` (TOML), the default.",
        "",
        "| setting | environment | default |",
        "|---|---|---|",
    ]
    defaults = Settings()
    parts += [f"| `{f.name}` | `AIGRAPH_{f.name.upper()}` | `{getattr(defaults, f.name)}` |" for f in fields(Settings)]
    return "\n".join(parts) + "\n"


def test_the_command_reference_is_current(golden: Callable[[Path, str], None]) -> None:
    golden(ROOT / "docs" / "cli.md", command_reference())


def examples(text: str) -> list[tuple[str, str]]:
    """The commands of the console blocks of a page, each with the output that the page shows for it."""
    found = []
    for block in re.findall(r"^```console\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        for command, output in re.findall(r"^\$ (aigraph .*?)\n(.*?)(?=^\$ |\Z)", block, re.MULTILINE | re.DOTALL):
            found.append((command, output))
    return found


README_EXAMPLES = examples((ROOT / "README.md").read_text(encoding="utf-8"))


def test_the_readme_has_a_first_query() -> None:
    assert len(README_EXAMPLES) >= 2


@pytest.mark.parametrize(("command", "output"), README_EXAMPLES, ids=[command for command, _ in README_EXAMPLES])
def test_the_readme_shows_what_is_printed(command: str, output: str, seeds_store: Path) -> None:
    runner = CliRunner(env={"COLUMNS": "120"})
    done = runner.invoke(main, [*shlex.split(command)[1:], "--store", str(seeds_store)])
    assert done.exit_code == 0, done.output
    assert done.output.strip() == output.strip()


def test_every_page_that_is_linked_exists() -> None:
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_every_page_of_the_documentation_is_linked_from_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for page in sorted((ROOT / "docs").glob("*.md")):
        assert f"docs/{page.name}" in readme, page.name
