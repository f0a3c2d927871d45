"""One article after the other through the steps, and what became of each: the same here and in other processes."""

from __future__ import annotations

import errno
import os
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from aigraph import articles
from aigraph.errors import AigraphError, ArticleError, NotExtracted, ReadersLost
from aigraph.pipeline.stages import Stages, lines_of
from aigraph.pipeline.steps import Begun, Pipeline
from aigraph.records import Rejection
from aigraph.sources import Failure, Skip

T = TypeVar("T")

_UNFORESEEN = (
    "{}: reading it met an error that aigraph did not foresee ({}: {}). Please report it, with the article and the "
    "output of the same command run with AIGRAPH_DEBUG=1."
)
_MEMORY = "{}: reading it needs more memory than a process for reading may have. Split it, or raise article_memory."
_ROOM = (
    "{}: there is no room left for what reading needs ({}). Make room in the folder for temporary files (TMPDIR names "
    "it) and run the same command again: what was read is kept."
)
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EMFILE, errno.ENFILE})


READY = "ready"
"""The first message of a process that reads: it has loaded what it needs."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one article may take in a process that reads.

    `seconds` of processor time, which does not depend on what else the machine does; `memory` in megabytes of address
    space. `clock` is the number of seconds after which a process is taken to wait for what never comes.
    """

    seconds: float = 60.0
    memory: int = 4096
    clock: float = 1200.0


LIMITS = Limits()
"""The limits unless others are set."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one article: its quads as sorted N-Quads lines, or why there are none.

    A failure is `poisonous` where reading it ran into limits or errors that a reader of articles should not meet:
    reading it again would cost as much and end the same way.
    """

    identifier: str
    sha256: str
    quads: bytes = b""
    rejections: tuple[Rejection, ...] = ()
    skip: Skip | None = None
    failure: Failure | None = None
    poisonous: bool = False


def failed(found: articles.Found, reason: str, *, poisonous: bool = False) -> Outcome:
    """The outcome of an article that could not be read, for a reason in words for the user."""
    return Outcome(found.identifier, found.sha256, failure=Failure(found.place, reason), poisonous=poisonous)


def read_all(pipeline: Pipeline, found: Iterable[articles.Found], stages: Stages | None = None) -> Iterator[Outcome]:
    """The outcome of each article, in order, one held at a time; more where extractors work ahead, without `stages`.

    Raises:
        ExtractorError: an extractor cannot work at all.
    """
    if stages and not pipeline.ahead:
        yield from (read_one(pipeline, each, stages) for each in found)
        return
    begun: deque[tuple[articles.Found, Begun | Outcome]] = deque()
    for each in found:
        begun.append((each, _begin(pipeline, each)))
        while len(begun) > pipeline.ahead:
            yield _end(pipeline, *begun.popleft())
    while begun:
        yield _end(pipeline, *begun.popleft())


def read_one(pipeline: Pipeline, found: articles.Found, stages: Stages | None = None) -> Outcome:
    """The outcome of one article; what `stages` hold of it is not done again."""
    if stages is None:
        return _end(pipeline, found, _begin(pipeline, found))
    return _guarded(found, lambda: _read_with(pipeline, found, stages))


def _read_with(pipeline: Pipeline, found: articles.Found, stages: Stages) -> Outcome:
    document = stages.document(found)
    article = document.article if document else articles.article_of(found)
    if skip := Skip.of(article, found):
        return Outcome(found.identifier, found.sha256, skip=skip)
    if document:
        mentions = pipeline.mentions.find(document)
        if kept := stages.quads(found, mentions):
            return Outcome(found.identifier, found.sha256, kept.quads, kept.rejections)
    begun = pipeline.begin(article)
    reading = pipeline.end(begun)
    lines = lines_of(reading)
    if not document:
        stages.keep_document(found, begun.document)
    stages.keep_quads(found, begun.mentions, lines, reading.facts.rejections)
    return Outcome(found.identifier, found.sha256, lines, reading.facts.rejections)


def _begin(pipeline: Pipeline, found: articles.Found) -> Begun | Outcome:
    def begin() -> Begun | Outcome:
        article = articles.article_of(found)
        skip = Skip.of(article, found)
        return Outcome(found.identifier, found.sha256, skip=skip) if skip else pipeline.begin(article)

    return _guarded(found, begin)


def _end(pipeline: Pipeline, found: articles.Found, begun: Begun | Outcome) -> Outcome:
    if isinstance(begun, Outcome):
        return begun

    def end() -> Outcome:
        reading = pipeline.end(begun)
        return Outcome(found.identifier, found.sha256, lines_of(reading), reading.facts.rejections)

    return _guarded(found, end)


def _guarded(found: articles.Found, step: Callable[[], T]) -> T | Outcome:
    """What a step gives; a failure of this one article where it raises anything but what concerns all."""
    try:
        return step()
    except (ArticleError, NotExtracted) as error:
        return failed(found, str(error))
    except AigraphError:
        raise
    except OSError as error:
        if error.errno in _NO_ROOM:  # which no article is to blame for
            raise ReadersLost(_ROOM.format(found.place, error.strerror)) from error
        return _flaw(found, error)
    except MemoryError:
        return failed(found, _MEMORY.format(found.place), poisonous=True)
    except Exception as error:  # a flaw of ours that one article brings out must not keep the others from being read
        return _flaw(found, error)


def _flaw(found: articles.Found, error: Exception) -> Outcome:
    if os.environ.get("AIGRAPH_DEBUG"):
        traceback.print_exc()
    return failed(found, _UNFORESEEN.format(found.place, type(error).__name__, error), poisonous=True)
