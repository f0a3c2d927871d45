"""The command that follows sources of articles: watch."""

from __future__ import annotations

import time
from pathlib import Path
from urllib.parse import urlsplit

import click

from aigraph.cli import terminal
from aigraph.cli.building import build_and_send
from aigraph.cli.shared import extractor_options, knowledge_option, mirror_option, settings_of, store_option
from aigraph.errors import AigraphError, FeedError
from aigraph.places import Place
from aigraph.settings import Settings
from aigraph.watching import Fetcher, Round, Watch


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="FOLDER|URL...")
@click.option(
    "--articles",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("aigraph-articles"),
    show_default=True,
    metavar="DIR",
    help="Folder for what is fetched.",
)
@click.option("--host", "hosts", multiple=True, metavar="HOST", help="A further host that may be asked. Repeatable.")
@click.option("--every", type=float, default=15.0, show_default=True, metavar="MINUTES", help="Time between rounds.")
@click.option(
    "--delay", type=float, default=2.0, show_default=True, metavar="SECONDS", help="Least time between two requests."
)
@click.option("--most", type=int, default=200, show_default=True, metavar="N", help="Articles to fetch in a round.")
@click.option("--once", is_flag=True, help="One round, then stop.")
@store_option
@mirror_option
@knowledge_option
@settings_of
@extractor_options
def watch(
    settings: Settings,
    *,
    sources: tuple[str, ...],
    articles: Path,
    hosts: tuple[str, ...],
    every: float,
    delay: float,
    most: int,
    once: bool,
    store: Place | None,
    mirror_folder: Path | None,
    knowledge: tuple[Path, ...],
) -> None:
    """Follow folders, feeds (RSS, Atom) and sitemaps, and read what is new into the graph, until Ctrl-C.

    Only the hosts of the addresses given are asked, and those of --host: robots.txt is heeded, with what it says of
    delays; what has not changed is not sent again by the server; what is in trouble is left alone, longer each time.
    Pages are kept in --articles. Mind whose texts they are.

    \b
    Example:
      aigraph watch news/ https://example.org/feed.xml --host www.example.org
    """
    if every <= 0 or delay < 0 or most <= 0:
        raise click.UsageError("--every and --most have to be greater than 0, --delay at least 0.")
    settings = settings.changed(store=store, mirror=mirror_folder)
    urls = tuple(source for source in sources if source.startswith(("http://", "https://")))
    named = [source for source in sources if source not in urls]
    folders = tuple(map(Path, named))
    if missing := [source for source in named if not Path(source).exists()]:
        raise click.UsageError(f"{', '.join(missing)} is no folder, and no address that begins with http.")
    try:
        if not urls:
            _rounds(settings, None, folders, knowledge, every=every, once=once)
            return
        allowed = {*hosts, *(urlsplit(url).netloc.rpartition("@")[2] for url in urls)}
        with Fetcher(allowed, delay=delay) as fetcher:
            watched = Watch(urls, articles, fetcher, most)
            _rounds(settings, watched, folders, knowledge, every=every, once=once)
    except KeyboardInterrupt:
        click.echo("Stopped.", err=True)


def _rounds(
    settings: Settings,
    watched: Watch | None,
    folders: tuple[Path, ...],
    knowledge: tuple[Path, ...],
    *,
    every: float,
    once: bool,
) -> None:
    while True:
        try:
            _round(settings, watched, folders, knowledge)
        except AigraphError as error:
            if once:
                raise
            # a store that is locked or a disk that is full may be well again the next time
            click.echo(f"This round failed: {error}", err=True)
        if once:
            return
        time.sleep(60 * every)


def _round(settings: Settings, watched: Watch | None, folders: tuple[Path, ...], knowledge: tuple[Path, ...]) -> None:
    paths = folders
    if watched is not None:
        try:
            with terminal.spinner("Looking") as tell:
                done = watched.round(tell)
        except OSError as error:
            raise FeedError(f"{error.filename or watched.folder} cannot be used: {error.strerror}.") from error
        _tell(done)
        paths = (*folders, watched.folder) if any(watched.folder.glob("*/*.jsonl")) else folders
    if paths:
        build_and_send(settings, tuple(map(str, paths)), knowledge)


def _tell(done: Round) -> None:
    click.echo(f"{len(done.written):,} articles fetched, {done.unchanged:,} as before.")
    for trouble in done.troubles:
        click.echo(f"Not fetched: {trouble}", err=True)
