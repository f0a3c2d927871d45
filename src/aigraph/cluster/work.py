"""What a worker of Dask does: the articles of one file through the steps, and their shard in its place.

The steps run in a process beside the worker (`pipeline.workers`), so that limits, poisonous articles and crashes are
the same as in a local build, and none of them costs a worker.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from aigraph.articles import Found
from aigraph.cluster.shards import Shards
from aigraph.cluster.sources import Source, articles_of
from aigraph.errors import ClusterError
from aigraph.pipeline import Limits, Recipe, Workers
from aigraph.records import Versions
from aigraph.sources import Failure

_here = threading.local()


@dataclass(frozen=True, slots=True)
class Task:
    """One file to read, and where its shard goes."""

    source: Source
    key: str
    shards: str
    recipe: Recipe
    versions: Versions
    limits: Limits


def read_file(task: Task) -> str:
    """Read the articles of a file and write their shard; gives the key of what was written.

    Raises:
        ClusterError: this worker would read otherwise than the one who asks, or the shard cannot be written.
        ExtractorError, ReadersLost: articles cannot be read here at all.
    """
    failures: list[Failure] = []
    places: deque[str] = deque()

    def found() -> Iterator[Found]:
        for each in articles_of(task.source):
            if isinstance(each, Found):
                places.append(each.place)
                yield each
            else:
                failures.append(Failure(task.source.address, str(each)))

    readers = _readers(task)
    try:
        outcomes = ((places.popleft(), outcome) for outcome in readers.read_all(found()))  # in the order of the file
        Shards(task.shards).write(task.source, task.key, outcomes, failures)
    except BaseException:
        readers.close()
        del _here.readers
        raise
    return task.key


def _readers(task: Task) -> Workers:
    """The process that reads for this thread; it is kept from one file to the next."""
    wanted = (task.recipe, task.versions, task.limits)
    kept = getattr(_here, "readers", None)
    if kept is not None and kept[0] == wanted:
        readers: Workers = kept[1]
        return readers
    if kept is not None:
        kept[1].close()
    pipeline = task.recipe.make()
    pipeline.close()
    if pipeline.versions != task.versions:
        raise ClusterError(
            f"A worker of the cluster has other versions ({pipeline.versions}) than the one who builds "
            f"({task.versions}). Install the same aigraph on all, with the same knowledge files."
        )
    readers = Workers(task.recipe, 1, task.limits)
    _here.readers = (wanted, readers)
    return readers
