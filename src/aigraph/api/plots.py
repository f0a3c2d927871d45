"""Plots: the figures of a metric over time, and who deals with whom (extra `plots`)."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

from aigraph.api.tables import library
from aigraph.errors import ParameterError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from aigraph.api.findings import Claim, Claims, Partnerships

_MARKS = {"asserted": "o", "forecast": "^", "reported": "s", "opinion": "D", "hypothetical": "v"}
_LINES = {"completed": "solid", "announced": "solid", "reported": "dashed", "ended": "dotted"}
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")
"""Colours that people with any colour vision tell apart (Okabe and Ito, 2008)."""


def timeline(claims: Claims, *, unit: str | None = None, ax: Axes | None = None) -> Axes:
    """The figures of claims over the time that they speak of, or else the day of their article.

    A colour is what the claims are about, a mark their modality; hollow marks are denied. Only figures in one unit are
    drawn, by default the most frequent one; the title says how many others were left out.

    Raises:
        ExtraMissing: the extra `plots` is not installed.
        ParameterError: no claim has a figure in that unit, and a time.
    """
    placed = [(day, one) for one in claims if one.value is not None and (day := _day(one)) is not None]
    counted = Counter(one.unit for _, one in placed)
    chosen = unit or next((name for name, _ in counted.most_common(1)), None)
    drawn = [(day, one) for day, one in placed if one.unit == chosen]
    if not drawn:
        units = ", ".join(sorted(name for name in counted if name)) or "none"
        raise ParameterError(f"No claim has a figure in {unit or 'any unit'} and a time; units here are: {units}.")
    axes: Any = _axes(ax)
    by_thing: dict[str, list[tuple[date, Claim]]] = defaultdict(list)
    for day, one in drawn:
        by_thing[one.about or one.metric or ""].append((day, one))
    for place, (about, points) in enumerate(sorted(by_thing.items())):
        colour = _COLOURS[place % len(_COLOURS)]
        for modality, polarity in sorted({(one.modality, one.polarity) for _, one in points}):
            some = [(day, one) for day, one in points if (one.modality, one.polarity) == (modality, polarity)]
            axes.scatter(
                [day for day, _ in some],
                [one.value for _, one in some],
                marker=_MARKS.get(modality, "o"),
                edgecolors=colour,
                facecolors="none" if polarity == "negated" else colour,
                label=f"{about} ({modality}{', denied' if polarity == 'negated' else ''})",
            )
    left = len(claims) - len(drawn)
    metrics = sorted({one.metric for _, one in drawn if one.metric})
    axes.set_title(", ".join(metrics) + (f" ({left} without such a figure left out)" if left else ""))
    axes.set_ylabel(chosen or "")
    axes.legend(fontsize="small")
    axes.figure.autofmt_xdate()
    drawing: Axes = axes
    return drawing


def network(partnerships: Partnerships, *, ax: Axes | None = None) -> Axes:
    """Who deals with whom: an arrow from licensee, supplier, investor or acquirer to the other side, a line between
    partners. A colour is a kind of deal; rumours are dashed, ended deals dotted, denied ones are left out.

    Raises:
        ExtraMissing: the extra `plots` is not installed.
        ParameterError: there is no deal between two parties.
    """
    axes: Any = _axes(ax)
    networkx = library("networkx", "plots")
    graph = partnership_network(partnerships)
    if not graph.number_of_edges():
        raise ParameterError("There is no deal between two parties to draw.")
    # the layout of networkx depends on the order of nodes and on the seed alone
    places = networkx.spring_layout(graph, seed=7, k=2 / math.sqrt(len(graph)))
    networkx.draw_networkx_nodes(graph, places, ax=axes, node_color="#dddddd", node_size=300)
    networkx.draw_networkx_labels(graph, places, ax=axes, font_size=8)
    kinds = sorted({data["kind"] for _, _, data in graph.edges(data=True)})
    for kind, colour in zip(kinds, _COLOURS, strict=False):
        for status, style in _LINES.items():
            edges = [
                (one, other)
                for one, other, data in graph.edges(data=True)
                if (data["kind"], data["status"]) == (kind, status)
            ]
            if edges:
                networkx.draw_networkx_edges(
                    graph,
                    places,
                    edgelist=edges,
                    ax=axes,
                    edge_color=colour,
                    style=style,
                    arrows=True,
                    node_size=300,
                    arrowstyle="-" if kind == "collaboration" else "-|>",
                )
        axes.plot([], [], color=colour, label=kind)
    axes.legend(fontsize="small")
    axes.set_axis_off()
    drawing: Axes = axes
    return drawing


def partnership_network(partnerships: Partnerships) -> Any:
    """The deals as a directed multigraph of networkx: nodes are names, edges have `kind`, `status`, `article`, `iri`.

    Raises:
        ExtraMissing: networkx is not installed.
    """
    graph = library("networkx", "plots").MultiDiGraph()
    sides = {
        "licensing": ("licensee", "licensor"),
        "supply": ("supplier", "customer"),
        "investment": ("investor", "investee"),
        "acquisition": ("acquirer", "target"),
        "collaboration": ("partner", "partner"),
    }
    for deal in sorted(partnerships, key=lambda one: one.iri):
        if deal.polarity == "negated":
            continue
        first, second = sides[deal.kind]
        ones = [party.name for party in deal.parties if party.role == first]
        others = [party.name for party in deal.parties if party.role == second]
        pairs = {(one, other) for one in ones for other in others if (one < other if first == second else one != other)}
        for one, other in sorted(pairs):
            graph.add_edge(one, other, kind=deal.kind, status=deal.status, article=deal.article, iri=deal.iri)
    return graph


def _day(claim: Claim) -> date | None:
    """The middle of the time that a claim speaks of; the day of its article where it names none."""
    first, last = claim.valid_from or claim.valid_until, claim.valid_until or claim.valid_from
    if first is not None and last is not None:
        return date.fromordinal((first.toordinal() + last.toordinal()) // 2)
    return claim.published


def _axes(ax: Axes | None) -> Any:
    pyplot = library("matplotlib.pyplot", "plots")
    return ax if ax is not None else pyplot.subplots(figsize=(9, 5), layout="constrained")[1]
