"""Handing files out to a cluster, and making a store of what comes back."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aigraph.cluster.shards import Manifest, Shards
from aigraph.cluster.sources import Source, sources
from aigraph.cluster.work import Task, read_file
from aigraph.errors import AigraphError, ClusterError
from aigraph.pipeline import LIMITS, RULES, BuildReport, Limits, Progress, Recipe, load
from aigraph.sources import Failure

if TYPE_CHECKING:
    from distributed import Client, Future

LOCAL = "local"
"""The cluster that consists of processes of this machine, started for one build."""
_AT_ONCE = 1000  # files that are handed out: enough for any cluster, and no burden for the scheduler
_PATIENCE = 60.0  # seconds in which a cluster has to show a worker
_TRIES = 2  # times that a file is read again which a worker met an error with that is none of ours

_LOST = "{}: the workers that read it were lost, one after the other ({}). See their logs, or split the file."
_UNFORESEEN = "{}: reading it on the cluster met an error that aigraph did not foresee ({}). Please report it."


def load_shards(
    manifest: Manifest, shards: Shards, recipe: Recipe, store: Path, *, progress: Progress | None = None
) -> BuildReport:
    """Bring what a cluster has read into a store and publish it: the graph is that of a build on one machine.

    Articles that stand in the store as they are, by the same versions, are left alone (`pipeline.build`).

    Raises:
        ClusterError: a shard is gone or damaged; nothing is published then.
        StoreError: see `pipeline.build`.
    """
    total = sum(len(shard["index"]) for shard in manifest.shards)
    return load(
        recipe, shards.outcomes(manifest.shards), store, total=total, failures=manifest.unread, progress=progress
    )


def read_on_cluster(
    addresses: Sequence[str],
    shards: Shards,
    recipe: Recipe,
    *,
    cluster: str = LOCAL,
    processes: int = 0,
    limits: Limits = LIMITS,
    retry: bool = False,
    progress: Progress | None = None,
) -> Manifest:
    """Read the articles behind addresses on a cluster, a shard for each file, and write the manifest of all shards.

    `cluster` is the address of a scheduler of Dask ("tcp://host:8786") whose workers have this aigraph, the same
    knowledge files and access to addresses and shards; or "local", for `processes` workers on this machine (0: one a
    processor). A file whose worker is lost is read by another one; one that costs several workers is a failure, and
    the others go on. Shards that are whole already are taken as they are, but with `retry` those in which an article
    was set aside.

    Raises:
        ArticleError: there is nothing at an address, or no reader knows its format.
        ClusterError: fsspec or Dask is missing, the cluster cannot be reached or has no workers, its workers have
            another aigraph, or the shards cannot be written.
    """
    if recipe.extractors != RULES:
        raise ClusterError("On a cluster the rules alone find facts. Leave --extractor out, or build without --dask.")
    recipe = replace(
        recipe, cache=None, knowledge_folders=tuple(folder.absolute() for folder in recipe.knowledge_folders)
    )
    pipeline = recipe.make()
    pipeline.close()
    todo: list[Task] = []
    found: dict[str, dict[str, Any]] = {}
    failures: list[Failure] = []
    files = sources(addresses)
    for source in files:
        key = Shards.key(source, recipe.base, pipeline.versions)
        entry = shards.entry(source)
        if entry and entry["key"] == key and not (retry and any(each.get("poisonous") for each in entry["index"])):
            found[source.address] = entry
        else:
            todo.append(Task(source, key, shards.address, recipe, pipeline.versions, limits))
    if todo:
        with _client(cluster, min(processes or os.cpu_count() or 1, len(todo))) as client:
            for task, failure in _read(client, todo):
                if failure is not None:
                    failures.append(failure)
                elif (entry := shards.entry(task.source)) is not None and entry["key"] == task.key:
                    found[task.source.address] = entry
                else:
                    raise ClusterError(_elsewhere(task.source, shards))
                if progress:
                    progress(len(found) + len(failures), len(files), task.source.address)
    entries = tuple(found[source.address] for source in files if source.address in found)
    manifest = Manifest(recipe.base, pipeline.versions, entries, tuple(sorted(failures, key=lambda each: each.source)))
    shards.write_manifest(manifest)
    return manifest


def _elsewhere(source: Source, shards: Shards) -> str:
    return (
        f"A worker has read {source.address}, but its shard is not in {shards.address}. Workers on other machines "
        "write to their own disks: name with --shards a folder that all of them reach (a shared one, or s3://…)."
    )


@contextmanager
def _client(cluster: str, processes: int) -> Iterator[Client]:
    """A client of a cluster that has workers."""
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        raise ClusterError(
            "Building on a cluster needs the extra `dask`. Install it with: pip install 'aigraph[dask]'"
        ) from None
    if cluster == LOCAL:
        started = LocalCluster(n_workers=processes, threads_per_worker=1, dashboard_address=None, silence_logs=50)
        with started, Client(started) as client:
            yield client
        return
    try:
        client = Client(cluster, timeout=_PATIENCE)
    except (OSError, ValueError, TypeError) as error:  # TimeoutError is an OSError; the others are misspelt addresses
        raise ClusterError(
            f"No scheduler of Dask answers at {cluster} ({error}). Start one with `dask scheduler`, or take local."
        ) from None
    with client:
        try:
            client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError:
            raise ClusterError(
                f"The cluster at {cluster} has no workers. Start some with `dask worker {cluster}`."
            ) from None
        yield client


def _read(client: Client, tasks: Sequence[Task]) -> Iterator[tuple[Task, Failure | None]]:
    """Each task as it is done, with the reason if it could not be."""
    from distributed import as_completed

    waiting = iter(tasks)
    by_key: dict[str, Task] = {}

    def submitted() -> Future | None:
        task = next(waiting, None)
        if task is None:
            return None
        future = client.submit(read_file, task, key=f"aigraph-{task.key}", retries=_TRIES, pure=False)
        by_key[future.key] = task
        return future

    done = as_completed([future for _ in range(_AT_ONCE) if (future := submitted()) is not None])
    for future in done:
        task = by_key.pop(future.key)
        yield task, _failure(task, future)
        future.release()
        if (more := submitted()) is not None:
            done.add(more)


def _failure(task: Task, future: Future) -> Failure | None:
    """Why a file could not be read, if so.

    Raises:
        AigraphError: what is wrong concerns all files.
    """
    from distributed import KilledWorker

    if future.cancelled():
        raise ClusterError(
            "The scheduler of Dask was lost. What was read is kept in the shards; the same command goes on."
        )
    error = future.exception()
    if error is None:
        return None
    if isinstance(error, AigraphError):
        raise error
    address = task.source.address
    if isinstance(error, KilledWorker):
        return Failure(address, _LOST.format(address, error.last_worker.address))
    return Failure(address, _UNFORESEEN.format(address, f"{type(error).__name__}: {error}"))
