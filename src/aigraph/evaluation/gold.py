"""Gold annotations: `NAME.gold.json`, what a careful reader takes from the article `NAME.txt`."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from aigraph.errors import GoldError

_SUFFIX = ".gold.json"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class GoldEntity:
    """An entity: `id` is its name within the annotation, `type` a class of the ontology ("Company")."""

    id: str
    type: str
    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GoldRelation:
    """A relation; `object` is an entity's id or a workload ("training"), `predicate` a local name ("develops")."""

    subject: str
    predicate: str
    object: str
    evidence: str
    role: str | None = None


@dataclass(frozen=True, slots=True)
class GoldPartnership:
    """A deal; `kind` as the guidelines name it ("Licensing"), `roles` its role names with the ids that fill them."""

    kind: str
    roles: tuple[tuple[str, tuple[str, ...]], ...]
    status: str
    evidence: str
    subject: str | None = None
    value: float | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class GoldClaim:
    """A claim; `about` and `claimant` are ids or free words, `value` is in full units of `unit` ("USD", "W")."""

    about: str
    metric: str
    evidence: str
    value: float | None = None
    unit: str | None = None
    comparator: str = "exactly"
    time: str | None = None
    claimant: str | None = None
    modality: str = "asserted"
    negated: bool = False


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """All annotations of one article; `source` is the file name of its text where that does not stand beside it."""

    name: str
    entities: tuple[GoldEntity, ...]
    relations: tuple[GoldRelation, ...]
    partnerships: tuple[GoldPartnership, ...]
    claims: tuple[GoldClaim, ...]
    source: str | None = None


def load_gold(gold_dir: Path) -> tuple[GoldArticle, ...]:
    """All annotations of a folder, sorted by file name.

    Raises:
        GoldError: the folder holds none, or one of them is unreadable or ill-formed.
    """
    return tuple(_read(path) for path in _files(gold_dir))


def gold_sources(gold_dir: Path, texts: Path | None = None) -> tuple[Path, ...]:
    """The texts of all annotations of a folder, in the order of `load_gold`.

    A text is the `.txt` beside its annotation or, where that has a "source", the file of that name in `texts`
    (the same folder unless given).

    Raises:
        GoldError: see `load_gold`, or a text is missing.
    """
    found: list[Path] = []
    for article in load_gold(gold_dir):
        path = (texts or gold_dir) / article.source if article.source else gold_dir / f"{article.name}.txt"
        if not path.is_file():
            raise GoldError(f"{gold_dir / article.name}{_SUFFIX}: its text {path} is missing; put the file there.")
        found.append(path)
    return tuple(found)


def _files(gold_dir: Path) -> list[Path]:
    files = sorted(gold_dir.glob(f"*{_SUFFIX}"))
    if not files:
        raise GoldError(f"{gold_dir} holds no *{_SUFFIX} files; name the folder of the gold annotations.")
    return files


def _read(path: Path) -> GoldArticle:
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise GoldError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:  # of JSON and of UTF-8
        raise GoldError(f"{path} is no JSON in UTF-8: {error}. Mend or remove it.") from error
    return _article(path, raw)


def _article(path: Path, raw: object) -> GoldArticle:
    top = _Node(str(path), raw)
    return GoldArticle(
        name=path.name.removesuffix(_SUFFIX),
        entities=top.items("entities", _entity),
        relations=top.items("relations", _relation),
        partnerships=top.items("partnerships", _partnership),
        claims=top.items("claims", _claim),
        source=top.text_or_none("source"),
    )


def _entity(node: _Node) -> GoldEntity:
    return GoldEntity(node.text("id"), node.text("type"), node.text("name"), node.texts("aliases"))


def _relation(node: _Node) -> GoldRelation:
    return GoldRelation(
        node.text("s"), node.text("p"), node.text("o"), node.text("evidence"), node.text_or_none("role")
    )


def _partnership(node: _Node) -> GoldPartnership:
    roles = node.child("roles")
    return GoldPartnership(
        kind=node.text("kind"),
        roles=tuple((role, roles.texts(role)) for role in roles.keys),
        status=node.text("status"),
        evidence=node.text("evidence"),
        subject=node.text_or_none("subject"),
        value=node.number_or_none("value"),
        unit=node.text_or_none("unit"),
    )


def _claim(node: _Node) -> GoldClaim:
    value, unit = node.number_or_none("value"), node.text_or_none("unit")
    if (value is None) != (unit is None):
        raise node.fault("has a value without unit or a unit without value")
    return GoldClaim(
        about=node.text("about"),
        metric=node.text("metric"),
        evidence=node.text("evidence"),
        value=value,
        unit=unit,
        comparator=node.text_or_none("comparator") or "exactly",
        time=node.text_or_none("time"),
        claimant=node.text_or_none("claimant"),
        modality=node.text_or_none("modality") or "asserted",
        negated=node.text_or_none("polarity") == "negated",
    )


class _Node:
    """An object of the JSON file and the place it stands at, for messages."""

    def __init__(self, where: str, raw: object) -> None:
        if not isinstance(raw, dict):
            raise GoldError(f"{where}: is no JSON object.")
        self._where = where
        self._raw: dict[str, Any] = raw

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(self._raw)

    def fault(self, message: str) -> GoldError:
        return GoldError(f"{self._where}: {message}.")

    def _get(self, key: str, kinds: type | tuple[type, ...], wanted: str) -> Any:
        if key not in self._raw:
            raise self.fault(f"{key!r} is missing")
        value = self._raw[key]
        if not isinstance(value, kinds) or isinstance(value, bool):
            raise self.fault(f"{key!r} is {value!r}, not {wanted}")
        return value

    def text(self, key: str) -> str:
        return str(self._get(key, str, "a string"))

    def text_or_none(self, key: str) -> str | None:
        return None if self._raw.get(key) is None else self.text(key)

    def number_or_none(self, key: str) -> float | None:
        return None if self._raw.get(key) is None else float(self._get(key, (int, float), "a number"))

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings; empty where the key is absent."""
        values = self._get(key, list, "a list") if key in self._raw else []
        if wrong := [value for value in values if not isinstance(value, str)]:
            raise self.fault(f"{key!r} holds {wrong[0]!r}, not a string")
        return tuple(values)

    def child(self, key: str) -> _Node:
        return _Node(f"{self._where}: {key}", self._get(key, dict, "an object"))

    def items(self, key: str, make: Callable[[_Node], T]) -> tuple[T, ...]:
        values = self._get(key, list, "a list")
        return tuple(make(_Node(f"{self._where}: {key} {n}", value)) for n, value in enumerate(values, 1))
