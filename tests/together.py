"""A small collection: what its articles corroborate, dispute, deny, copy, update, or call by two names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, Store

from aigraph.ontology import load_ontology
from aigraph.propositions import PropositionGraph
from aigraph.store import open_writer
from aigraph.vocab import DCTERMS, DEFAULT_BASE, RDFS
from sayings import IRIS, Deal, Figure, Relation, Row, Saying, Story, quads, thing

LABELS = {
    "nvidia": "Nvidia",
    "person/jensen-huang": "Jensen Huang",
    "arm": "Arm",
    "intel": "Intel",
    "sambanova": "SambaNova",
    "architecture/blackwell": "Blackwell",
    "halden": "Halden",
    "halden labs": "Halden Labs",
}
WIRE = " ".join(f"The {word} business grew faster than the {word} market did." for word in ("cloud", "memory", "power"))
BACKLOG = Figure("nvidia", "OrderBacklog", 1e12, sentence="Nvidia has orders worth $1 trillion.")
HUANG = "person/jensen-huang"


def _guidance(value: float, sentence: str) -> Row:
    return Figure(
        "nvidia", "RevenueForecast", value, time="2026", claimant="nvidia", modality="Forecast", sentence=sentence
    )


STORIES = (
    Story(
        "wire",
        (
            BACKLOG,
            Relation("nvidia", "develops", "architecture/blackwell", sentence="Nvidia makes Blackwell."),
            Figure(
                "nvidia", "MarketShare", 80, "PERCENT", time="2026", sentence="Nvidia has 80% of the market in 2026."
            ),
            _guidance(200e9, "Nvidia expects sales of $200 billion in 2026."),
            Deal(
                "Acquisition",
                "acquirer=intel target=sambanova",
                "Reported",
                value=1.6e9,
                modality="Reported",
                sentence="Intel is in talks to buy SambaNova for $1.6 billion.",
            ),
        ),
        issued="2026-03-01",
        publisher="Reuters",
        text=WIRE,
    ),
    Story("copy", (BACKLOG,), issued="2026-03-02", publisher="A paper", text=WIRE + " So it goes."),
    Story(
        "column",
        (
            replace(
                BACKLOG,
                time="../2027",
                claimant=HUANG,
                sentence="Huang spoke of a backlog of $1 trillion through 2027.",
            ),
            Figure(
                "nvidia",
                "MarketShare",
                60,
                "PERCENT",
                time="2026",
                claimant="some analysts",
                modality="Forecast",
                sentence="Analysts see Nvidia at 60% in 2026.",
            ),
            Saying(
                "arm",
                "veto on new designs",
                claimant="some people close to the matter",
                modality="Reported",
                sentence="Arm wants a veto on new designs, people close to the matter say.",
            ),
            Saying("arm", "veto on new designs", claimant="arm", polarity="Negated", sentence="Arm denies this."),
            Figure("nvidia", "MarketShare", 80.2, "PERCENT", time="2026-33", sentence="80.2% in the first quarter."),
            Relation("halden labs", "develops", "chip/kestrel", sentence="Halden Labs makes the Kestrel."),
            Figure("halden labs", "Revenue", 2e9, time="2026", sentence="Halden Labs sells for $2 billion in 2026."),
        ),
        issued="2026-03-18",
        publisher="A paper",
        names=(("halden labs", "Halden Labs"), ("halden labs", "Halden")),
    ),
    Story(
        "update",
        (
            _guidance(220e9, "Nvidia now expects sales of $220 billion in 2026."),
            Deal(
                "Acquisition",
                "acquirer=intel target=sambanova",
                "Ended",
                sentence="Intel has broken off its talks with SambaNova.",
            ),
            Relation("halden", "develops", "chip/kestrel", sentence="Halden's Kestrel is out."),
            Figure("halden", "Revenue", 3e9, time="2026", sentence="Sales of Halden come to $3 billion in 2026."),
        ),
        issued="2026-06-01",
        publisher="Reuters",
        names=(("halden", "Halden"),),
    ),
)


def small_collection(stories: Sequence[Story] = STORIES) -> Store:
    """The graphs of some articles, their labels and titles, and what they say together."""
    store = Store()
    store.extend(load_ontology().quads(IRIS.graph("ontology")))
    store.extend(quads(*stories))
    entities = IRIS.graph("entities")
    store.extend(Quad(thing(name), RDFS.label, Literal(label), entities) for name, label in LABELS.items())
    for story in stories:
        article, graph = IRIS.article(story.name), IRIS.graph(story.name)
        store.add(Quad(article, DCTERMS.title, Literal(f"The {story.name}"), graph))
    store.extend(PropositionGraph(IRIS).anew(store))
    return store


def published(folder: Path, content: Store) -> Path:
    """A store with the named graphs of some content, published once."""
    with open_writer(folder, base=DEFAULT_BASE) as writer:
        for graph in content.named_graphs():
            assert isinstance(graph, NamedNode)
            writer.replace_graph(graph, content.quads_for_pattern(None, None, None, graph))
        writer.commit()
    return folder
