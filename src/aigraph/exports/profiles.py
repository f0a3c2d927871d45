"""Profiles: what an export adds to RDF 1.1 for tools that know more.

`rdf12` is RDF 1.2: a statement's node, whatever its stance, is made the reifier of the triple that it tells, so
`?statement rdf:reifies <<( ?s ?p ?o )>>` finds it. The triple itself is thereby not stated; it stands in the graph of
facts as before, if it may. All other triples are those of RDF 1.1.
"""

from __future__ import annotations

from enum import StrEnum

from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from aigraph.exports.content import Change, Group
from aigraph.vocab import AIG

REIFIES = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies")


class Profile(StrEnum):
    """What version of RDF an export is made for."""

    RDF11 = "rdf11"
    RDF12 = "rdf12"

    @property
    def change(self) -> Change | None:
        """What the profile does to the quads of each subject."""
        return with_reifiers if self is Profile.RDF12 else None


def with_reifiers(group: Group) -> Group:
    """The quads of a subject and, if it is a statement, those that make it the reifier of its triples."""
    parts: dict[NamedNode, list[NamedNode]] = {AIG.subject: [], AIG.predicate: [], AIG.object: []}
    for quad in group:
        if quad.predicate in parts and isinstance(quad.object, NamedNode):
            parts[quad.predicate].append(quad.object)
    node = group[0].subject
    if not all(parts.values()) or not isinstance(node, NamedNode | BlankNode):
        return group
    told = [
        Triple(subject, predicate, object_)
        for subject in parts[AIG.subject]
        for predicate in parts[AIG.predicate]
        for object_ in parts[AIG.object]
    ]
    return [*group, *(Quad(node, REIFIES, triple, group[0].graph_name) for triple in told)]
