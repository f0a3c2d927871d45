"""Where the pages and data of IRIs are on this site."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from aigraph.vocab import AIG

_OURS = ("id/", "article/", "graph/", "extractor/", "knowledge/")


def page_of(iri: str, base: str) -> str:
    """The page on the thing with an IRI: at its own path where the IRI is below the base of the graph.

    "/page/id/company/nvidia", "/ontology/develops", and "/describe?iri=…" for things of others.
    """
    path = iri.removeprefix(base)
    if iri.startswith(base) and path.startswith(_OURS):
        return f"/page/{_sendable(path)}"
    if iri.startswith(AIG.iri) and iri != AIG.iri:
        return f"/ontology/{quote(iri.removeprefix(AIG.iri))}"
    return f"/describe?{urlencode({'iri': iri})}"


def data_of(iri: str, base: str, suffix: str) -> str:
    """The address of the data on a thing of ours: "/data/id/company/nvidia.ttl"."""
    return f"/data/{_sendable(iri.removeprefix(base))}.{suffix}"


def _sendable(path: str) -> str:
    """A path of an IRI as an address has it: what is percent-encoded stays so, as it belongs to the IRI."""
    return quote(path, safe="/%:@!$&'()*+,;=~-._")
