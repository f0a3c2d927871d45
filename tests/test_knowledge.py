"""The shipped knowledge is sorted, unique, typed and safe to match; the loader says what is wrong with a file."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from aigraph.errors import DataError
from aigraph.knowledge import Knowledge, load_knowledge
from aigraph.records import EntityType
from aigraph.resources import folder
from aigraph.vocab import Iris, normal_name

IRIS = Iris()
AMBIGUOUS: frozenset[str] = frozenset()
"""Names that stand for things of two types; each needs a note in both entries."""
FILES = sorted(folder("knowledge").glob("*.yaml"))


@pytest.fixture(scope="module")
def shipped() -> Knowledge:
    return load_knowledge(iris=IRIS)


def data(path: Path) -> dict[str, Any]:
    loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def file_key(word: str) -> tuple[str, str]:
    return word.casefold(), word


@pytest.mark.parametrize("path", [p for p in FILES if p.stem not in {"generic", "first_names"}], ids=lambda p: p.stem)
def test_entries_are_sorted_by_name(path: Path) -> None:
    names = [entry["name"] for entry in data(path)["entries"]]
    assert names == sorted(names, key=file_key)
    assert len(set(names)) == len(names)


def test_word_lists_are_sorted_and_unique() -> None:
    groups = [
        *data(folder("knowledge") / "generic.yaml")["generic"].values(),
        data(folder("knowledge") / "first_names.yaml")["first_names"],
    ]
    for words in groups:
        assert words == sorted(words, key=file_key)
    everything = [word.casefold() for group in groups[:-1] for word in group]
    assert [word for word, count in Counter(everything).items() if count > 1] == []
    assert len(set(groups[-1])) == len(groups[-1])


def test_a_name_has_one_type_unless_documented(shipped: Knowledge) -> None:
    types: dict[str, set[EntityType]] = {}
    for entry in shipped.entries:
        for name in entry.names:
            types.setdefault(normal_name(name), set()).add(entry.type)
    assert {name for name, kinds in types.items() if len(kinds) > 1} == AMBIGUOUS


def test_names_are_safe_to_match(shipped: Knowledge) -> None:
    for entry in shipped.entries:
        for name in entry.names:
            assert not shipped.is_generic(name), f"{name} is listed in generic.yaml"
            assert name == name.strip()
            assert not re.search(r"\s{2}|[\u2019\u201c\u201d]", name), name
            assert len(name) > 1, name
            # a word in lower case is no name, unless it is written so (imec, xAI, vLLM)
            if name.islower() and name.isalpha():
                assert name in {"bitsandbytes", "imec", "watsonx"}, name


def test_aliases_are_sorted_and_no_copies_of_the_name() -> None:
    for path in FILES:
        for entry in data(path).get("entries", []):
            aliases = entry.get("aliases", [])
            assert aliases == sorted(aliases, key=file_key), entry["name"]
            assert entry["name"] not in aliases


@pytest.mark.parametrize(
    ("kind", "at_least"),
    [
        (EntityType.COMPANY, 250),
        (EntityType.ORGANIZATION, 150),
        (EntityType.PERSON, 100),
        (EntityType.CHIP, 150),
        (EntityType.ARCHITECTURE, 60),
        (EntityType.SYSTEM, 50),
        (EntityType.SOFTWARE, 100),
        (EntityType.AI_MODEL, 60),
        (EntityType.EVENT, 50),
        (EntityType.PLACE, 500),
    ],
)
def test_the_field_is_covered(shipped: Knowledge, kind: EntityType, at_least: int) -> None:
    assert sum(entry.type is kind for entry in shipped.entries) >= at_least


def test_links_are_addresses(shipped: Knowledge) -> None:
    for entry in shipped.entries:
        for link in entry.links:
            assert re.fullmatch(r"https?://\S+", link), entry.name


def test_lookup_folds_spelling_and_corporate_forms(shipped: Knowledge) -> None:
    (entry,) = shipped.lookup("NVIDIA Corp.")
    assert (entry.name, entry.type, entry.ticker) == ("Nvidia", EntityType.COMPANY, "NVDA")
    assert shipped.entry(entry.iri) is entry
    assert shipped.lookup("Nobody Knows Corvane") == ()
    assert shipped.entry(IRIS.thing("Company", "Corvane")) is None


def test_generic_words_are_known_in_any_case(shipped: Knowledge) -> None:
    assert shipped.is_generic("gpu")
    assert shipped.is_generic("Tuesday")
    assert not shipped.is_generic("Nvidia")


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_further_files_extend_the_shipped_ones(tmp_path: Path) -> None:
    extra = write(
        tmp_path / "more.yaml",
        "type: Company\nentries:\n- name: Nvidia\n  aliases: [Team Green]\n  source: https://example.org/nvidia\n"
        "- name: Corvane\n  wikidata: Q1\n  case: exact\n",
    )
    knowledge = load_knowledge(folder("knowledge"), extra, iris=IRIS)
    (nvidia,) = knowledge.lookup("team green")
    assert nvidia.name == "Nvidia"
    assert nvidia.ticker == "NVDA"
    assert nvidia.source == "https://example.org/nvidia"
    (corvane,) = knowledge.lookup("Corvane")
    assert corvane.links == ("http://www.wikidata.org/entity/Q1",)
    assert corvane.exact


def test_the_version_depends_on_content_alone(tmp_path: Path) -> None:
    text = "type: Chip\nentries:\n- name: Zephyr\n- name: Borea\n"
    one = load_knowledge(write(tmp_path / "one.yaml", text), iris=IRIS)
    two = load_knowledge(write(tmp_path / "two.yaml", text), iris=IRIS)
    other = load_knowledge(write(tmp_path / "three.yaml", text + "- name: Nimbra\n"), iris=IRIS)
    assert one.version == two.version
    assert one.version != other.version


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("type: [", "cannot be read as YAML"),
        ("- a\n- b\n", "expected keys and values"),
        ("words: [a]\n", "expected one of the keys"),
        ("type: Gizmo\nentries: []\n", "type is 'Gizmo'"),
        ("type: Chip\nentries: {}\n", "'entries' must be a list"),
        ("type: Chip\nentries:\n- aliases: [a]\n", "entry 1: an entry needs a 'name'"),
        ("type: Chip\nentries:\n- name: 910\n", "entry 1: an entry needs a 'name'"),
        ("type: Chip\nentries:\n- name: Zephyr\n  makers: x\n", "(Zephyr): unknown field 'makers'"),
        ("type: Chip\nentries:\n- name: Zephyr\n  aliases: Z1\n", "aliases is 'Z1', which is not a list of text"),
        ("type: Chip\nentries:\n- name: Zephyr\n  aliases: [1]\n", "which is not a list of text"),
        ("type: Chip\nentries:\n- name: Zephyr\n  common: maybe\n", "which is not true or false"),
        ("type: Chip\nentries:\n- name: Zephyr\n  ticker: 7\n", "which is not text"),
        ("type: Chip\nentries:\n- name: Zephyr\n  case: any\n", "case is 'any'"),
        ("type: Chip\nentries:\n- name: Zephyr\n  links: [example.org]\n", "'example.org' is no web address"),
        ("type: Chip\nentries:\n- name: Zephyr\n  source: a book\n", "'a book' is no web address"),
        ("type: Chip\nentries:\n- name: Zephyr\n  wikidata: 12\n", "which is not text"),
        ("type: Chip\nentries:\n- name: Zephyr\n  wikidata: P12\n", "wikidata is 'P12'"),
        ("type: Chip\nentries:\n- name: Zephyr\n- name: zephyr\n", "(zephyr) is listed twice"),
        ("type: Chip\nentries:\n- name: Zephyr\n  aliases: [Z1]\n- name: Borea\n  aliases: [z1]\n", "claimed by two"),
        ("generic: {units: [1]}\n", "'generic' must be a list of words"),
        ("first_names: Jane\n", "'first_names' must be a list of words"),
    ],
)
def test_a_wrong_file_is_named_with_entry_and_reason(tmp_path: Path, text: str, message: str) -> None:
    path = write(tmp_path / "wrong.yaml", text)
    with pytest.raises(DataError) as caught:
        load_knowledge(path, iris=IRIS)
    assert message in str(caught.value)
    if "claimed by two" not in message:
        assert str(path) in str(caught.value)


def test_a_missing_place_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such knowledge file"):
        load_knowledge(tmp_path / "nowhere", iris=IRIS)
