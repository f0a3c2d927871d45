"""The command line: the only place that reads settings and prints. One module a group of commands."""

from __future__ import annotations

import os
from pathlib import Path

import click

from aigraph import __version__
from aigraph.cli import (
    agents,
    asking,
    building,
    canned,
    checking,
    copying,
    exporting,
    keeping,
    measuring,
    reviewing,
    watching,
)
from aigraph.cli.shared import Commands
from aigraph.settings import load_settings


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="aigraph")
@click.option("--config", type=click.Path(path_type=Path), metavar="FILE", help="Settings file (TOML).")
@click.option(
    "--base", metavar="IRI", help="Beginning of every IRI that is minted. [default: https://w3id.org/aigraph/]"
)
@click.pass_context
def main(ctx: click.Context, config: Path | None, base: str | None) -> None:
    """Reads news about AI hardware into a knowledge graph that says who said what, how surely and where.

    \b
    Example:
      aigraph build seeds/ && aigraph query who-develops
    """
    ctx.obj = load_settings(os.environ, config).changed(base=base)


COMMANDS = (
    building.build,
    building.remove,
    watching.watch,
    building.up,
    building.serve,
    agents.mcp,
    asking.query,
    canned.queries,
    asking.search,
    asking.explain,
    exporting.export,
    copying.copy,
    keeping.backup,
    keeping.restore,
    asking.document,
    reviewing.entities,
    measuring.evaluate,
    measuring.rules,
    checking.check,
    checking.info,
)
"""Every command; a new one is a function in a module of this package, and a line here."""

for command in COMMANDS:
    main.add_command(command)
