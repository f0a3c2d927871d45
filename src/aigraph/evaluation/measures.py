"""What each rule was found to be worth on annotated articles: `measured.json`, with the versions that it holds for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from aigraph import __version__, pipeline
from aigraph.errors import DataError
from aigraph.evaluation.judging import Judged, precisions
from aigraph.knowledge import load_knowledge
from aigraph.language import model_version
from aigraph.ontology import load_ontology
from aigraph.records import Versions
from aigraph.resources import folder
from aigraph.vocab import Iris

MEASURED = Path(__file__).with_name("measured.json")
_COMPARED = ("rules", "model", "knowledge", "ontology")


@dataclass(frozen=True, slots=True)
class Count:
    """How many findings of an extractor count in scoring, and how many of these are right."""

    found: int = 0
    right: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.found + other.found, self.right + other.right)

    @property
    def precision(self) -> float | None:
        """Share of right ones, 0 to 1; None where nothing was found."""
        return self.right / self.found if self.found else None


@dataclass(frozen=True, slots=True)
class Measures:
    """Counts by extractor and annotated set, the number of articles of each set, the versions that were measured."""

    versions: Versions
    sets: Mapping[str, int]
    counts: Mapping[str, Mapping[str, Count]]

    def count(self, extractor: str) -> Count:
        """What an extractor found and how much is right, in all sets."""
        return sum(self.counts.get(extractor, {}).values(), Count())

    def outdated(self, now: Versions) -> tuple[str, ...]:
        """What has changed since: "rules", "model", "knowledge", "ontology"."""
        return tuple(name for name in _COMPARED if getattr(self.versions, name) != getattr(now, name))

    def to_json(self) -> str:
        """The text of the file: one line an extractor, so that a difference can be read."""
        lines = []
        for name, by_set in sorted(self.counts.items()):
            counts = {each: {"found": count.found, "right": count.right} for each, count in by_set.items()}
            lines.append(f"  {json.dumps(name)}: {json.dumps(counts)}")
        head = {"versions": asdict(self.versions), "sets": self.sets}
        top = json.dumps(head, indent=1, ensure_ascii=False).removesuffix("\n}")
        return f'{top},\n "extractors": {{\n' + ",\n".join(lines) + "\n }\n}\n"


def measures(judged: Mapping[str, tuple[int, Iterable[Judged]]], versions: Versions) -> Measures:
    """Count the findings of some sets, each given with its number of articles."""
    counts: dict[str, dict[str, Count]] = {}
    for name, (_, findings) in judged.items():
        for each in precisions(finding for finding in findings if finding.own):
            counts.setdefault(each.name, {})[name] = Count(each.found, each.right)
    return Measures(versions, {name: articles for name, (articles, _) in judged.items()}, counts)


def load_measures(path: Path = MEASURED) -> Measures:
    """Read a file of measures.

    Raises:
        DataError: it is missing or malformed.
    """
    try:
        raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        counts = {
            name: {each: Count(int(count["found"]), int(count["right"])) for each, count in by_set.items()}
            for name, by_set in raw["extractors"].items()
        }
        return Measures(Versions(**raw["versions"]), {name: int(n) for name, n in raw["sets"].items()}, counts)
    except OSError as error:
        raise DataError(f"The measures {path} cannot be read: {error.strerror}. {_REMEDY}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"The measures {path} are malformed ({type(error).__name__}: {error}). {_REMEDY}") from error


_REMEDY = "Write them anew: aigraph rules --measure GOLD_DIR…"


def current_versions() -> Versions:
    """The versions with which this installation reads articles, with the shipped knowledge."""
    knowledge = load_knowledge(folder("knowledge"), iris=Iris())
    return Versions(__version__, pipeline.rules_version(), model_version(), knowledge.version, load_ontology().version)
