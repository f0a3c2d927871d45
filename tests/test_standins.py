"""What a sentence leaves to its passage: who "we" are, whose chips are presented, what a next number follows."""

from __future__ import annotations

from dataclasses import replace

from aigraph.facts import FactFinder
from aigraph.facts.links.standins import with_stand_ins
from aigraph.facts.speech.attribution import AttributionReader
from aigraph.ontology import load_ontology
from aigraph.records import BlockKind, Document, Mentions, Part, Partnership, Polarity, Statement, Status
from aigraph.vocab import AIG, Iris
from notation import read_notation

IRIS = Iris()
FINDER = FactFinder(load_ontology(), IRIS)
RULES = FactFinder(load_ontology(), IRIS, without=frozenset({Part.WHOLE}))


def read(text: str) -> tuple[Document, Mentions]:
    """A parsed text in bracket notation; lines that begin with "# " are headings."""
    document, mentions = read_notation(text.replace("# ", ""), IRIS, parsed=True)
    kinds = [BlockKind.HEADING if line.startswith("# ") else BlockKind.PARAGRAPH for line in text.split("\n")]
    blocks = tuple(
        replace(block, block=replace(block.block, kind=kind))
        for block, kind in zip(document.blocks, kinds, strict=True)
    )
    return replace(document, blocks=blocks), mentions


def statements(text: str) -> tuple[Statement, ...]:
    return FINDER.find(*read(text)).statements


def deals(text: str) -> tuple[Partnership, ...]:
    return FINDER.find(*read(text)).partnerships


def shown(text: str) -> set[str]:
    """What rules show, before the network for whole articles weighs it."""
    names = {entity.iri: entity.name for entity in read(text)[1].entities}
    return {
        f"{names[s.subject]} {AIG.local(s.predicate)} {names.get(s.object, '')}"
        for s in RULES.find(*read(text)).statements
        if s.polarity == Polarity.AFFIRMED
    }


def stand_ins(text: str) -> list[tuple[str, str]]:
    """The words that stand for an organization, with its name."""
    document, mentions = read(text)
    names = {entity.iri: entity.name for entity in mentions.entities}
    found = with_stand_ins(document, mentions, AttributionReader()).mentions
    return [(m.form, names[m.entity]) for m in found if m not in mentions.mentions]


def test_we_is_the_organization_of_who_speaks() -> None:
    met = "[Ann Lee|Person], chief executive of [Corvane|Company], met [Bolt Cloud|Company]. "
    assert stand_ins(met + '"We sell cards," said [Ann Lee|Person].') == [("We", "Corvane")]
    assert stand_ins(met + "We asked for the reasons.") == []


def test_a_company_without_a_name_is_that_of_the_passage() -> None:
    text = "# [Corvane|Company]: who is behind it\n[Ann Lee|Person] and [Bob Ray|Person] set the company up in 2019."
    assert {"Ann Lee founded Corvane", "Bob Ray founded Corvane"} <= shown(text)
    assert stand_ins("# [Corvane|Company] grows\n[Bolt|Company], the company that nobody knows, fell.") == []


def test_their_is_the_one_organization_of_the_sentence_before() -> None:
    assert stand_ins("[Corvane|Company] is back. Their cards sell.") == [("Their", "Corvane")]
    assert stand_ins("[Corvane|Company] met [Bolt|Company]. Their cards sell.") == []


def test_a_post_without_an_employer_is_with_the_organization_of_the_heading() -> None:
    text = "# [Corvane|Company] lands money\n[Bolt Capital|Company] led the round. CEO [Ann Lee|Person] promises more."
    assert "Ann Lee worksFor Corvane" in shown(text)
    assert "Ann Lee worksFor Bolt Capital" not in shown(text)


def test_a_post_told_beside_a_name_holds_whatever_the_sentence_denies() -> None:
    text = "It was the turn of [Ann Lee|Person], the head of [Corvane|Company], who never sleeps."
    assert "Ann Lee worksFor Corvane" in shown(text)
    assert "Ann Lee worksFor Corvane" not in shown("[Ann Lee|Person], formerly of [Corvane|Company], writes novels.")


def test_technologies_that_an_article_introduces_are_those_of_its_organization() -> None:
    about = "[Corvane|Company] sells cards. [Corvane|Company] hires.\n"
    assert "Corvane develops Loom" in shown(about + "[Loom|Software], the compiler, decides which word goes where.")
    assert "Corvane develops Loom" not in shown(about + "The cards run programs for [Loom|Software].")
    assert "Corvane develops PyTorch" not in shown(about + "[PyTorch|Software], the framework, is supported.")
    assert "Corvane develops Weft" not in shown(about + "The [Weft|System] plant is full.")


def test_a_passage_about_two_organizations_presents_nothing() -> None:
    assert shown("[Corvane|Company] met [Bolt|Company]. The [K7|Chip] is fast.") == set()


def test_the_next_number_follows_the_one_before() -> None:
    assert "K-Line 7 successorOf K-Line 6" in shown("Nobody has [K-Line 6|Chip] left. [K-Line 7|Chip] is late.")
    assert "Argo V successorOf Argo IV" in shown("[Argo IV|Chip] sells. [Argo V|Chip] taped out.")
    assert "Gannet 2 successorOf Gannet" in shown("[Gannet|Chip] sells. [Gannet 2|Chip] taped out.")


def test_no_succession_without_a_next_number() -> None:
    line = "The [Larke|Chip] line sells. [Larke 6|Chip] is here, [Larke 7|Chip] taped out."
    assert {fact for fact in shown(line) if "successorOf" in fact} == {"Larke 7 successorOf Larke 6"}
    for text in (
        "[RTX 5080|Chip] and [RTX 5090|Chip] sell.",  # two of one generation
        "[HBM3|Chip] is scarce, [HBM4|Chip] late.",  # memory generations are nobody's series
        "[Zeta 2|Chip] is out, [Zeta 9|Chip] was a joke.",
        "The [Zeta|Chip] line sells. [Zeta 3|Chip] is late.",  # the line, not the first of it
        "[Ember 1|AIModel] and [Ember 2|AIModel] were trained there.",
        "[Corvane|Company]'s [Zeta 2|Chip] and [Bolt|Company]'s [Zeta 3|Chip] sell.",
    ):
        assert not {fact for fact in shown(text) if "successorOf" in fact}


def test_a_chip_made_in_a_process_has_no_architecture_by_it() -> None:
    text = "[Corvane|Company] unveiled the [K7|Chip]. The [K7|Chip] is built on the [N3|Architecture] process."
    rules_alone = RULES.find(*read(text)).statements
    assert AIG.uses in {statement.predicate for statement in rules_alone}
    assert AIG.usesArchitecture not in {statement.predicate for statement in statements(text)}
    based = "[Corvane|Company] unveiled the [K7|Chip]. The [K7|Chip] is based on the [Loom|Architecture] architecture."
    assert "K7 usesArchitecture Loom" in shown(based)


def test_what_came_to_an_end_is_told_and_not_denied() -> None:
    (deal,) = deals("[Corvane|Company] turned down a takeover offer from [Bolt|Company].")
    assert (deal.status, deal.polarity) == (Status.ENDED, Polarity.AFFIRMED)


def test_a_maker_that_a_rule_reads_wrongly_gives_way_to_one_that_the_network_is_sure_of() -> None:
    row = "| [Jotta 8|Chip] | [Corvane|Company] | 5 nm |"
    text = row + "\n[Corvane|Company] has received first silicon of [Jotta 8|Chip] from [TSMC|Company]."
    assert "TSMC develops Jotta 8" not in shown(text)
