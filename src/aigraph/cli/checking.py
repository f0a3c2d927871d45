"""Commands that look after the graph: evaluate, check, info."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from aigraph import __version__, pipeline
from aigraph.checks import run_checks
from aigraph.cli import terminal
from aigraph.cli.shared import knowledge_option, query_pool, selector, settings_of, store_option
from aigraph.errors import AigraphError
from aigraph.evaluation import evaluate as evaluate_gold
from aigraph.evaluation import format_table, gold_sources, to_json
from aigraph.settings import Settings
from aigraph.store import latest_snapshot, open_latest


@click.command()
@click.argument("gold_dir", type=click.Path(path_type=Path))
@click.option("--errors", is_flag=True, help="List every miss and every wrong answer.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@knowledge_option
@settings_of
def evaluate(settings: Settings, gold_dir: Path, errors: bool, as_json: bool, knowledge: tuple[Path, ...]) -> None:
    """Build a graph from annotated articles and score it: precision, recall and F1 per kind of fact.

    \b
    Example:
      aigraph evaluate tests/gold/dev --errors
    """
    sources = gold_sources(gold_dir)
    with TemporaryDirectory() as scratch:
        store = Path(scratch) / "store"
        with terminal.progress() as progress:
            report = pipeline.build(sources, store, base=settings.base, knowledge_folders=knowledge, progress=progress)
        with open_latest(store) as reader:
            evaluation = evaluate_gold(reader.quads(), gold_dir)
    for failure in report.failures:
        click.echo(f"Not read: {failure.reason}", err=True)
    click.echo(to_json(evaluation) if as_json else format_table(evaluation, errors=errors))


@click.command()
@store_option
@settings_of
def check(settings: Settings, store: Path | None) -> None:
    """Check that the graph keeps its laws: evidence for everything, offsets, one graph a triple, consistency.

    \b
    Example:
      aigraph check --store my-graph
    """
    settings = settings.changed(store=store)
    with closing(query_pool(settings.changed(timeout=max(settings.timeout, 120.0)))) as pool:
        outcomes = run_checks(selector(pool))
    for outcome in outcomes:
        click.echo(f"{'ok    ' if not outcome.breaches else 'BROKEN'}  {outcome.law}")
        for breach in outcome.breaches:
            click.echo(f"          {breach}")
    consistent = _check_ontology()
    if not consistent or any(outcome.breaches for outcome in outcomes):
        sys.exit(1)


@click.command()
@store_option
@settings_of
def info(settings: Settings, store: Path | None) -> None:
    """Say what the store holds, which versions read it, and the settings in force.

    \b
    Example:
      aigraph info
    """
    settings = settings.changed(store=store)
    click.echo(f"aigraph {__version__}, rules {pipeline.rules_version()}")
    for name, value in settings.as_dict().items():
        click.echo(f"  {name:10}{value}")
    snapshot = latest_snapshot(settings.store)
    click.echo(f"Snapshot {snapshot.generation}, RDFC-1.0 hash {snapshot.id}")
    with open_latest(settings.store) as reader:
        terminal.print_counts(reader)


def _check_ontology() -> bool:
    from aigraph.reasoning import check_consistency

    try:
        result = check_consistency()
    except AigraphError as error:
        click.echo(f"skipped  the ontology is consistent ({error})")
        return True
    broken = ", ".join(str(cls) for cls in result.unsatisfiable)
    sound = result.consistent and not broken
    click.echo(f"{'ok    ' if sound else 'BROKEN'}  the ontology is consistent (HermiT, {result.seconds:.1f} s)")
    if broken:
        click.echo(f"          no individual can ever belong to {broken}")
    return sound
