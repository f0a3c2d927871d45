"""The snippets of the documentation, and what runs each kind of them as a reader would.

A page is gone through from top to bottom in a folder of its own, which holds a store of the seeds (`aigraph-store`,
`my-graph`) and an article (`news/`). What a page shows is taken literally, but for the port of a server, which is any
free one. A block with a title is a file, written to that name. `…` in an output stands for any text, and as a line of
its own for any lines. What cannot be run is marked in the page, with the reason:

    <!-- not run: needs a server with a language model -->
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from configparser import ConfigParser
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import yaml
from click.testing import CliRunner
from pyoxigraph import RdfFormat, parse

from aigraph.cli import main
from aigraph.facts.frames.rules import load_frames
from aigraph.facts.patterns.rulebook import load_lexicon, load_partnership_rules, load_relation_rules
from aigraph.knowledge import load_knowledge
from aigraph.resources import folder
from aigraph.settings import load_settings
from aigraph.vocab import Iris, prefixes

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
NO_SNIPPETS = ("text", "mermaid")
"""Languages of blocks that are drawings, or output alone, unless they have a title and so are files."""
SERVERS = frozenset({"serve", "up", "mcp"})
"""Commands that go on until they are stopped."""

_BLOCK = re.compile(r"(?:^<!-- not run: (.*?) -->\n+)?^```([^\n]*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_ADDRESS = re.compile(r"\b127\.0\.0\.1:(\d+)|--port (\d+)")


@dataclass(frozen=True)
class Snippet:
    """A block of a page: the line at which it begins, its language, the file that it is, and why it is not run."""

    page: Path
    line: int
    language: str
    title: str | None
    text: str
    reason: str | None

    @property
    def place(self) -> str:
        return f"{self.page.relative_to(ROOT)}, line {self.line}"


def snippets(page: Path) -> list[Snippet]:
    """The blocks of a page that a reader may run or copy, in order."""
    text = page.read_text(encoding="utf-8")
    found = []
    for match in _BLOCK.finditer(text):
        reason, about, body = match.groups()
        language, _, options = about.partition(" ")
        title = re.search(r'title="([^"]+)"', options)
        if language not in NO_SNIPPETS or title:
            line = text.count("\n", 0, match.start(2)) + 1
            found.append(Snippet(page, line, language, title[1] if title else None, body, reason))
    return found


@dataclass(frozen=True)
class Command:
    """A command of a block: the variables before it, its words, and the output that the page shows."""

    environment: Mapping[str, str]
    words: Sequence[str]
    output: str | None = None

    @property
    def text(self) -> str:
        return shlex.join(self.words)


def commands(snippet: Snippet) -> Iterator[Command]:
    """The commands of a shell block, or of a console block, where they follow "$ "."""
    text = snippet.text.replace("\\\n", " ")
    if snippet.language == "console":
        for line, output in re.findall(r"^\$ (.*?)\n(.*?)(?=^\$ |\Z)", text, re.MULTILINE | re.DOTALL):
            yield _command(line, output.strip())
    else:
        for line in text.splitlines():
            if line.strip() and not line.startswith("#"):
                yield _command(line, None)


def _command(line: str, output: str | None) -> Command:
    words = shlex.split(line, comments=True)
    variables = {}
    while re.match(r"[A-Z_]+=", words[0]):
        name, _, value = words.pop(0).partition("=")
        variables[name] = value
    return Command(variables, words, output or None)


def checked_words(words: Sequence[str]) -> None:
    """Fail where `aigraph WORDS…` names a command or an option that there is not. What is named need not exist."""
    context = click.Context(main, info_name="aigraph", help_option_names=["-h", "--help"])
    group: click.Command = main
    rest = list(words)
    while rest and rest[0] in ("--config", "--base"):
        rest = rest[2:]
    while isinstance(group, click.Group) and rest and not rest[0].startswith("-"):
        if (below := group.get_command(context, rest[0])) is None:
            assert group is not main, f"aigraph has no command {rest[0]}"
            break
        group, rest = below, rest[1:]
        context = click.Context(group, info_name=group.name, parent=context)
    group.make_parser(context).parse_args(args=rest)


def launched(stack: ExitStack, words: Sequence[str], environment: Mapping[str, str]) -> tuple[str, str]:
    """Start a server, which ends with the stack: its port, and the line in which it tells its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "aigraph", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, **environment},
    )
    assert process.stdout
    stack.callback(process.stdout.close)
    stack.callback(process.wait)
    stack.callback(process.terminate)
    line = next((each for each in process.stdout if "http://" in each), "")
    found = re.search(r"127\.0\.0\.1:(\d+)", line)
    assert found, f"aigraph {shlex.join(words)} does not tell its address"
    return found[1], line


class Servers:
    """The server of the seeds, started when a page first asks for it."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self._stack = ExitStack()
        self._seeds: tuple[str, str] | None = None

    def seeds(self) -> tuple[str, str]:
        """Its port, and the line in which it tells its address, as if its store were the default one."""
        if self._seeds is None:
            port, line = launched(self._stack, ["serve", "--store", str(self._store), "--port", "0"], {})
            self._seeds = (port, line.replace(str(self._store), "aigraph-store"))
        return self._seeds

    def close(self) -> None:
        """Stop it."""
        self._stack.close()


_NOTE = """Nvidia unveils Blackwell

Nvidia unveiled the Blackwell architecture on Monday. Revenue rose to $2 billion in 2025, it says.
"""


class Reader:
    """Somebody who does what a page shows, in a folder of his own."""

    def __init__(self, scratch: Path, store: Path, servers: Servers) -> None:
        self._folder = scratch
        self._servers = servers
        self._stack = ExitStack()
        self._ports: dict[str, str] = {}
        self._names: dict[str, Any] = {}
        for name in ("aigraph-store", "my-graph"):
            shutil.copytree(store, scratch / name)
        (scratch / "news").mkdir()
        (scratch / "news" / "note.txt").write_text(_NOTE, encoding="utf-8")

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def do(self, snippet: Snippet) -> None:
        """Do what a block shows; an AssertionError tells what is not as the page says."""
        if snippet.title:
            path = self._folder / snippet.title.lstrip("/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(snippet.text, encoding="utf-8")
        run = getattr(self, f"_{snippet.language}", None)
        if run is None or (snippet.language in ("json", "yaml", "turtle", "markdown") and snippet.title):
            assert snippet.title, f"{snippet.place}: nothing runs a block of {snippet.language!r}; mark or title it"
            return
        try:
            run(snippet)
        except Exception as error:
            raise AssertionError(f"{snippet.place}: {type(error).__name__}: {error}") from error

    # --- commands -------------------------------------------------------------------------------------------

    def _sh(self, snippet: Snippet) -> None:
        for command in commands(snippet):
            printed = self._run(command)
            if command.output is not None and printed is not None:
                assert like(command.output, printed), f"{command.text} prints\n{printed}"

    _console = _sh

    def _run(self, command: Command) -> str | None:
        program, *arguments = command.words
        if program == "aigraph" and SERVERS.intersection(arguments):
            return self._serve(command)
        if program == "aigraph":
            runner = CliRunner(env={"COLUMNS": "120", **command.environment})
            done = runner.invoke(main, arguments)
            assert done.exit_code == 0, f"{command.text}: {done.output}"
            return done.output
        if program == "curl":
            words = ["curl", "--silent", "--show-error", "--fail-with-body", *map(self._here, arguments)]
            return self._ended(words)
        if program == "pip":
            extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
            named = re.findall(r"\[([a-z,]+)\]", command.text)
            assert named
            assert set(",".join(named).split(",")) <= set(extras), command.text
            return None
        if program in ("cat", "mkdir", "cp", "sha256sum"):
            return self._ended(list(command.words))
        raise AssertionError(f"nothing runs {program}; mark the block as not run")

    def _ended(self, words: list[str]) -> str:
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def _serve(self, command: Command) -> str | None:
        """Start a server on a free port, which further commands of the page mean by the port that the page names."""
        words = list(command.words[1:])
        if "mcp" in words and "--http" not in words:
            checked_words(words)  # it would wait for an assistant
            return None
        named = words[words.index("--port") + 1] if "--port" in words else "7474"
        if "--port" in words:
            del words[words.index("--port") : words.index("--port") + 2]
        if words == ["serve"] and not command.environment:
            port, line = self._servers.seeds()  # pages that only read share one
        else:
            port, line = launched(self._stack, [*words, "--port", "0"], command.environment)
        self._ports[named] = port
        return line.replace(f":{port}", f":{named}")

    def _here(self, text: str) -> str:
        """A text with the port that a server of this page has; one is started for pages that start none."""

        def port(match: re.Match[str]) -> str:
            if match[1] not in self._ports:
                assert match[1] == "7474", f"no server of this page has the port {match[1]}"
                self._serve(Command({}, ["aigraph", "serve"]))
            return f"127.0.0.1:{self._ports[match[1]]}"

        return re.sub(r"127\.0\.0\.1:(\d+)", port, text)

    # --- languages ------------------------------------------------------------------------------------------

    def _python(self, snippet: Snippet) -> None:
        exec(compile(self._here(snippet.text), snippet.place, "exec"), self._names)

    def _sparql(self, snippet: Snippet) -> None:
        """A query, or a file of a canned one: it is answered, if only by the names of columns."""
        path = self._folder / (snippet.title or "my-queries/of-this-page.rq")
        path.parent.mkdir(exist_ok=True)
        path.write_text(snippet.text, encoding="utf-8")
        canned = snippet.text.startswith("#+")
        words = [path.stem, "--queries", str(path.parent)] if canned else [str(path)]
        printed = self._run(Command({}, ["aigraph", "query", *words, "--format", "csv"]))
        assert printed

    def _turtle(self, snippet: Snippet) -> None:
        names = sorted(prefixes().items())
        head = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in names if f"PREFIX {name}:" not in snippet.text)
        assert list(parse((head + snippet.text).encode(), RdfFormat.TURTLE))

    def _json(self, snippet: Snippet) -> None:
        loaded = json.loads(snippet.text)
        for server in loaded.get("mcpServers", {}).values() if isinstance(loaded, dict) else ():
            assert server["command"] == "aigraph"
            checked_words(server["args"])

    def _toml(self, snippet: Snippet) -> None:
        """A settings file."""
        path = self._folder / "shown.toml"
        path.write_text(snippet.text, encoding="utf-8")
        load_settings({}, path)

    def _ini(self, snippet: Snippet) -> None:
        """A unit of systemd: its command is one of ours."""
        unit = ConfigParser()
        unit.optionxform = str  # type: ignore[assignment]  # names keep their capitals
        unit.read_string(snippet.text)
        program, *words = shlex.split(unit["Service"]["ExecStart"])
        assert Path(program).name == "aigraph"
        checked_words(words)

    def _yaml(self, snippet: Snippet) -> None:
        """A knowledge file, or rules: what reads such files takes it."""
        loaded = yaml.safe_load(snippet.text)
        path = self._folder / "shown.yaml"
        if isinstance(loaded, dict):
            path.write_text(snippet.text, encoding="utf-8")
            assert load_knowledge(folder("knowledge"), path, iris=Iris()).entries
            return
        below = self._folder / f"rules-{snippet.line}"
        below.mkdir()
        rules = yaml.safe_dump({"rules": loaded}, allow_unicode=True)
        for name in ("relations.yaml", "partnerships.yaml"):
            (below / name).write_text("rules: []\n", encoding="utf-8")
        kind = "partnerships" if "kind" in loaded[0] else "relations"
        if "frames" in loaded[0]:
            (below / "deals.yaml").write_text(rules, encoding="utf-8")
            (below / "words.yaml").write_text("{}", encoding="utf-8")
            assert load_frames("deals", below).rules
            return
        (below / f"{kind}.yaml").write_text(rules, encoding="utf-8")
        load = load_partnership_rules if kind == "partnerships" else load_relation_rules
        assert load(load_lexicon(), below)


def like(shown: str, printed: str) -> bool:
    """Whether an output is the one that a page shows, with "…" for what it leaves out."""
    lines = [
        ".*?\n?" if line.strip() == "…" else f"{re.escape(line.rstrip()).replace('…', '.*')} *\n"
        for line in shown.splitlines()
    ]
    text = "".join(f"{line.rstrip()}\n" for line in printed.strip().splitlines())
    return re.fullmatch("".join(lines), text, re.DOTALL) is not None
