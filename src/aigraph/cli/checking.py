"""Commands that look after the graph: check, info."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import closing

import click

from aigraph import __version__, pipeline
from aigraph.checks import run_checks
from aigraph.cli import terminal
from aigraph.cli.shared import query_pool, selector, settings_of, store_option
from aigraph.errors import DataError
from aigraph.places import Endpoint, Place
from aigraph.reasoning import check_consistency
from aigraph.remote import open_reader
from aigraph.settings import Settings
from aigraph.shapes import ArticleValidator
from aigraph.store import latest_snapshot
from aigraph.vocab import DERIVED_GRAPHS


@click.command()
@click.option(
    "--shapes/--no-shapes", default=True, help="Validate each article against the SHACL shapes. [default: yes]"
)
@store_option
@settings_of
def check(settings: Settings, shapes: bool, store: Place | None) -> None:
    """Check that the graph keeps its laws: evidence for everything, offsets, one graph a triple, shapes, consistency.

    The shapes take about half a second an article.

    \b
    Example:
      aigraph check --store my-graph
    """
    settings = settings.changed(store=store)
    with closing(query_pool(settings.changed(timeout=max(settings.timeout, 120.0)))) as pool:
        outcomes = run_checks(selector(pool))
    broken = [_told(outcome.law, outcome.breaches) for outcome in outcomes]
    if shapes:
        broken.append(_unless_missing("every article fits the SHACL shapes", lambda: _shape_breaches(settings)))
    broken.append(_unless_missing("the ontology is consistent (HermiT)", _ontology_breaches))
    if any(broken):
        sys.exit(1)


def _told(law: str, breaches: Sequence[str]) -> bool:
    """Print a law with its breaches; true where there are any."""
    click.echo(f"{'BROKEN' if breaches else 'ok    '}  {law}")
    for breach in breaches:
        click.echo(f"          {breach}")
    return bool(breaches)


def _unless_missing(law: str, check: Callable[[], Sequence[str]]) -> bool:
    """Run a check that needs the extra `reasoning`; without it say so, which is no breach."""
    try:
        return _told(law, check())
    except DataError as error:
        click.echo(f"skipped {law}: {error}")
        return False


def _shape_breaches(settings: Settings) -> list[str]:
    """What the SHACL shapes find, article by article; warnings are shown and break nothing."""
    with open_reader(settings.store, base=settings.base) as reader:
        derived = [reader.iris.graph(name) for name in DERIVED_GRAPHS if name != "ontology"]
        validator = ArticleValidator(quad for graph in derived for quad in reader.quads(graph))
        articles = sorted(set(reader.graphs()) - {reader.iris.graph(name) for name in DERIVED_GRAPHS}, key=str)
        found = [violation for graph in articles for violation in validator.validate(reader.quads(graph))]
    for violation in found:
        if violation.warning:
            click.echo(f"warning {violation}")
    return [str(violation) for violation in found if not violation.warning]


def _ontology_breaches() -> list[str]:
    result = check_consistency()
    if not result.consistent:
        return ["it contradicts itself"]
    return [f"no individual can ever belong to {cls}" for cls in result.unsatisfiable]


@click.command()
@click.option(
    "--canonical", is_flag=True, help="Show the RDFC-1.0 hash too, for which the whole store is read and sorted."
)
@store_option
@settings_of
def info(settings: Settings, store: Place | None, canonical: bool) -> None:
    """Say what the store holds, which versions read it, and the settings in force.

    \b
    Example:
      aigraph info
    """
    settings = settings.changed(store=store)
    click.echo(f"aigraph {__version__}, rules {pipeline.rules_version()}")
    for name, value in settings.as_dict().items():
        click.echo(f"  {name:18}{value}")
    if not isinstance(settings.store, Endpoint):
        snapshot = latest_snapshot(settings.store)
        click.echo(f"Snapshot {snapshot.generation}, id {snapshot.id}")
    with open_reader(settings.store, base=settings.base) as reader:
        if isinstance(settings.store, Endpoint):
            click.echo(f"id {reader.content().digest}")
        if canonical:
            click.echo(f"RDFC-1.0 hash {reader.canonical_hash()}")
        terminal.print_counts(reader)
