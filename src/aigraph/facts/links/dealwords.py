"""Words that tell of deals: what the language model finds alone should have one in its sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from aigraph.records import PartnershipKind
from aigraph.resources import parse_yaml

CERTAIN = 0.97
"""The chance from which a deal needs no such word."""


def tells_of(kind: PartnershipKind, words: Iterable[str]) -> bool:
    """True where one of some words (in lower case) tells of deals of that kind."""
    beginnings = _beginnings()[kind]
    return any(word.startswith(beginnings) for word in words)


@cache
def _beginnings() -> Mapping[PartnershipKind, tuple[str, ...]]:
    data = parse_yaml(Path(__file__).with_name("dealwords.yaml").read_text(encoding="utf-8"))
    return {PartnershipKind(kind): tuple(words) for kind, words in data.items()}
