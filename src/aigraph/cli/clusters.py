"""The flags of `build` for clusters, and what they do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import update_wrapper
from pathlib import Path
from typing import Any, TypeVar, cast

import click

from aigraph import pipeline
from aigraph.cli import terminal
from aigraph.cli.shared import makers
from aigraph.errors import ArticleError
from aigraph.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Cluster:
    """What the flags say: where the scheduler is, where shards go, whether they are loaded, where they are merged."""

    address: str | None = None
    shards: str | None = None
    only_shards: bool = False
    merged: Path | None = None


def cluster_options(command: F) -> F:
    """The flags that make a build one on a cluster, handed on as `cluster`."""
    options = (
        click.option(
            "--dask", metavar="ADDRESS", help="Read on the cluster of this Dask scheduler; `local` starts one."
        ),
        click.option("--shards", metavar="URI", help="Where the cluster writes what it reads. [default: in the store]"),
        click.option("--only-shards", is_flag=True, help="With --dask: leave the store alone."),
        click.option(
            "--merged",
            type=click.Path(path_type=Path, dir_okay=False),
            metavar="FILE",
            help="With --dask: write the graphs of all articles as N-Quads too, packed if it ends with .gz or .zst.",
        ),
    )

    def wrapped(
        settings: Settings,
        *,
        dask: str | None,
        shards: str | None,
        only_shards: bool,
        merged: Path | None,
        **kwargs: Any,
    ) -> Any:
        if dask is None and (shards or only_shards or merged):
            raise click.UsageError("--shards, --only-shards and --merged go with --dask.")
        return command(settings, cluster=Cluster(dask, shards, only_shards, merged), **kwargs)

    decorated: Any = update_wrapper(wrapped, command)
    for option in reversed(options):
        decorated = option(decorated)
    return cast(F, decorated)


def local_paths(addresses: tuple[str, ...]) -> tuple[Path, ...]:
    """Addresses as paths of this machine.

    Raises:
        ArticleError: one of them is no path.
    """
    for address in addresses:
        if "://" in address and not address.startswith("file://"):
            raise ArticleError(f"{address} is no path. Fetch it first, or add --dask local, which reads addresses too.")
    return tuple(Path(address.removeprefix("file://")) for address in addresses)


def build_there(
    settings: Settings, cluster: Cluster, addresses: tuple[str, ...], knowledge: tuple[Path, ...], *, retry: bool
) -> pipeline.BuildReport:
    """Build on a cluster; where only shards were asked for, it tells of them, and the report has what was not read.

    Raises:
        ArticleError, ClusterError, StoreError: see `aigraph.cluster`.
    """
    from aigraph.cluster import Shards, load_shards, read_on_cluster

    recipe = pipeline.Recipe(settings.base, knowledge, extractors=makers(settings))
    place = cluster.shards or str(settings.folder / "shards")
    common: dict[str, Any] = {
        "cluster": cluster.address,
        "processes": settings.processes,
        "limits": pipeline.Limits(settings.article_seconds, settings.article_memory),
        "retry": retry,
    }
    shards = Shards(place)
    with terminal.progress() as progress:
        manifest = read_on_cluster(addresses, shards, recipe, progress=progress, **common)
        report = manifest.report if cluster.only_shards else load_shards(manifest, shards, recipe, settings.folder)
    if cluster.merged:
        click.echo(f"{cluster.merged}: {shards.merge(manifest.shards, cluster.merged)} quads of articles.")
    if cluster.only_shards:
        sums = manifest.totals
        click.echo(
            f"Shards in {place}: {len(manifest.shards)} files, {sums['articles']} articles, {sums['quads']} quads, "
            f"{sums['skipped']} skipped, {sums['failures']} not read."
        )
    return report
