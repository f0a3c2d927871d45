"""Mentions: known names, names nobody listed, short forms, and what stands for a name."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language

from aigraph.documents import DocumentReader
from aigraph.knowledge import Knowledge, load_knowledge
from aigraph.mentions import MentionFinder, aliases
from aigraph.mentions.evidence import Rule, rules
from aigraph.mentions.text import stretches
from aigraph.records import (
    BODY,
    HARDWARE,
    Article,
    Block,
    BlockKind,
    Document,
    EntityType,
    Mention,
    MentionKind,
    Mentions,
    ReadBlock,
    Sentence,
    Span,
)
from aigraph.resources import folder
from aigraph.vocab import Iris

IRIS = Iris()
TYPES = {kind.value: kind for kind in EntityType}


@cache
def language() -> Language:
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    return nlp


@cache
def knowledge() -> Knowledge:
    return load_knowledge(iris=IRIS)


@cache
def finder() -> MentionFinder:
    return MentionFinder(knowledge(), IRIS)


def document(text: str, title: bool = False) -> Document:
    """A document with one block a line; the first is the title where wanted, "# " opens a heading."""
    blocks: list[ReadBlock] = []
    position = index = 0
    for number, line in enumerate(text.split("\n")):
        if line.strip():
            doc = language()(line)
            sentences = []
            for found in doc.sents:
                span = Span(position + found.start_char, position + found.end_char)
                sentences.append(Sentence(index, span, found.start, found.end))
                index += 1
            kind = BlockKind.TITLE if title and number == 0 else BlockKind.PARAGRAPH
            blocks.append(ReadBlock(Block(kind, Span(position, position + len(line))), doc, tuple(sentences)))
        position += len(line) + 1
    article = Article("test", text, tuple(block.block for block in blocks), "0" * 64)
    return Document(article, tuple(blocks))


def find(text: str, title: bool = False) -> Mentions:
    return finder().find(document(text, title))


def named(text: str, title: bool = False) -> dict[str, str]:
    """Forms of names in a text with what they are: "Company" or "Company=Nvidia" where the name differs."""
    mentions = find(text, title)
    names = {entity.iri: entity.name for entity in mentions.entities}
    return {
        m.form: m.type.value if names[m.entity] == m.form else f"{m.type.value}={names[m.entity]}"
        for m in mentions.mentions
        if m.kind is MentionKind.NAME
    }


def test_a_ticker_is_read_behind_a_name_whatever_ends_that_name() -> None:
    for name in ("Corvane Inc.", "Corvane Ltd"):
        (block,) = stretches(document(f"{name} (NASDAQ: CRVN) earned more."))
        assert [(end, text) for end, _, text in aliases.bracketed(block)] == [(len(name), "CRVN")]


def standing_for(text: str, form: str) -> str | None:
    """The name of what a description or pronoun stands for (the last one of that form)."""
    mentions = find(text)
    names = {entity.iri: entity.name for entity in mentions.entities}
    found = [m for m in mentions.mentions if m.kind is not MentionKind.NAME and m.form == form]
    return names[found[-1].entity] if found else None


# --- known names --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nvidia's chips sell.", {"Nvidia": "Company"}),
        ("Nvidia\u2019s chips sell.", {"Nvidia": "Company"}),
        ("NVIDIA sells them.", {"NVIDIA": "Company=Nvidia"}),
        ("Shares of Nvidia Corp. rose.", {"Nvidia Corp.": "Company=Nvidia"}),
        ("It bought 350,000 H100s last year.", {"H100": "Chip"}),
        ("The TPUs are busy.", {"TPU": "Chip"}),
        ("It uses HBM 3E and HBM3E and hbm3e.", {"HBM 3E": "Chip=HBM3E", "HBM3E": "Chip"}),
        ("A test with d\u2011Matrix parts.", {"d\u2011Matrix": "Company=d-Matrix"}),
        ("The GB200 NVL72 is large.", {"GB200 NVL72": "System"}),
        ("It runs GPT-5.9 there.", {}),
        ("They saw apple pie, an arm and meta data.", {}),
        ("A Seoul-based firm and a non-Nvidia rack.", {"Seoul": "Place", "Nvidia": "Company"}),
        (
            "Moore Threads, SK Hynix and SK hynix.",
            {"Moore Threads": "Company", "SK Hynix": "Company=SK hynix", "SK hynix": "Company"},
        ),
        ("Plants in the U.S. and the U.K. opened.", {"U.S.": "Place=United States", "U.K.": "Place=United Kingdom"}),
    ],
)
def test_known_names(text: str, expected: dict[str, str]) -> None:
    found = named(text)
    if not expected:
        assert not set(found) & {"apple", "arm", "meta", "GPT-5", "Apple"}
    else:
        assert found == expected


def test_known_names_in_title_case_and_capitals() -> None:
    found = named("Nvidia And Broadcom Unveil New Racks For Anthropic", title=True)
    assert found == {"Nvidia": "Company", "Broadcom": "Company", "Anthropic": "Company"}
    assert named("NVIDIA AND BROADCOM PLAN RACKS", title=True) == {
        "NVIDIA": "Company=Nvidia",
        "BROADCOM": "Company=Broadcom",
    }


def test_common_words_at_the_beginning_of_a_sentence_are_no_names() -> None:
    assert "Benchmark" not in named("Benchmark results look good.")
    assert named("The round was led by Benchmark. Benchmark results look good.")["Benchmark"] == "Company"
    assert named("Meta announced a chip.")["Meta"] == "Company"


@pytest.mark.parametrize(
    "text",
    [
        "The GPU and the CPU, says the CEO.",
        "On Tuesday, the German LLM with FP8 and PCIe.",
        "AI, HBM and Ethernet in May.",
    ],
)
def test_generic_words_are_no_entities(text: str) -> None:
    assert named(text) == {}


def test_the_class_of_a_chip_is_no_name_of_its_own() -> None:
    assert "TPU" not in named("It buys Ironwood TPUs from Broadcom.")
    assert named("It buys Google's TPUs.")["TPU"] == "Chip"


# --- names nobody listed ------------------------------------------------------------------------------------


def examples(kind: str) -> list[tuple[Rule, str]]:
    return [(rule, text) for rule in rules() for text in (rule.examples if kind == "yes" else rule.counterexamples)]


def bracketed(text: str) -> tuple[str, list[Span]]:
    """The text without brackets, and the spans that they held."""
    spans = []
    plain = ""
    for part in re.split(r"(\[[^\]]*\])", text):
        if part.startswith("["):
            spans.append(Span(len(plain), len(plain) + len(part) - 2))
        plain += part.strip("[]")
    return plain, spans


@pytest.mark.parametrize(("rule", "text"), examples("yes"), ids=lambda v: v.id if isinstance(v, Rule) else v)
def test_a_rule_finds_its_examples(rule: Rule, text: str) -> None:
    plain, spans = bracketed(text)
    found = {m.span: m.type for m in find(plain).mentions if m.kind is MentionKind.NAME}
    for span in spans:
        assert found.get(span) in {kind for kind, _ in rule.votes}, (plain, found)


@pytest.mark.parametrize(("rule", "text"), examples("no"), ids=lambda v: v.id if isinstance(v, Rule) else v)
def test_a_rule_leaves_its_counterexamples(rule: Rule, text: str) -> None:
    plain, spans = bracketed(text)
    found = {m.span: m.type for m in find(plain).mentions if m.kind is MentionKind.NAME}
    for span in spans:
        assert found.get(span) not in {kind for kind, _ in rule.votes}, (plain, found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # a post that opens a name is none of it, letters with accents are letters
        ("So says Competition Commissioner Mara Quilliam.", {"Mara Quilliam": "Person"}),
        ("Its chief executive, \u00d8yvind Dahlqvist, agrees.", {"\u00d8yvind Dahlqvist": "Person"}),
        ("Jane Miller of Zandor Advisory reckons so.", {"Jane Miller": "Person", "Zandor Advisory": "Company"}),
        # generic words that end a name with a capital, and in lower case do not
        ("It is made by Quorvex Foundry on Monday.", {"Quorvex Foundry": "Company"}),
        ("It is made by Quorvex foundry workers.", {"Quorvex": "Company"}),
        # bodies: an adjective of nationality in front, other languages
        ("It helps the Swedish Weather Service.", {"Swedish Weather Service": "Organization"}),
        ("It helps the Swedish people.", {}),
        ("A team of the Universit\u00e0 di Zandau agrees.", {"Universit\u00e0 di Zandau": "Organization"}),
        # what a capital within a sentence says of "The"
        ("A report in The Quorvex was denied.", {"The Quorvex": "Company"}),
        ("A report in the Quorvex was denied.", {}),
        # relatives of a product
        ("It launched Nimbra 2, the successor to its Nimbra accelerator.", {"Nimbra 2": "Chip", "Nimbra": "Chip"}),
        ("It tested the Nimbra-70B model and a Nimbra-8B.", {"Nimbra-70B": "AIModel", "Nimbra-8B": "AIModel"}),
        # a model and its size, and what only counts something
        ("On Apertus 70B, the model of two institutes, it is slow.", {"Apertus 70B": "AIModel"}),
        ("Qwen3 32B is small.", {"Qwen3 32B": "AIModel"}),
        ("It fed Qwen3 70B tokens.", {"Qwen3": "AIModel"}),
        ("They ordered 400 Chinese H20 accelerators.", {"H20": "Chip"}),
        # the code at the end of a name stands for it, a word that describes who led a firm does not
        ("Its Nimbra K9 accelerator is fast.", {"Nimbra K9": "Chip"}),
        (
            "So says Cerbantes Semiconductor's head of products, Noora Quillfeather.",
            {"Cerbantes Semiconductor": "Company", "Noora Quillfeather": "Person"},
        ),
        ("Arm, against which they compete, grew.", {"Arm": "Company"}),
        # what is no name
        ("They closed a Series B round, and Chapter 11 is near.", {}),
        ("Thus Moore's Law is over, and nobody cares.", {}),
    ],
)
def test_unlisted_names(text: str, expected: dict[str, str]) -> None:
    assert named(text) == expected


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("It was Jane Miller who said so. On Monday, the CEO of Intel agreed.", "jane-miller"),
        ("It was Jane Miller who said so. The Intel boss agreed on Monday.", "jane-miller"),
        # an analyst speaks for somebody else
        ("Jane Miller of Zandor Advisory met John Becker. The Intel boss agreed on Monday.", "john-becker"),
        # somebody else is told to be it
        ("It was Jane Miller who said so. The Intel boss, John Becker, agreed.", None),
        ("Intel CEO John Becker met Jane Miller. The Intel boss agreed on Monday.", "john-becker"),
        # described in other ways, one of two, named only later, another post
        ("Jane Miller, who leads Zandor Inc., said so. The Intel boss agreed on Monday.", None),
        ("So says analyst Jane Miller. The Intel boss agreed on Monday.", None),
        ("It was Jane Miller who met John Becker. The Intel boss agreed on Monday.", None),
        ("The Intel boss agreed on Monday. It was Jane Miller who said so.", None),
        ("It was Jane Miller who said so. The Intel finance chief agreed on Monday.", None),
    ],
)
def test_whom_the_head_of_a_body_stands_for(text: str, who: str | None) -> None:
    posts = [m.entity.value.rsplit("/", 1)[-1] for m in find(text).mentions if m.found_by == "mention/post"]
    assert posts == ([who] if who else [])


def test_the_head_of_a_column_types_its_cells() -> None:
    cells = "Processor | Vendor | Place\nNimbra | Quorvex | Zandau"
    plain = document(cells)
    rows = [block.block for block in plain.blocks]
    words = [Span(m.start(), m.end()) for m in re.finditer(r"\w+", cells)]
    spans = [tuple(words[:3]), tuple(words[3:])]
    blocks = tuple(
        replace(read, block=Block(BlockKind.TABLE_ROW, rows[row].span, spans[row], spans[0] if row else ()))
        for row, read in enumerate(plain.blocks)
    )
    found = finder().find(replace(plain, blocks=blocks))
    assert {m.form: m.type.value for m in found.mentions} == {"Nimbra": "Chip", "Quorvex": "Company", "Zandau": "Place"}


def test_rules_of_every_type_have_examples() -> None:
    covered = {kind for rule in rules() if rule.examples for kind, _ in rule.votes}
    assert covered == {kind for rule in rules() for kind, _ in rule.votes}
    # a class can do with its knowledge file alone; these cannot
    assert covered >= {*BODY, *HARDWARE, EntityType.SOFTWARE, EntityType.AI_MODEL, EntityType.PERSON, EntityType.PLACE}


def test_one_type_per_article() -> None:
    text = "The chipmaker Quorvex, based in Utrecht, grew. Quorvex raised money. A Quorvex chip is planned."
    assert {m.type for m in find(text).mentions if m.form == "Quorvex"} == {EntityType.COMPANY}


def test_lists_share_a_type() -> None:
    found = named("Customers such as Quorvex, Corvane and Nimbra have ordered racks.")
    assert found == {"Quorvex": "Company", "Corvane": "Company", "Nimbra": "Company"}


def test_a_longer_unlisted_name_wins_over_a_listed_part() -> None:
    found = named("Money came from the Samsung Growth Fund and from the Palo Alto Photonics Institute.")
    assert found["Samsung Growth Fund"] == "Organization"
    assert "Samsung" not in found
    assert "Palo Alto" not in found


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The lab in Turin rents Ironwood TPUs by the hour and would like more of them.", "Ironwood"),
        ("Demand in the Vera Rubin era will be higher, Nvidia said.", "Vera Rubin"),
        ("Blackwell GPUs were sold out in June, and a second Blackwell GPU costs more.", "Blackwell"),
    ],
)
def test_what_a_listed_technology_is_called_is_no_part_of_its_name(text: str, name: str) -> None:
    assert {found for found in named(text) if name in found} == {name}


def test_more_than_its_class_is_a_name_of_its_own() -> None:
    assert "Vera Rubin" not in named("A rack called Vera Rubin NVL144 was shown.")


# --- short forms --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("Jensen Huang spoke. Huang smiled.", "Huang", "Jensen Huang"),
        ("CEO Zandor Del Okwu spoke. Del Okwu smiled.", "Del Okwu", "Zandor Del Okwu"),
        ("The chip comes from Corvane Labs. Investors like Corvane and its plan.", "Corvane", "Corvane Labs"),
        ("The start-up CorvaneAI grew. Investors like Corvane and its plan.", "Corvane", "CorvaneAI"),
        ("The Ascend 910C is new. Wafers for the 910C are scarce.", "910C", "Ascend 910C"),
        ("The GB200 NVL72 is new. Racks like the NVL72 are scarce.", "NVL72", "GB200 NVL72"),
        ("The chipmaker Corvane Micro Devices grew. CMD shares rose, and CMD said so.", "CMD", "Corvane Micro Devices"),
        ("Nvidia (NVDA) rose. Buy NVDA now.", "NVDA", "Nvidia"),
        ("The firm Corvane (CRVN) rose. Buy CRVN now.", "CRVN", "Corvane"),
        ("Then came the Nimbra K9 accelerator. The K9 is fast.", "K9", "Nimbra K9"),
    ],
)
def test_short_forms(text: str, form: str, expected: str) -> None:
    mentions = find(text)
    names = {entity.iri: entity.name for entity in mentions.entities}
    (entity,) = {m.entity for m in mentions.mentions if m.form == form and m.kind is MentionKind.NAME}
    full = {m.form: m.entity for m in mentions.mentions}
    assert names[entity] == expected or entity == full[expected]


INTRODUCED = (
    "{0} is a company that makes transformers. Orders for {0} doubled. The firm {1} sold ten to Intel. {1} grew."
)


def apart(text: str, *forms: str, title: bool = False) -> int:
    """How many things some names of a text stand for."""
    mentions = finder().find(document(text, title=title)).mentions
    found = {form: {m.entity for m in mentions if m.form == form and m.kind is MentionKind.NAME} for form in forms}
    assert all(found.values())
    return len(set.union(*found.values()))


def test_a_company_introduced_by_its_full_name_is_called_by_the_beginning() -> None:
    text = INTRODUCED.format("Quorven Peak Electric", "Quorven")
    assert apart(text, "Quorven Peak Electric", "Quorven") == 1
    headed = "Quorven sells transformers\n\n" + text
    assert apart(headed, "Quorven Peak Electric", "Quorven", title=True) == 1
    assert apart(headed, "Quorven Peak Electric", "Quorven") == 2


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        (INTRODUCED.format("Quorven", "Quorven Electric"), ("Quorven", "Quorven Electric")),  # a parent and its unit
        (INTRODUCED.format("Samsung Foundry", "Samsung"), ("Samsung Foundry", "Samsung")),
        (INTRODUCED.format("Quorven Electric", "Quor"), ("Quorven Electric", "Quor")),
    ],
)
def test_what_is_named_first_or_known_is_no_short_form(text: str, forms: tuple[str, ...]) -> None:
    assert apart(text, *forms) == 2


@pytest.mark.parametrize(
    ("text", "short", "entities"),
    [
        ("The fund manager Ostrava Capital has sold shares. They cost too much, and Ostrava argued so.", "Ostrava", 1),
        ("The company Turin Semiconductor makes chips. Turin expects sales of $3 billion.", "Turin", 1),
        # where it lies, or a government, or named first
        ("The company Turin Semiconductor makes chips. A hall in Turin burned, and Turin mourned.", "Turin", 2),
        ("The company Tokyo Semiconductor makes chips. Tokyo has banned them.", "Tokyo", 2),
        ("The company Japan Semiconductor makes chips. Japan has banned them.", "Japan", 2),
        ("Turin has a mayor. The company Turin Semiconductor makes chips. Turin grew.", "Turin", 2),
    ],
)
def test_a_company_called_as_a_place_is_meant_by_what_no_place_does(text: str, short: str, entities: int) -> None:
    mentions = finder().find(document(text)).mentions
    longer = [m.entity for m in mentions if m.form.startswith(f"{short} ") and m.kind is MentionKind.NAME]
    shorter = [m.entity for m in mentions if m.form == short and m.kind is MentionKind.NAME]
    assert longer
    assert shorter
    assert len({longer[-1], shorter[-1]}) == entities


@pytest.mark.parametrize(
    "text",
    [
        "The firm Quorven Robotics, known until 2022 as Keltrane Automation, grew. Keltrane Automation began in Ulm.",
        "The company Quorven Robotics (formerly Keltrane Automation) makes robots. Keltrane Automation began in Ulm.",
        "The company Keltrane Automation, which renamed itself Quorven Robotics in 2022, grew. Quorven Robotics sells.",
    ],
)
def test_a_former_name_is_a_name_of_the_same_company(text: str) -> None:
    found = finder().find(document(text))
    assert [entity.name for entity in found.entities if "Quorven" in entity.name] == ["Quorven Robotics"]
    assert apart(text, "Quorven Robotics", "Keltrane Automation") == 1


def test_short_forms_of_a_former_and_of_a_present_name_are_names_of_one_company() -> None:
    text = (
        "The company Quorven Peak Electric is large. The company Keltrane Data Automation was older. "
        "Quorven, formerly Keltrane, grew. Keltrane grew. Quorven grew."
    )
    assert apart(text, "Quorven Peak Electric", "Quorven", "Keltrane", "Keltrane Data Automation") == 1


def test_what_goes_on_behind_formerly_is_no_name_of_the_company() -> None:
    text = (
        "The company Keltrane Automation is old. "
        "The company Quorven Robotics, formerly Keltrane Automation's research arm, grew."
    )
    assert apart(text, "Quorven Robotics", "Keltrane Automation") == 2


def test_of_two_longer_names_neither_is_meant() -> None:
    text = "The firm Quorven Electric grew. The company Quorven Peak Data grew. The firm Quorven sold it. Quorven grew."
    assert apart(text, "Quorven Electric", "Quorven Peak Data", "Quorven") == 3


def test_an_ambiguous_short_form_is_left_alone() -> None:
    found = named("Lip-Bu Tan and Hock Tan met. Then Tan left the room.")
    assert "Tan" not in found


def test_product_families_stay_apart() -> None:
    mentions = find("The MI300 and the MI300X and the MI300A are chips from AMD.")
    assert len({m.entity for m in mentions.mentions if m.type is EntityType.CHIP}) == 3


# --- descriptions and pronouns ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("Intel reported a loss. The company cut jobs.", "The company", "Intel"),
        ("Intel signed a deal with Oracle. The chipmaker will deliver soon.", "The chipmaker", "Intel"),
        ("Microsoft unveiled Maia 200 on Monday. The chip is built for inference.", "The chip", "Maia 200"),
        ("Lisa Su leads AMD. She said so.", "She", "Lisa Su"),
        ("Micron grew. Its revenue doubled.", "Its", "Micron"),
        ("Micron grew. It expects more.", "It", "Micron"),
        ("Reuters reported that Intel will cut jobs, and that it may sell a plant.", "it", "Intel"),
        ("SMIC can make it too, it adds.", "it", "SMIC"),
        ("Corvane, a start-up, met Intel and Oracle. The start-up needs money.", "The start-up", "Corvane"),
        ("Marvell bought Celestial AI. Photons are fast. The buyer is happy.", "The buyer", "Marvell"),
        (
            "Intel met Nvidia. OpenAI likes Nvidia's Grace Blackwell. Now the chipmaker's Blackwell sells.",
            "the chipmaker",
            "Nvidia",
        ),
        ("Reuters said so, and Intel met Oracle. OpenAI chose the chipmaker.", "the chipmaker", "Intel"),
        ("Intel grew. Brussels, for its part, has set money aside.", "its", None),
        ("According to Reuters, Intel grew. The company is happy.", "The company", "Intel"),
        ("Intel met Tan Zandor of Corvane, a lab. The chipmaker is happy.", "The chipmaker", "Intel"),
        ("Intel grew. It is unclear whether margins will hold.", "It", None),
        ("Some people talked. The company was silent.", "The company", None),
        ("Intel grew. No lender has lost its nerve.", "its", None),
        ('Intel grew. "It will rain," somebody said.', "It", None),
        ("Google sells its TPUs, Intel has cut its staff, and Micron has closed its plant.", "its", "Micron"),
        ("Google sells TPUs, and Intel has cut its staff.", "its", "Intel"),
        ("Google grew. Despite its losses, Intel grew too.", "its", "Intel"),
        ("Google expanded its line, and with its Gaudi chip Intel has joined in.", "its", "Intel"),
        ("Intel met some people. This is a bold move: it protects margins.", "it", None),
        ("If OpenAI and similar organizations buy more, it changes much.", "it", None),
        ("Intel grew. As rivals cut prices, it changes little.", "it", None),
        ("Oracle grew. Intel's forecast suggests the company is safe.", "the company", "Intel"),
        ("Jensen Huang, CEO of Nvidia, spoke. The Nvidia CEO was brief.", "CEO", "Jensen Huang"),
        ("Lisa Su, AMD's chief executive, spoke. Then the CEO of AMD left.", "the CEO", "Lisa Su"),
        ("Jensen Huang, CEO of Nvidia, met Lisa Su, CEO of AMD. The CEO was brief.", "The CEO", None),
        ("Former Intel CEO Pat Gelsinger spoke. The Intel CEO was brief.", "CEO", None),
        ("Nobody spoke. The Intel CEO was brief.", "CEO", None),
    ],
)
def test_descriptions_and_pronouns(text: str, form: str, expected: str | None) -> None:
    assert standing_for(text, form) == expected


REFERENCES: list[tuple[str, str, str | None]] = [
    # descriptions
    ("Broadcom raised its forecast. The company now expects more.", "The company", "Broadcom"),
    ("Qualcomm opened a lab in Munich. The San Diego firm hired engineers.", "firm", "Qualcomm"),
    ("Nvidia agreed to lease the site. The Santa Clara-based chipmaker will pay.", "chipmaker", "Nvidia"),
    ("TSMC will build a plant in Dresden. The foundry has received subsidies.", "The foundry", "TSMC"),
    ("CoreWeave borrowed more. The neocloud has pledged its servers.", "The neocloud", "CoreWeave"),
    ("CoreWeave borrowed more. The neocloud has pledged its servers.", "its", "CoreWeave"),
    ("AMD unveiled the MI400. The accelerator has 432 GB of memory.", "The accelerator", "MI400"),
    ("Groq, a start-up, raised money. The start-up makes chips for inference.", "The start-up", "Groq"),
    ("Samsung lost orders to TSMC. The Korean company blames yields.", "The Korean company", "Samsung"),
    ("Anthropic signed with Google. The AI lab gets a million TPUs.", "The AI lab", "Anthropic"),
    ("Jensen Huang praised TSMC. He said the foundry has done well.", "the foundry", "TSMC"),
    ("Nvidia's Blackwell sells well. The company expects more.", "The company", "Nvidia"),
    # pronouns
    ("Cerebras filed for a listing. It plans to sell shares in April.", "It", "Cerebras"),
    ("Cerebras said it would build a data center.", "it", "Cerebras"),
    ("Micron told investors that it has sold out its HBM4.", "its", "Micron"),
    ("AMD unveiled the MI400. Its memory is twice that of the H200.", "Its", "MI400"),
    ("AMD unveiled the MI400. Its chief executive called the part a milestone.", "Its", "AMD"),
    ("Marvell fell 5% after it cut its outlook.", "it", "Marvell"),
    ("With its new chip, Marvell hopes to win Amazon.", "its", "Marvell"),
    ("SK hynix shipped HBM4 to Nvidia. Samsung hopes that it will follow.", "it", "Samsung"),
    ("Alphabet is big. Tesla, meanwhile, dropped its Dojo project.", "its", "Tesla"),
    ("Intel grew. The deal doubles its revenue.", "its", "Intel"),
    ("Intel said that the market for its chips has doubled.", "its", "Intel"),
    ("Intel grew. It was founded in 1968.", "It", "Intel"),
    # the owner of what is spoken of is no subject, unless a firm must be meant
    ("Intel's Gaudi 3 is cheap. It has 128 GB of memory.", "It", "Gaudi 3"),
    ("Nvidia's Blackwell is sold out. It expects to ship more in May.", "It", "Nvidia"),
    ("Intel's chief executive left. It has 100,000 employees.", "It", "Intel"),
    # persons: who was "she" before is not "he"
    ("Lisa Su leads AMD. She is proud. Su met Jensen Huang. He smiled.", "He", "Jensen Huang"),
    ("Lisa Su leads AMD. She is proud. Jensen Huang met Su. Then she smiled.", "she", "Lisa Su"),
    ("Lisa Su met Jensen Huang. He smiled.", "He", None),
    # it that stands for nothing
    ("Intel grew. It rained in Oregon.", "It", None),
    ("Intel grew. It was a good year for chipmakers.", "It", None),
    ("Intel grew. It is a question of time.", "It", None),
    ("Intel grew. It was Nvidia that fell.", "It", None),
    ("CoreWeave and Nebius lease halls. It is not known for how long.", "It", None),
    # what belongs to somebody without a name
    ("Intel grew. The government wants its share.", "its", None),
    ("Intel grew, and the government wants its share.", "its", None),
    ("Intel grew. The market has doubled its size.", "its", None),
    ("Intel grew. The board has lost its patience.", "its", None),
    # several: a singular takes up none of them, and no plural is resolved
    ("Micron and Samsung grew. It said so.", "It", None),
    ("Micron and Samsung grew. Its shares rose.", "Its", None),
    ("Micron, Samsung and SK hynix grew. The company said so.", "The company", None),
    ("Intel and AMD met. They signed a deal, and their shares rose.", "They", None),
    ("Intel and AMD met. They signed a deal, and their shares rose.", "their", None),
    ("Intel and AMD met. The pair signed a deal.", "The pair", None),
    ("Intel and AMD met. The former signed, the latter did not.", "The former", None),
    ("Intel and AMD met. The former signed, the latter did not.", "the latter", None),
    ("Intel and AMD met. The two companies signed a deal.", "The two companies", None),
    # others than who was spoken of
    ("Intel grew. Another chipmaker shrank.", "Another chipmaker", None),
    ("Intel grew. The rival chipmaker shrank.", "The rival chipmaker", None),
    ("Intel grew. The company that built it shrank.", "The company", None),
    ("AMD passed Intel. The parent company was glad.", "The parent company", None),
    ("Intel grew. The chip industry cheered.", "The chip", None),
    ("Intel grew. The model shrank.", "The model", None),
    ("The H100 is fast. The company is slow.", "The company", None),
    ("Intel bought a plant in Texas. The site has two halls.", "The site", None),
    # appositions
    ("Intel, the chipmaker, grew.", "the chipmaker", None),
    ("The chipmaker Intel grew.", "The chipmaker", None),
    ("Hopper grew old, and the Blackwell architecture sells.", "architecture", None),
    ("Nvidia unveiled Rubin. The H100 chip is older.", "chip", None),
]


@pytest.mark.parametrize(("text", "form", "expected"), REFERENCES)
def test_references_are_resolved_where_they_are_sure_alone(text: str, form: str, expected: str | None) -> None:
    assert standing_for(text, form) == expected


def test_descriptions_know_their_antecedent() -> None:
    mentions = find("Intel reported a loss. The company cut jobs.")
    (description,) = [m for m in mentions.mentions if m.kind is MentionKind.NOMINAL]
    assert description.antecedent == Span(0, 5)
    assert description.found_by == "mention/nominal"


def test_an_apposition_is_no_mention_of_another() -> None:
    mentions = find("Oracle met Intel, the chipmaker, on Monday.")
    assert all(m.kind is MentionKind.NAME for m in mentions.mentions)


# --- what always holds --------------------------------------------------------------------------------------

WORDS = re.split(
    " ",
    "Nvidia Nvidia's H100s the chipmaker Corvane Jensen Huang Huang\u2019s said It its GPT-5.2 U.S. C.C. Wei A "
    "d-Matrix (INTC) Intel Inc. & \u2014 of University \u00e9t\u00e9 Seoul-based start-up , . AI 910C Ascend NVL72 "
    '" 2026 she #HBM4 |',
)


def check(text: str, mentions: Mentions) -> None:
    last = 0
    for mention in mentions.mentions:
        assert mention.span.start >= last, "overlap or disorder"
        assert mention.span.start < mention.span.end <= len(text)
        last = mention.span.end
        assert re.sub(r"\s", " ", text[mention.span.start : mention.span.end]) == mention.form
        assert not mention.form.endswith(("'s", "\u2019s"))
        assert (mention.kind is MentionKind.NAME) == (mention.antecedent is None)
    entities = {entity.iri for entity in mentions.entities}
    assert {mention.entity for mention in mentions.mentions} == entities
    assert len(entities) == len(mentions.entities)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join))
def test_mentions_of_arbitrary_words(text: str) -> None:
    check(text, find(text))


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80))
def test_mentions_of_arbitrary_text(text: str) -> None:
    check(text, find(text))


def test_the_same_text_gives_the_same_mentions() -> None:
    text = (
        "Intel met Corvane, a start-up led by Zandor Okwu. The start-up makes the Nimbra-2 chip. Okwu said it is fast."
    )
    first: tuple[Mention, ...] = find(text).mentions
    again = MentionFinder(load_knowledge(iris=IRIS), IRIS).find(document(text)).mentions
    assert [(m.span, m.entity, m.type, m.found_by) for m in first] == [
        (m.span, m.entity, m.type, m.found_by) for m in again
    ]


def test_names_kept_apart_are_never_one_thing(tmp_path: Path) -> None:
    text = document("The cloud of Nebius (NBX) grew. NBX fell on Monday, and NBX shares rose again.")

    def entity_of(found: Mentions, form: str) -> str | None:
        return next((mention.entity.value for mention in found.mentions if mention.form == form), None)

    joined = finder().find(text)
    assert entity_of(joined, "NBX") == entity_of(joined, "Nebius")
    path = tmp_path / "own.yaml"
    path.write_text("distinct:\n- [Nebius, NBX]\n", encoding="utf-8")
    apart = MentionFinder(load_knowledge(folder("knowledge"), path, iris=IRIS), IRIS).find(text)
    assert entity_of(apart, "Nebius") == entity_of(joined, "Nebius")
    assert entity_of(apart, "NBX") != entity_of(apart, "Nebius")


def names_read(text: str) -> set[str]:
    """The names of a text, with what the language model takes for some."""
    plain = document(text).article
    found = finder().find(DocumentReader().read(plain))
    return {mention.form for mention in found.mentions if mention.kind == MentionKind.NAME}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Drift, the slow loss of the stored weights, will cost up to 3% of accuracy a year.", "Drift"),
        ("Creep, a slow change in the shape of the solder, broke two boards.", "Creep"),
        ("Quantization, the art of making do with fewer bits, is on everybody's lips.", "Quantization"),
        ("Jitter, the tiny delay in the arrival of packets, spoils the result.", "Jitter"),
    ],
)
def test_a_word_that_is_explained_as_a_matter_is_no_name(text: str, word: str) -> None:
    assert word not in names_read(text)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Lumora, the maker of an inference chip, has raised $40 million.", "Lumora"),
        ("Nvidia, the loss of whose chief would hurt, is growing.", "Nvidia"),
        ("Cerebras, a start-up in the business of large chips, has gone public.", "Cerebras"),
        ("Quillora, the share price of which doubled, sells accelerators to OpenAI.", "Quillora"),
    ],
)
def test_a_name_that_stands_beside_its_description_is_one(text: str, word: str) -> None:
    assert word in names_read(text)
