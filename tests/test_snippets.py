"""Every command and snippet of the documentation is run; what cannot be is marked in its page, and counted here."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from snippets import PAGES, ROOT, Reader, Servers, Snippet, checked_words, commands, like, snippets

RELATION = ROOT / "docs" / "how-to" / "add-a-relation.md"
ELSEWHERE = {RELATION, ROOT / "docs" / "tutorial.md"}
"""Pages with a test of their own: the one below, and `test_tutorial.py`."""
NOT_RUN = {
    "README.md": 1,
    "docs/confidence.md": 1,
    "docs/deploy.md": 2,
    "docs/evaluation.md": 1,
    "docs/how-to/add-a-relation.md": 1,
    "docs/how-to/release.md": 1,
    "docs/llm.md": 1,
    "docs/scale.md": 1,
    "docs/stores.md": 1,
    "docs/watching.md": 1,
}
"""How many blocks of a page are marked as not run; each mark gives its reason."""
ALL = {page: snippets(page) for page in PAGES}
RUN = [page for page, found in ALL.items() if page not in ELSEWHERE and any(each.reason is None for each in found)]


@pytest.fixture(scope="module")
def servers(seeds_store: Path) -> Iterator[Servers]:
    servers = Servers(seeds_store)
    yield servers
    servers.close()


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.needs_program("curl", "curl")
@pytest.mark.parametrize("page", RUN, ids=name)
def test_what_a_page_shows_can_be_done(
    page: Path, tmp_path: Path, seeds_store: Path, servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with Reader(tmp_path, seeds_store, servers) as reader:
        for snippet in ALL[page]:
            if snippet.reason is None:
                reader.do(snippet)


def test_what_is_not_run_is_counted_and_has_a_reason() -> None:
    marked = [each for found in ALL.values() for each in found if each.reason is not None]
    counted: dict[str, int] = {}
    for each in marked:
        assert len(each.reason or "") > 20, f"{each.place}: say why it is not run"
        counted[name(each.page)] = counted.get(name(each.page), 0) + 1
    assert counted == NOT_RUN
    marks = sum(len(re.findall("^<!-- not run", page.read_text(encoding="utf-8"), re.MULTILINE)) for page in PAGES)
    assert marks == len(marked), "a mark stands right before no block"


INLINE = sorted(
    {
        (name(page), command)
        for page in [*PAGES, ROOT / "SECURITY.md", ROOT / "training" / "README.md"]
        for command in re.findall(r"`aigraph ([a-z][^`]*)`", page.read_text(encoding="utf-8"))
    }
    | {
        ("docs/cli.md", command)
        for command in re.findall(r"^ +aigraph ([^\n]*)$", (ROOT / "docs" / "cli.md").read_text("utf-8"), re.MULTILINE)
    }
)


@pytest.mark.parametrize(("page", "command"), INLINE, ids=[f"{page}: {command}" for page, command in INLINE])
def test_commands_within_the_text_have_the_options_that_they_name(page: str, command: str) -> None:
    del page
    for part in re.split(r" (?:&& aigraph|\|) ", f"{command} "):
        checked_words([word for word in shlex.split(part.strip("[] ")) if word != "…"])


SCRIPTS = sorted(
    {
        words
        for page in PAGES
        for words in re.findall(r"python3? (?!run)([a-z./]+\.py[^`\n]*)", page.read_text(encoding="utf-8"))
    }
)


@pytest.mark.parametrize("words", SCRIPTS)
def test_scripts_have_the_options_that_pages_name(words: str) -> None:
    script, *arguments = shlex.split(words)
    source = (ROOT / script).read_text(encoding="utf-8")
    for option in (word for word in arguments if word.startswith("--")):
        assert f'"{option}"' in source, f"{script} has no option {option}"


def test_tests_that_pages_name_exist() -> None:
    for page in PAGES:
        for path in re.findall(r"\btests/\w+\.py\b", page.read_text(encoding="utf-8")):
            assert (ROOT / path).is_file(), f"{name(page)} names {path}"


def test_a_relation_is_added_as_told(tmp_path: Path) -> None:
    """How to add a relation, in a copy of what a checkout has."""
    shutil.copytree(ROOT / "src", tmp_path / "src", copy_function=os.link)
    for folder in ("ontology", "knowledge"):
        shutil.copytree(ROOT / folder, tmp_path / folder, copy_function=os.link)
    for snippet in ALL[RELATION]:
        if snippet.reason is not None:
            continue
        if snippet.language == "console":
            _run_in(tmp_path, snippet)
        else:
            _change(tmp_path, snippet)


def _change(checkout: Path, snippet: Snippet) -> None:
    """Make a file, add to one, or put the lines of a difference in the place of others."""
    path = checkout / str(snippet.title)
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    path.unlink(missing_ok=True)  # what is linked must not be written to
    if snippet.language == "diff":
        old, new = (
            "".join(line[1:] + "\n" for line in snippet.text.splitlines() if line[0] == sign) for sign in ("-", "+")
        )
        assert before.count(old) == 1, f"{snippet.place}: {snippet.title} has other lines"
        path.write_text(before.replace(old, new), encoding="utf-8")
    else:
        path.write_text(before + snippet.text, encoding="utf-8")


def _run_in(checkout: Path, snippet: Snippet) -> None:
    for command in commands(snippet):
        assert command.words[0] == "aigraph"
        done = subprocess.run(
            [sys.executable, "-m", *command.words],
            cwd=checkout,
            env={**os.environ, "PYTHONPATH": str(checkout / "src"), "AIGRAPH_JOBS": "1", "AIGRAPH_CACHE": "no"},
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert command.output is not None
        assert like(command.output, done.stdout), f"{command.text} prints\n{done.stdout}"


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("a\nb", "a\nb\n", True),
        ("a … c", "a and c", True),
        ("a\n…", "a\nb\nc", True),
        ("…\nc", "a\nb\nc", True),
        ("…", "", True),
        ("a", "a\nb", False),
        ("a … c", "a and b", False),
    ],
)
def test_outputs_are_compared_but_for_what_is_left_out(shown: str, printed: str, same: bool) -> None:
    assert like(shown, printed) is same
