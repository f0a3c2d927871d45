"""The cue words of `cues.yaml`: by which words a reader tells the parts of a news page apart."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from aigraph.errors import DataError
from aigraph.records import BlockKind
from aigraph.resources import parse_yaml

FILE = Path(__file__).with_name("cues.yaml")

BODY = BlockKind.PARAGRAPH
"""The kind under which `Cues.sections` lists headings of the story itself."""

_KINDS = {
    "body": BODY,
    "boilerplate": BlockKind.BOILERPLATE,
    "metadata": BlockKind.METADATA,
    "teaser": BlockKind.TEASER,
}
_LONGEST_PATTERN_LINE = 400  # characters; longer lines are prose, and the patterns need not look at them


@dataclass(frozen=True, slots=True)
class CuePattern:
    """A regular expression that a whole line must fit, with lines that it fits and lines that it spares."""

    name: str
    kind: BlockKind
    pattern: re.Pattern[str]
    fits: tuple[str, ...]
    spares: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cues:
    """The cue words, in the normal form of `plain`."""

    sections: Mapping[str, BlockKind]
    openings: tuple[tuple[re.Pattern[str], BlockKind], ...]
    page_words: frozenset[str]
    categories: re.Pattern[str]
    patterns: tuple[CuePattern, ...]

    def section(self, line: str) -> BlockKind | None:
        """What follows this line if it is a heading that tells (`BODY` for the story itself), else None."""
        return self.sections.get(plain(line)) if len(line) < 80 else None

    def line(self, line: str) -> BlockKind | None:
        """What this line is by its words alone; None for words of the story."""
        if self._is_page_line(line):
            return BlockKind.METADATA
        for pattern, kind in self.openings:
            if pattern.match(line):
                return kind
        if len(line) <= _LONGEST_PATTERN_LINE:
            for cue in self.patterns:
                if cue.pattern.fullmatch(line):
                    return cue.kind
        return None

    def glued(self, line: str) -> int:
        """How many characters at the start of a teaser are the name of a column, glued to the headline."""
        match = self.categories.match(line)
        return match.end() if match else 0

    def _is_page_line(self, line: str) -> bool:
        parts = [plain(part) for part in re.split(r"[|·•,/]", line[:200])]
        named = [part for part in parts if part]
        return bool(named) and len(line) <= 200 and all(part in self.page_words for part in named)


def plain(line: str) -> str:
    """The words of a heading without case, leading signs and emoji, and closing colon or dots."""
    words = re.sub(r"^[^\w(]+|[\s:.…!→»>*]+$", "", line.replace("’", "'").casefold())
    return re.sub(r"\s+", " ", words)


@cache
def load_cues() -> Cues:
    """The cue words that come with aigraph.

    Raises:
        DataError: `cues.yaml` is not as its head describes it.
    """
    try:
        return parse_cues(FILE.read_text(encoding="utf-8"))
    except (yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError, re.error) as error:
        raise DataError(f"{FILE}: the cue words cannot be read ({error}). Correct the file.") from error


def parse_cues(content: str) -> Cues:
    """The cue words in YAML text of the shape that the head of `cues.yaml` describes."""
    data = parse_yaml(content)
    categories = sorted(map(str, data["categories"]), key=lambda name: (-len(name), name))
    return Cues(
        sections={str(words): _KINDS[kind] for kind, list_ in data["sections"].items() for words in list_},
        openings=tuple((_openings(words), _KINDS[kind]) for kind, words in data["openings"].items()),
        page_words=frozenset(map(str, data["page_words"])),
        # the headline begins with a capital; a category alone is no headline
        categories=re.compile(rf"(?:{'|'.join(map(re.escape, categories))})(?=[A-Z][\w’']*[ A-Z])"),
        patterns=tuple(_pattern(entry) for entry in data["patterns"]),
    )


def _openings(entries: Sequence[object]) -> re.Pattern[str]:
    # a word must not go on: "contact us" does not open "contact users"
    openings = (re.escape(str(words)) + (r"(?!\w)" if str(words)[-1:].isalnum() else "") for words in entries)
    return re.compile(rf"[^\w©]*(?:{'|'.join(openings)})", re.IGNORECASE)


def _pattern(entry: Mapping[str, object]) -> CuePattern:
    fits, spares = entry["fits"], entry["spares"]
    if not isinstance(fits, list) or not isinstance(spares, list):
        raise TypeError(f"fits and spares of {entry['name']!r} must be lists")
    return CuePattern(
        name=str(entry["name"]),
        kind=_KINDS[str(entry["kind"])],
        pattern=re.compile(str(entry["pattern"]), re.IGNORECASE),
        fits=tuple(map(str, fits)),
        spares=tuple(map(str, spares)),
    )
