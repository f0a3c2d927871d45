"""Hooks of MkDocs: what the documentation's site has beside the pages of `docs/`.

    index.md, contributing.md …       files of this repository outside docs/ that the pages link to
    adr/index.md                      the decisions, by their titles
    reference/python/<module>.md      the public names of each module, from its docstrings (mkdocstrings)
    reference/ontology.md             the terms of the ontology, each linked to its page
    ontology/…                        those pages, as `aigraph document` writes them

Links are rewritten from places in the repository to places in the site; one that leads to what the site does not have
is an error, so that `mkdocs build --strict` finds it.
"""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from aigraph.ontology import load_ontology
from aigraph.terms import Kind, Term, read_terms, write_documentation
from aigraph.terms.site import address

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "aigraph"

ADDED = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "SECURITY.md": "security.md",
    "queries/README.md": "reference/queries.md",
    "training/README.md": "reference/training.md",
    "src/aigraph/language/model/MODEL_CARD.md": "reference/language-model.md",
}
"""Files of the repository that are pages of the site."""
COPIED = ("CITATION.cff", "LICENSE", "src/aigraph/language/model/LICENSE.md")
"""Files that the site holds as they are."""
PLACES = {**ADDED, **{name: f"files/{name.replace('.md', '.txt')}" for name in COPIED}, "docs/adr": "adr/index.md"}
"""Where in the site a file or folder of the repository stands, if not in docs/."""

_LINK = re.compile(r"(?<!!)\]\((?!https?://|mailto:|#)([^)#\s]+)(#[^)\s]*)?\)")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put the pages of a folder where the navigation says `folder/*`."""
    made = [*_modules_pages(), *(f"adr/{path.name}" for path in sorted((ROOT / "docs" / "adr").glob("*.md")))]
    config.nav = _expanded(config.nav, made)
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add what is made from other files."""
    for name, place in ADDED.items():
        files.append(_page(config, place, (ROOT / name).read_text(encoding="utf-8")))
    for name in COPIED:
        files.append(File.generated(config, PLACES[name], content=(ROOT / name).read_bytes()))
    files.append(_page(config, "adr/index.md", _decisions()))
    files.append(_page(config, "reference/python/index.md", _modules_index()))
    for name, place in zip(_modules(), _modules_pages(), strict=True):
        files.append(_page(config, place, _reference(name)))
    files.append(_page(config, "reference/ontology.md", _terms()))
    with TemporaryDirectory() as scratch:
        for path in write_documentation(load_ontology(), Path(scratch)):
            place = f"ontology/{path.relative_to(scratch).as_posix()}"
            files.append(File.generated(config, place, content=path.read_bytes()))
    return files


def on_page_markdown(markdown: str, *, page: Page, **_: Any) -> str:
    """Let links lead to places of the site."""
    place = page.file.src_uri
    source = next((name for name, added in ADDED.items() if added == place), f"docs/{place}")
    if place not in ADDED.values() and page.file.generated_by:
        return markdown

    def rewritten(match: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(source), match[1]))
        there = PLACES.get(target) or (target.removeprefix("docs/") if target.startswith("docs/") else None)
        if there is None:
            raise PluginError(
                f"{source} links to {match[1]}, which the site does not have. Add it to website/pages.py."
            )
        return f"]({posixpath.relpath(there, posixpath.dirname(place) or '.')}{match[2] or ''})"

    return _LINK.sub(rewritten, markdown)


def _page(config: MkDocsConfig, place: str, content: str) -> File:
    return File.generated(config, place, content=content)


def _expanded(nav: Any, made: list[str]) -> Any:
    if isinstance(nav, list):
        return [
            each
            for entry in nav
            for each in (
                [place for place in made if place.startswith(entry[:-1]) and not place.endswith("index.md")]
                if isinstance(entry, str) and entry.endswith("/*")
                else [_expanded(entry, made)]
            )
        ]
    if isinstance(nav, dict):
        return {title: _expanded(below, made) for title, below in nav.items()}
    return nav


def _modules() -> list[str]:
    """The modules and packages right below `aigraph` that have public names."""
    names = (path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists())
    return sorted(name for name in names if not name.startswith("_") and name != "data")


def _modules_pages() -> list[str]:
    return [f"reference/python/{name}.md" for name in _modules()]


def _reference(module: str) -> str:
    """The page of a module: what it says of itself, and each of its public names."""
    public = _public(module)
    lines = [f"# aigraph.{module}", "", f"::: aigraph.{module}"]
    if public:
        lines += ["    options:", "      members: false"]
    for name in public:
        lines += ["", f"::: aigraph.{module}.{name}", "    options:"]
        lines += ["      show_root_heading: true", "      show_root_toc_entry: true"]
    return "\n".join(lines) + "\n"


def _public(module: str) -> list[str]:
    """What a package lists in `__all__`: names from its modules. None for a module that holds its names itself."""
    path = PACKAGE / module / "__init__.py"
    body = ast.parse(path.read_text(encoding="utf-8")).body if path.is_file() else []
    for node in body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__":
            return sorted(ast.literal_eval(node.value), key=str.casefold)
    return []


def _modules_index() -> str:
    told = "What each module is for. A name that begins with `_`, or that no page below has, may change without notice."
    lines = ["# Python", "", told, ""]
    for name in _modules():
        path = PACKAGE / name / "__init__.py" if (PACKAGE / name).is_dir() else PACKAGE / f"{name}.py"
        told = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        lines.append(f"- [`aigraph.{name}`]({name}.md): {told.partition(chr(10))[0]}")
    return "\n".join(lines) + "\n"


def _decisions() -> str:
    lines = ["# Decisions", "", "Each with what led to it, and what was left aside.", ""]
    for path in sorted((ROOT / "docs" / "adr").glob("*.md")):
        title = path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
        lines.append(f"- [{title}]({path.name})")
    return "\n".join(lines) + "\n"


def _terms() -> str:
    """The terms by kind, each with its definition and a link to its page."""
    terms = read_terms(load_ontology())
    lines = [
        "# Terms of the ontology",
        "",
        "Classes, properties, metrics and topics. The [index with diagrams](../ontology/index.html) and the page of "
        "each term, with axioms, examples and questions, are what `aigraph document` writes and the endpoint serves.",
    ]
    for kind in Kind:
        if found := terms.of_kind(kind):
            lines += ["", f"## {kind.plural}", "", *_lines(found)]
    return "\n".join(lines) + "\n"


def _lines(terms: tuple[Term, ...]) -> Iterator[str]:
    for term in terms:
        definition = re.sub(r"([<*_\[\]`])", r"\\\1", " ".join(term.definition.split()))
        yield f"- [{term.curie}](../ontology/{address(term)}): {definition}"
