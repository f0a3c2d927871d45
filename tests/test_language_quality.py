"""Floors under the figures of the language model on what this repository holds: marked arcs, held-out documents.

The treebanks are not here; the model card has the figures on them. Lowering a floor needs a reason in the changelog.
"""

from __future__ import annotations

from evaluate import ARCS, count_arcs, count_names

from aigraph.language.components import Annotator
from aigraph.language.network import Network

ARCS_ATTACHED, ARCS_LABELLED = 0.90, 0.88
NAMES, NAMES_ANY_TYPE = 0.70, 0.95

ANNOTATOR = Annotator(Network())


def test_arcs_that_matter_are_found() -> None:
    counts = count_arcs(ANNOTATOR, ARCS)
    assert counts.marked.total() >= 600
    assert counts.attached.total() / counts.marked.total() >= ARCS_ATTACHED, counts.lines()
    assert counts.labelled.total() / counts.marked.total() >= ARCS_LABELLED, counts.lines()


def test_names_of_held_out_documents_are_found() -> None:
    counts = count_names(ANNOTATOR)
    assert counts.marked.total() >= 500
    assert counts.any_type_f1 >= NAMES_ANY_TYPE, counts.lines()
    assert counts.f1 >= NAMES, counts.lines()
