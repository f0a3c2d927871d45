"""YAML front matter: what stands between two lines of "---" at the top of a text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from aigraph.articles.dates import as_edtf
from aigraph.articles.drafts import Draft
from aigraph.errors import ArticleError

_FENCE = re.compile(r"---[ \t]*\n(?P<yaml>.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_KEYS = {"date": "issued"} | {key: key for key in ("identifier", "issued", "language", "publisher", "source", "title")}
_STATED = ("authors", "identifier", "issued", "language", "publisher", "source", "title")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the front matter states; None where it is silent. `body` is the text after it."""

    body: str
    authors: tuple[str, ...] = ()
    identifier: str | None = None
    issued: str | None = None
    language: str | None = None
    publisher: str | None = None
    source: str | None = None
    title: str | None = None


def split(text: str, source: Path) -> FrontMatter:
    """Parts the front matter from the body; a text without one is all body. Unknown keys are left alone.

    Raises:
        ArticleError: it is no YAML mapping, or a key that aigraph reads has a value it cannot use.
    """
    match = _FENCE.match(text)
    if match is None or not _is_mapping(match["yaml"]):
        return FrontMatter(text)
    try:
        root = yaml.compose(match["yaml"], Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise _broken(error, source) from error
    values: dict[str, str] = {}
    authors: list[str] = []
    if isinstance(root, yaml.MappingNode):
        for key, value in root.value:
            name = _KEYS.get(str(key.value).casefold())
            if str(key.value).casefold() in ("author", "authors"):
                authors += _authors(str(key.value), value, source)
            elif name is not None:
                said = _value(str(key.value), name, value, source)
                if said is not None:
                    values.setdefault(name, said)
    return FrontMatter(text[match.end() :], tuple(dict.fromkeys(authors)), **values)


def fill(draft: Draft, matter: FrontMatter) -> Draft:
    """The draft with what the front matter states, which goes before what the text itself shows."""
    stated = {key: value for key in _STATED if (value := getattr(matter, key))}
    return replace(draft, **stated)


def _is_mapping(block: str) -> bool:
    # two rules across a text are no front matter: that begins with a key or is empty
    lines = [line for line in block.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return not lines or re.match(r"""["']?[A-Za-z_][\w -]*["']?\s*:(\s|$)""", lines[0]) is not None


def _authors(key: str, node: yaml.Node, source: Path) -> list[str]:
    """The names under `author` or `authors`: one, or a list."""
    listed = node.value if isinstance(node, yaml.SequenceNode) else [node]
    return [said for name in listed if (said := _value(key, "author", name, source)) is not None]


def _value(key: str, name: str, node: yaml.Node, source: Path) -> str | None:
    place = f"{source}, line {node.start_mark.line + 2}: the front matter's {key!r}"
    if not isinstance(node, yaml.ScalarNode):
        raise ArticleError(f"{place} must be a single value, not a list or mapping. Write it as text on one line.")
    if node.tag == "tag:yaml.org,2002:null":
        return None
    # the words as written: YAML would make numbers and dates of identifiers such as 1e3 or 2026-03-18
    said = str(node.value).strip()
    if name == "issued":
        issued = as_edtf(said)
        if issued is None:
            raise ArticleError(f'{place} is no date: {said!r}. Write it as "2026-03-18", "2026-03" or "2026".')
        return issued
    if "\n" in said or not said:
        raise ArticleError(f"{place} must be text on one line, and not empty. Correct it or leave the key out.")
    if name == "language" and not LANGUAGE_TAG.fullmatch(said):
        raise ArticleError(f'{place} is no language tag: {said!r}. Write it as "en" or "en-GB".')
    return said


def _broken(error: yaml.YAMLError, source: Path) -> ArticleError:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "cannot be parsed"
    place = f", line {mark.line + 2}" if mark is not None else ""
    return ArticleError(
        f"{source}{place}: the front matter is no valid YAML ({problem}). Correct it; values with a colon need quotes."
    )
