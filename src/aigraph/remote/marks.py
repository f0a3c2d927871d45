"""What aigraph notes in a store elsewhere: the base of its IRIs, the state, and a hash for each graph.

It stands in a graph of its own, `urn:aigraph:copy`, which is no part of what is copied or hashed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode

from aigraph.remote.client import Client

MARKS = NamedNode("urn:aigraph:copy")
_STATE, _BASE, _QUADS, _HASH = (NamedNode(f"urn:aigraph:copy#{name}") for name in ("state", "base", "quads", "sha256"))


@dataclass(frozen=True, slots=True)
class Marks:
    """What is noted: `state` is the id of the store that was copied as a whole ("" while a copy is not complete)."""

    state: str = ""
    base: str = ""
    quads: int = 0
    hashes: dict[NamedNode, str] = field(default_factory=dict)


def read_state(client: Client) -> Marks:
    """What is noted, without the hashes of graphs."""
    rows = client.select(f"SELECT ?p ?o {{ GRAPH {MARKS} {{ {MARKS} ?p ?o }} }}")
    found = {str(row["p"]): row["o"].value for row in rows if isinstance(row["o"], Literal)}
    quads = found.get(str(_QUADS), "0")
    return Marks(found.get(str(_STATE), ""), found.get(str(_BASE), ""), int(quads) if quads.isdigit() else 0)


def read_marks(client: Client) -> Marks:
    """All that is noted."""
    state = read_state(client)
    rows = client.select(f"SELECT ?g ?h {{ GRAPH {MARKS} {{ ?g {_HASH} ?h }} }}", seconds=600.0)
    for row in rows:
        if isinstance(graph := row["g"], NamedNode) and isinstance(value := row["h"], Literal):
            state.hashes[graph] = value.value
    return state


def note_graph(graph: NamedNode, value: str | None) -> str:
    """The update that notes the hash of a graph; None: that it is not there any more."""
    parts = [f"DELETE WHERE {{ GRAPH {MARKS} {{ {graph} {_HASH} ?h }} }}"]
    if value is not None:
        parts.append(f"INSERT DATA {{ GRAPH {MARKS} {{ {graph} {_HASH} {Literal(value)} }} }}")
    return " ;\n".join(parts)


def note_state(state: str, base: str, quads: int) -> str:
    """The update that notes the state of the whole."""
    told = f"{MARKS} {_STATE} {Literal(state)} ; {_BASE} {Literal(base)} ; {_QUADS} {Literal(str(quads))}"
    gone = f"DELETE WHERE {{ GRAPH {MARKS} {{ {MARKS} ?p ?o }} }}"
    return f"{gone} ;\nINSERT DATA {{ GRAPH {MARKS} {{ {told} }} }}"


def hash_of(lines: Iterable[bytes]) -> str:
    """The SHA-256 of sorted lines."""
    summary = hashlib.sha256()
    for line in lines:
        summary.update(line + b"\n")
    return summary.hexdigest()
