"""Commands that keep copies of the graph: backup, restore."""

from __future__ import annotations

from pathlib import Path

import click

from aigraph.cli.shared import settings_of, store_option
from aigraph.settings import Settings
from aigraph.store import restore as restore_store
from aigraph.store import write_backup


@click.command()
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE")
@store_option
@settings_of
def backup(settings: Settings, target: Path, store: Path | None) -> None:
    """Write the newest state of the graph into one file (tar; packed where the name ends with .gz).

    With it goes what users wrote over HTTP. A build or a service may be running.

    \b
    Example:
      aigraph backup graph.tar.gz --store my-graph
    """
    settings = settings.changed(store=store)
    snapshot = write_backup(settings.folder, target)
    click.echo(f"Wrote {target}: {snapshot.quads:,} quads, hash {snapshot.id}")


@click.command()
@click.argument("source", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FILE")
@store_option
@settings_of
def restore(settings: Settings, source: Path, store: Path | None) -> None:
    """Make a store of a backup, in a folder that holds nothing yet, and check that it is the same graph.

    \b
    Example:
      aigraph restore graph.tar.gz --store my-graph
    """
    settings = settings.changed(store=store)
    snapshot = restore_store(source, settings.folder)
    click.echo(f"Restored {settings.folder}: {snapshot.quads:,} quads, hash {snapshot.id}")
