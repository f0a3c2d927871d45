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


ENTRIES = [path for path in FILES if path.stem not in {"distinct", "first_names", "generic"}]


@pytest.mark.parametrize("path", ENTRIES, ids=lambda p: p.stem)
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
                assert name in {"bitsandbytes", "imec", "tinygrad", "watsonx"}, name


def test_aliases_are_sorted_and_no_copies_of_the_name() -> None:
    for path in FILES:
        for entry in data(path).get("entries", []):
            aliases = entry.get("aliases", [])
            assert aliases == sorted(aliases, key=file_key), entry["name"]
            assert entry["name"] not in aliases


@pytest.mark.parametrize(
    ("kind", "at_least"),
    [
        (EntityType.COMPANY, 1300),
        (EntityType.ORGANIZATION, 340),
        (EntityType.PERSON, 580),
        (EntityType.CHIP, 450),
        (EntityType.ARCHITECTURE, 155),
        (EntityType.SYSTEM, 180),
        (EntityType.SOFTWARE, 280),
        (EntityType.AI_MODEL, 290),
        (EntityType.EVENT, 150),
        (EntityType.PLACE, 880),
    ],
)
def test_the_field_is_covered(shipped: Knowledge, kind: EntityType, at_least: int) -> None:
    assert sum(entry.type is kind for entry in shipped.entries) >= at_least


CHECKED = {
    EntityType.COMPANY: (340, 140),
    EntityType.ORGANIZATION: (160, 160),
    EntityType.CHIP: (175, 0),
    EntityType.ARCHITECTURE: (6, 0),
    EntityType.SYSTEM: (48, 0),
    EntityType.SOFTWARE: (41, 0),
    EntityType.AI_MODEL: (70, 0),
    EntityType.EVENT: (30, 0),
    EntityType.PLACE: (190, 190),
}
"""At least so many entries of a type have a source, and a Wikidata item. docs/knowledge.md shows the counts."""


def test_what_was_checked_does_not_shrink(shipped: Knowledge) -> None:
    for kind, (sourced, linked) in CHECKED.items():
        entries = [entry for entry in shipped.entries if entry.type is kind]
        assert sum(entry.source is not None for entry in entries) >= sourced, kind
        assert sum(bool(entry.links) for entry in entries) >= linked, kind


def test_the_documentation_counts_what_was_checked(shipped: Knowledge) -> None:
    page = (Path(__file__).parents[1] / "docs" / "knowledge.md").read_text(encoding="utf-8")
    for kind in EntityType:
        entries = [entry for entry in shipped.entries if entry.type is kind]
        sourced = sum(entry.source is not None for entry in entries)
        linked = sum(bool(entry.links) for entry in entries)
        assert f"| {kind} | {len(entries)} | {sourced} | {linked} |" in page


def test_sources_and_links_are_addresses(shipped: Knowledge) -> None:
    for entry in shipped.entries:
        assert entry.source is None or re.fullmatch(r"https://[^/\s]+/\S+", entry.source), entry.name
        for link in entry.links:
            assert re.fullmatch(
                r"http://www\.wikidata\.org/entity/Q[1-9]\d*|https://en\.wikipedia\.org/wiki/[^\s#?]+", link
            ), entry.name
        assert not entry.links or entry.source, f"{entry.name}: a link says where it was checked"


def test_an_identifier_belongs_to_one_thing(shipped: Knowledge) -> None:
    links = Counter(link for entry in shipped.entries for link in entry.links)
    assert [link for link, count in links.items() if count > 1] == []
    tickers = Counter(entry.ticker for entry in shipped.entries if entry.ticker)
    assert [ticker for ticker, count in tickers.items() if count > 1] == []
    assert all(re.fullmatch(r"[A-Z]{1,5}", ticker) for ticker in tickers)


def test_makers_are_listed_and_checked(shipped: Knowledge) -> None:
    makers = [entry for entry in shipped.entries if entry.maker]
    assert len(makers) > 200
    for entry in makers:
        companies = [one for one in shipped.lookup(entry.maker or "") if one.type is EntityType.COMPANY]
        assert [one.name for one in companies] == [entry.maker], entry.name
        assert entry.source, entry.name


def test_groups_of_distinct_names_are_sorted_and_listed(shipped: Knowledge) -> None:
    groups = data(folder("knowledge") / "distinct.yaml")["distinct"]
    assert groups == sorted(groups, key=lambda group: [file_key(name) for name in group])
    for group in groups:
        assert group == sorted(group, key=file_key)
        for name in group:
            assert [entry for entry in shipped.lookup(name) if entry.name == name], name


def test_distinct_names_are_apart_both_ways_with_their_aliases(shipped: Knowledge) -> None:
    for one, other in (("H100", "H200"), ("MI300", "MI300X"), ("Grok", "Groq"), ("Gaudi2", "Gaudi 3"), ("HP", "HPE")):
        assert shipped.kept_apart(one, other), one
        assert shipped.kept_apart(other, one), one
        (first,), (second,) = shipped.lookup(one), shipped.lookup(other)
        assert first.iri != second.iri
    assert shipped.kept_apart("Hewlett-Packard", "Hewlett Packard Enterprise")
    assert not shipped.kept_apart("AMD", "Advanced Micro Devices")
    assert not shipped.kept_apart("H100", "H100")


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


def own(tmp_path: Path, text: str) -> Knowledge:
    """The shipped knowledge with a user's own file laid over it."""
    return load_knowledge(folder("knowledge"), write(tmp_path / "own.yaml", text), iris=IRIS)


def test_one_file_may_hold_entries_of_several_types_and_other_keys(tmp_path: Path) -> None:
    knowledge = own(
        tmp_path,
        "entries:\n- {type: Company, name: Corvane}\n- {type: Chip, name: Zephyr-2, maker: Corvane}\n"
        "generic: [Gizmos]\nfirst_names: [Quill]\ndistinct:\n- [Corvane, Corvayne]\n",
    )
    assert [entry.type for entry in knowledge.lookup("Corvane")] == [EntityType.COMPANY]
    assert [entry.maker for entry in knowledge.lookup("Zephyr-2")] == ["Corvane"]
    assert knowledge.is_generic("gizmos")
    assert "Quill" in knowledge.first_names
    assert knowledge.kept_apart("Corvayne", "CORVANE Inc.")


def test_a_later_file_takes_an_alias_for_its_own_entry(tmp_path: Path) -> None:
    knowledge = own(tmp_path, "type: Company\nentries:\n- name: Air Group\n  aliases: [Airtel]\n")
    assert [entry.name for entry in knowledge.lookup("Airtel")] == ["Air Group"]
    assert [entry.aliases for entry in knowledge.lookup("Bharti Airtel")] == [()]


def test_a_later_file_joins_two_listed_things(tmp_path: Path) -> None:
    knowledge = own(tmp_path, "type: Chip\nentries:\n- name: TPU v6e\n  aliases: [Trillium]\n")
    (chip,) = knowledge.lookup("Trillium")
    assert chip.name == "TPU v6e"
    assert knowledge.entry(IRIS.thing("Chip", "Trillium")) is None
    with pytest.raises(DataError, match=r"own.yaml: entry 1 \(MI300\): 'MI300' and 'MI300X' are names of one thing"):
        own(tmp_path, "type: Chip\nentries:\n- name: MI300\n  aliases: [MI300X]\n")


def test_a_later_file_gives_a_name_another_type_or_a_second_one(tmp_path: Path) -> None:
    other = own(tmp_path, "type: Company\nentries:\n- name: Corsair\n")
    assert [entry.type for entry in other.lookup("Corsair")] == [EntityType.COMPANY]
    assert other.entry(IRIS.thing("Chip", "Corsair")) is None
    both = own(tmp_path, "entries:\n- {type: Company, name: Corsair}\n- {type: Chip, name: Corsair}\n")
    assert [entry.type for entry in both.lookup("Corsair")] == [EntityType.CHIP, EntityType.COMPANY]


def test_a_later_file_silences_a_name(tmp_path: Path) -> None:
    knowledge = own(tmp_path, "silenced: [Corsair, a16z, Never Listed]\n")
    assert knowledge.lookup("Corsair") == ()
    assert knowledge.lookup("a16z") == ()
    assert [entry.name for entry in knowledge.lookup("Andreessen Horowitz")] == ["Andreessen Horowitz"]
    assert knowledge.is_generic("Never Listed")


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
        ("generic: []\nwords: []\n", "unknown key 'words'"),
        ("type: Gizmo\nentries: []\n", "type is 'Gizmo'"),
        ("entries:\n- name: Zephyr\n", "entry 1 (Zephyr): type is None"),
        ("entries:\n- name: Zephyr\n  type: Gizmo\n", "entry 1 (Zephyr): type is 'Gizmo'"),
        ("type: Chip\nentries:\n- name: Zephyr\n  aliases: ['-']\n", "(Zephyr): the alias '-' has no letter"),
        ("type: Chip\nentries:\n- name: Zephyr\n  maker: [x]\n", "which is not text"),
        ("distinct: H100\n", "'distinct' must be a list of groups"),
        ("distinct:\n- [H100]\n", "group 1 of 'distinct' is ['H100']"),
        ("distinct:\n- [H100, h100]\n", "two or more different names"),
        ("distinct:\n- [910, 910C]\n", "Put numbers in quotes"),
        ("silenced: Horizon\n", "'silenced' must be a list of words"),
        (
            "distinct:\n- [Zephyr, Zephyr X]\ntype: Chip\nentries:\n- name: Zephyr\n  aliases: [Zephyr X]\n",
            "entry 1 (Zephyr): 'Zephyr' and 'Zephyr X' are names of one thing here, but 'distinct' in",
        ),
        (
            "silenced: [Zephyr]\ntype: Chip\nentries:\n- name: Zephyr\n",
            "entry 1 (Zephyr): the name 'Zephyr' is silenced",
        ),
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
    assert str(path) in str(caught.value)


def test_a_missing_place_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such knowledge file"):
        load_knowledge(tmp_path / "nowhere", iris=IRIS)
