"""The set expressions of `idioms.yaml` fit and spare what they say, and a broken file is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from aigraph.errors import DataError
from aigraph.facts.speech import idioms
from aigraph.facts.speech.idioms import Idiom, Place, load_idioms

IDIOMS = [(place, idiom) for (place, _), group in load_idioms().idioms.items() for idiom in group]


@pytest.mark.parametrize(("place", "idiom"), IDIOMS, ids=[f"{place}: {idiom.name}" for place, idiom in IDIOMS])
def test_an_idiom_fits_its_examples_and_spares_the_others(place: Place, idiom: Idiom) -> None:
    assert idiom.fits
    assert idiom.spares
    assert [words for words in idiom.fits if not idiom.pattern.match(words)] == []
    assert [words for words in idiom.spares if idiom.pattern.match(words)] == []
    if place != Place.ANSWER:
        assert all(words == words.lower() for words in (*idiom.fits, *idiom.spares))


def test_no_two_idioms_have_one_name() -> None:
    names = [idiom.name for _, idiom in IDIOMS]
    assert sorted(names) == sorted(set(names))


def test_sets_are_sorted_and_used() -> None:
    content = idioms.FILE.read_text(encoding="utf-8")
    for name, words in yaml.safe_load(content)["sets"].items():
        assert words == sorted(set(words)), name
        assert f"{{{name}}}" in content, name


def test_an_opening_ends_with_a_word() -> None:
    found = load_idioms()
    assert found.find(Place.OPENING, "hearsay", "by all accounts it is full") == "by all accounts"
    assert found.find(Place.OPENING, "hearsay", "on the face of its hall") is None
    assert found.find(Place.STRETCH, "hearsay", "by all accounts it is full") is None


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("{tale}", "{tail}"),
        ("  tale: [buzz", "  tale: [on"),
        ("openings:", "beginnings:"),
        ("mark my words", "(mark my words"),
        ("    spares: [mark the words]", ""),
        ("answers:", "[answers:"),
    ],
)
def test_a_broken_file_is_refused(right: str, wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = idioms.FILE.read_text(encoding="utf-8")
    assert right in content
    path = tmp_path / idioms.FILE.name
    path.write_text(content.replace(right, wrong, 1), encoding="utf-8")
    monkeypatch.setattr(idioms, "FILE", path)
    with pytest.raises(DataError, match=r"idioms\.yaml"):
        load_idioms.__wrapped__()
