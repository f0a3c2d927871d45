"""The command that serves the graph to language models: mcp."""

from __future__ import annotations

import click

from aigraph.cli.shared import canned_queries, queries_option, settings_of, store_option
from aigraph.errors import ServerError
from aigraph.places import Place
from aigraph.remote import base_of, open_pool
from aigraph.settings import Settings


@click.command()
@click.option("--http", is_flag=True, help="Serve over HTTP instead of standard input and output.")
@click.option("--host", help="With --http: address to listen on. [default: 127.0.0.1]")
@click.option("--port", type=int, default=7475, show_default=True, help="With --http: port; 0 takes any free one.")
@click.option("--site", metavar="URL", help="Address of an endpoint with this graph, for permalinks in answers.")
@store_option
@settings_of
@queries_option
def mcp(settings: Settings, *, http: bool, host: str | None, port: int, site: str | None, store: Place | None) -> None:
    """Serve the graph to language models, by the Model Context Protocol (extra `mcp`).

    A tool for each canned query, and describe, search, explain and sparql; all of them only read. Without --http, the
    program that starts this command talks to it over standard input and output.

    \b
    Examples:
      aigraph mcp --store my-graph
      aigraph mcp --http --port 7475 --site http://127.0.0.1:7474/
    """
    try:
        from aigraph.agents.server import run_http, run_stdio
    except ModuleNotFoundError as error:
        raise ServerError("aigraph mcp needs the extra `mcp`: pip install 'aigraph[mcp]'.") from error
    from aigraph.agents import Toolbox

    settings = settings.changed(store=store, host=host)
    pool = open_pool(
        settings.store,
        size=settings.workers,
        timeout=settings.timeout,
        memory=settings.memory,
        longest=8,
        base=settings.base,
    )
    with pool:
        toolbox = Toolbox(pool, canned_queries(settings), base=base_of(pool), site=site)
        if http:
            run_http(toolbox, settings.host, port, on_ready=lambda url: click.echo(f"MCP is served at {url}", err=True))
        else:
            run_stdio(toolbox)
