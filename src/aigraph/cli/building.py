"""Commands that make a graph and serve it: build, remove, up, serve."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from aigraph import pipeline
from aigraph.cli import terminal
from aigraph.cli.clusters import Cluster, build_there, cluster_options, local_paths
from aigraph.cli.copying import summary
from aigraph.cli.shared import (
    canned_queries,
    extractor_options,
    knowledge_option,
    limit_options,
    makers,
    mirror_option,
    queries_option,
    settings_of,
    store_option,
)
from aigraph.errors import StoreMissing
from aigraph.places import Endpoint, Place
from aigraph.remote import mirror
from aigraph.resources import folder
from aigraph.settings import TOKEN, Settings
from aigraph.store import latest_snapshot


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH|URI]...")
@store_option
@knowledge_option
@settings_of
@cluster_options
@extractor_options
@click.option("--jobs", type=int, metavar="N", help="Processes that read articles. [default: one a processor]")
@click.option("--retry", is_flag=True, help="Read articles again that earlier builds have set aside.")
@click.option("--cache/--no-cache", default=None, help="Keep the stages of reading in the store. [default: yes]")
@mirror_option
def build(
    settings: Settings,
    paths: tuple[str, ...],
    store: Place | None,
    knowledge: tuple[Path, ...],
    *,
    jobs: int | None,
    retry: bool,
    cache: bool | None,
    mirror_folder: Path | None,
    cluster: Cluster,
) -> None:
    """Read articles into the graph: files or folders of text, Markdown, HTML, JSON Lines, PDF and WARC (the shipped
    seeds without any PATH).

    Articles that have not changed are left as they are; a changed one is replaced as a whole. What cannot be read is
    named with its reason while the others go on; the exit code is 1 then. Articles that are not in English are skipped
    and named, which is no failure. What takes more than a minute of processor time, or brings out a flaw of aigraph,
    is set aside and named in each build, until it or aigraph changes.

    Ctrl-C stops and keeps what is read; the same command goes on from there. Readers see the graph of before until a
    build has ended.

    With --extractor llm a language model on a server of yours finds facts, instead of the rules or beside them
    (--extractor rules --extractor llm); each of its answers is verified against the text.

    With --store sparql+http://… the graph is kept in a SPARQL store elsewhere: it is built in a copy on this machine
    (--mirror), and what has changed is sent.

    With --dask a cluster reads the articles, also from addresses (https://…, s3://…); docs/scale.md has the rest.

    \b
    Example:
      aigraph build news/ extra/interview.md --store my-graph
      aigraph build 'news/*.jsonl.gz' --dask local --jobs 8
    """
    settings = settings.changed(store=store, jobs=jobs, cache=cache, mirror=mirror_folder)
    report = build_and_send(settings, paths or (str(folder("seeds")),), knowledge, retry=retry, cluster=cluster)
    if report.failures:
        sys.exit(1)


@click.command()
@click.argument("identifiers", nargs=-1, required=True, metavar="IDENTIFIER...")
@store_option
@mirror_option
@settings_of
def remove(settings: Settings, identifiers: tuple[str, ...], store: Place | None, mirror_folder: Path | None) -> None:
    """Remove articles by identifier, and exactly what no other article says.

    \b
    Example:
      aigraph remove broadcom-backlog-brief
    """
    settings = settings.changed(store=store, mirror=mirror_folder)
    with _here(settings) as local:
        report = pipeline.remove(identifiers, local.folder, base=local.base, cache=_cache(local))
        click.echo(terminal.build_summary(report, local.folder))


@click.command()
@click.option("--host", help="Address to listen on. [default: 127.0.0.1]")
@click.option("--port", type=int, help="Port to listen on; 0 takes any free one. [default: 7474]")
@store_option
@settings_of
@queries_option
@limit_options
def up(settings: Settings, host: str | None, port: int | None, store: Place | None) -> None:
    """Build the graph from the shipped seeds if there is none yet, then serve it.

    \b
    Example:
      aigraph up --port 8080
    """
    settings = settings.changed(host=host, port=port, store=store)
    if not isinstance(settings.store, Endpoint):
        try:
            latest_snapshot(settings.store)
        except StoreMissing:
            report = _build(settings, (folder("seeds"),), ())
            click.echo(terminal.build_summary(report, settings.store))
    _serve(settings)


@click.command()
@click.option("--host", help="Address to listen on. [default: 127.0.0.1]")
@click.option("--port", type=int, help="Port to listen on; 0 takes any free one. [default: 7474]")
@store_option
@click.option(
    "--plain", is_flag=True, help="Serve RDF as it is, to be queried and changed; DATA is what it begins with."
)
@click.option(
    "--token-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="Who shows the token in FILE, or in AIGRAPH_TOKEN, may change things: any graph with --plain, else named "
    "graphs beside those made from articles.",
)
@click.argument("data", nargs=-1, type=click.Path(path_type=Path, exists=True))
@settings_of
@queries_option
@limit_options
def serve(
    settings: Settings,
    *,
    host: str | None,
    port: int | None,
    store: Place | None,
    plain: bool,
    token_file: Path | None,
    data: tuple[Path, ...],
) -> None:
    """Serve the graph over HTTP: SPARQL at /sparql, canned queries at /queries, pages for people.

    With --plain, serve files of RDF or the folder of an Oxigraph store instead: a dataset with the semantics of the
    standard, to be changed by SPARQL updates and at /store. The files stay as they are; changes are kept in the folder
    named by --store, or only until the end.

    \b
    Example:
      aigraph serve --store my-graph --port 8080
      aigraph serve --plain data.ttl
    """
    settings = settings.changed(host=host, port=port, store=store)
    token = token_file.read_text(encoding="utf-8").strip() if token_file else os.environ.get(TOKEN) or None
    if token == "":
        raise click.UsageError(f"{token_file} is empty. Write a token into it.")
    if not plain:
        if data:
            raise click.UsageError("DATA goes with --plain.")
        _serve(settings, token)
        return
    from aigraph.endpoint import serve_plain

    def ready(url: str) -> None:
        click.echo(f"A plain dataset is served at {url}  (stop with Ctrl-C)")

    with tempfile.TemporaryDirectory(prefix="aigraph-") as scratch:
        folder = settings.folder if store else Path(scratch) / "store"
        serve_plain(settings, folder, data, token=token, on_ready=ready)


def build_and_send(
    settings: Settings,
    addresses: tuple[str, ...],
    knowledge: tuple[Path, ...],
    *,
    retry: bool = False,
    cluster: Cluster | None = None,
) -> pipeline.BuildReport:
    """Build into the store of the settings, wherever it is, and tell what became of the articles."""
    if cluster and cluster.only_shards:
        return build_there(settings, cluster, addresses, knowledge, retry=retry)
    with _here(settings) as local:
        if cluster and cluster.address:
            report = build_there(local, cluster, addresses, knowledge, retry=retry)
        else:
            report = _build(local, local_paths(addresses), knowledge, retry=retry)
        click.echo(terminal.build_summary(report, local.folder))
    for skip in report.skipped:
        click.echo(f"Skipped: {skip.reason}", err=True)
    for failure in report.failures:
        click.echo(f"Not read: {failure.reason}", err=True)
    return report


def _build(
    settings: Settings, paths: tuple[Path, ...], knowledge: tuple[Path, ...], *, retry: bool = False
) -> pipeline.BuildReport:
    extractors = makers(settings)
    try:
        with terminal.progress() as progress:
            return pipeline.build(
                paths,
                settings.folder,
                base=settings.base,
                knowledge_folders=knowledge,
                extractors=extractors,
                progress=progress,
                processes=settings.processes,
                limits=pipeline.Limits(settings.article_seconds, settings.article_memory),
                retry=retry,
                cache=_cache(settings),
            )
    except KeyboardInterrupt:
        click.echo(
            f"Stopped. What was read is kept in {settings.store} and not published yet; the same command goes on.",
            err=True,
        )
        sys.exit(130)


@contextmanager
def _here(settings: Settings) -> Iterator[Settings]:
    """The settings with a store on this machine to change: of one elsewhere its copy, which is sent at the end."""
    if not isinstance(settings.store, Endpoint):
        yield settings
        return
    with terminal.progress("Fetching", "graphs") as progress:
        base = mirror.begin(settings.store, settings.mirror, base=settings.base, progress=progress)
    yield settings.changed(store=settings.mirror, base=base)
    with terminal.progress("Sending", "graphs") as progress:
        sent = mirror.end(settings.store, settings.mirror, progress=progress)
    click.echo(f"Sent to {settings.store.query}: {summary(sent)}")


def _cache(settings: Settings) -> Path | None:
    return settings.folder / "cache" if settings.cache else None


def _serve(settings: Settings, token: str | None = None) -> None:
    from aigraph.endpoint import serve as serve_graph
    from aigraph.endpoint.editor import lacking

    def ready(url: str) -> None:
        click.echo(f"The graph ({settings.store}) is served at {url}  (stop with Ctrl-C)")
        if why := lacking():
            click.echo(why, err=True)

    serve_graph(settings, canned_queries(settings), token=token, on_ready=ready)
