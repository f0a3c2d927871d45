"""Commands on canned queries: list them, begin one of one's own."""

from __future__ import annotations

from pathlib import Path

import click

from aigraph.cli import terminal
from aigraph.cli.shared import canned_queries, queries_option, settings_of
from aigraph.queries import scaffold
from aigraph.settings import Settings

_USUAL = Path("my-queries")


@click.group(invoke_without_command=True)
@settings_of
@queries_option
def queries(settings: Settings) -> None:
    """List the canned queries with their parameters, or begin one of your own.

    \b
    Examples:
      aigraph queries
      aigraph queries --queries my-queries
      aigraph queries new who-buys-what
    """
    ctx = click.get_current_context()
    ctx.obj = settings
    if ctx.invoked_subcommand is None:
        terminal.print_queries(canned_queries(settings).values())


@queries.command()
@click.argument("name")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Where to write it. [default: the folder that --queries or the setting names first, else my-queries]",
)
@settings_of
def new(settings: Settings, name: str, folder: Path | None) -> None:
    """Begin a canned query: NAME.rq, which answers already, and a test of it. Change both.

    \b
    Example:
      aigraph queries new who-buys-what --folder my-queries
    """
    where = folder or next(iter(settings.query_folders), _USUAL)
    query, test = scaffold(where, name)
    click.echo(f"Wrote {query} and {test}.")
    click.echo(f"Ask it with: aigraph query {name} --queries {where}")
    click.echo(f"Test it with: pytest {test}")
