"""The command that copies a graph from one store to another: copy."""

from __future__ import annotations

import sys

import click

from aigraph.cli import terminal
from aigraph.cli.shared import STORE, settings_of
from aigraph.places import Place
from aigraph.remote import Sent
from aigraph.remote import copy as copy_store
from aigraph.settings import Settings


@click.command()
@click.argument("source", type=STORE, metavar="STORE")
@click.argument("target", type=STORE, metavar="STORE")
@click.option("--verify/--no-verify", default=True, help="Read all of it back and compare hashes. [default: yes]")
@settings_of
def copy(settings: Settings, source: Place, target: Place, *, verify: bool) -> None:
    """Make the second store hold what the first one holds: folders, or SPARQL stores as sparql+http://….

    Only graphs that differ are sent. With --verify everything is read back and compared by its canonical hash; the
    exit code is 1 where it differs. What is broken off goes on when the same command is given again.

    \b
    Example:
      aigraph copy my-graph sparql+http://127.0.0.1:7878/query#update=/update,graphs=/store
    """
    with terminal.progress("Copying", "graphs") as progress:
        sent = copy_store(source, target, base=settings.base, verify=verify, progress=progress)
    click.echo(summary(sent))
    for graph in sent.differing:
        click.echo(f"Differs: {graph.value}", err=True)
    if sent.verified is False:
        sys.exit(1)


def summary(sent: Sent) -> str:
    """One line on what was sent."""
    parts = [f"{sent.written:,} graphs written", f"{sent.removed:,} removed", f"{sent.unchanged:,} unchanged"]
    told = {True: "; read back, and the same", False: "; read back, and NOT the same", None: ""}[sent.verified]
    return f"{', '.join(parts)}; {sent.triples_in:,} triples in, {sent.triples_out:,} out{told}."
