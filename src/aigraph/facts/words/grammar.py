"""Function words, from `grammar.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from aigraph.errors import DataError
from aigraph.resources import parse_yaml

FILE = Path(__file__).with_name("grammar.yaml")


def function_words(name: str) -> frozenset[str]:
    """A list of `grammar.yaml`, in lower case.

    Raises:
        DataError: there is no such list.
    """
    try:
        return _lists()[name]
    except KeyError:
        raise DataError(f"{FILE.name}: the list {name!r} is missing; add it.") from None


@cache
def _lists() -> Mapping[str, frozenset[str]]:
    data = parse_yaml(FILE.read_text(encoding="utf-8"))
    for name, words in data.items():
        if wrong := [word for word in words if not isinstance(word, str)]:
            raise DataError(f'{FILE.name}: {name!r} holds {wrong[0]!r}; quote words such as "no" and "on".')
    return {name: frozenset(words) for name, words in data.items()}
