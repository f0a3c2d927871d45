"""Shards: what the articles of one file say, in a file of its own, which whoever reads them together takes apart again.

<folder>/manifest.json       all shards with their hashes and counts, by source
<folder>/<name>.nq.zst       the N-Quads of the articles of one source, in its order, each article's lines sorted
<folder>/<name>.json         its index: the source, its key, and where each article stands; written last

The folder may be anywhere that fsspec can write. An index is put there when its shard is whole.
"""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import zstandard

from aigraph.cluster.sources import Source, file_system, is_remote
from aigraph.errors import ClusterError, DuplicateIdentifier
from aigraph.exports.files import written
from aigraph.pipeline import BuildReport, Outcome
from aigraph.records import Rejection, Span, Versions
from aigraph.sources import Failure, Skip
from aigraph.vocab import digest

LAYOUT = 1
_LEVEL = 6


@dataclass(frozen=True, slots=True)
class Manifest:
    """All shards of a build: their entries sorted by source, and the sums of their counts."""

    base: str
    versions: Versions
    shards: tuple[dict[str, Any], ...]
    failures: tuple[Failure, ...] = ()

    @property
    def totals(self) -> dict[str, int]:
        """Articles, quads, bytes and failures of all shards together."""
        sums: Counter[str] = Counter(dict.fromkeys(_COUNTS, 0))
        for shard in self.shards:
            sums.update({name: shard[name] for name in _COUNTS})
        sums["failures"] += len(self.failures)
        return dict(sums)

    @property
    def unread(self) -> list[Failure]:
        """What could not be read and is no article: files, lines of files."""
        return [*self.failures, *(Failure(*each) for shard in self.shards for each in shard["unread"])]

    @property
    def report(self) -> BuildReport:
        """What was skipped and what was not read."""
        articles = [each for shard in self.shards for each in shard["index"]]
        return BuildReport(
            failures=(*self.unread, *(Failure(*each["failure"]) for each in articles if "failure" in each)),
            skipped=tuple(Skip(each["identifier"], each["skip"]) for each in articles if "skip" in each),
        )


_COUNTS = ("articles", "quads", "bytes", "skipped", "failures")


class Shards:
    """A folder of shards; any number of processes may write different ones."""

    def __init__(self, address: str) -> None:
        """Raises ClusterError where fsspec cannot reach such a place."""
        # workers stand in other folders
        self.address = address if is_remote(address) else str(Path(address.removeprefix("file://")).absolute())
        self._system, self._folder = file_system(self.address)

    @staticmethod
    def key(source: Source, base: str, versions: Versions) -> str:
        """What a shard depends on: the file and its state, and all that decides how it is read."""
        names = ("software", "rules", "model", "knowledge", "ontology")
        return digest(str(LAYOUT), source.address, source.mark, base, *(str(getattr(versions, name)) for name in names))

    def write(
        self, source: Source, key: str, outcomes: Iterable[tuple[str, Outcome]], failures: Iterable[Failure]
    ) -> None:
        """Put the shard of one source in its place, and then its index.

        `outcomes` come with the place of each article; `failures`, which are looked at when these have come to an end,
        are what stands in the source and is no article.
        """
        name = _name(source.address)
        index: list[dict[str, Any]] = []
        sha, quads, size = hashlib.sha256(), 0, 0
        with TemporaryDirectory(prefix="aigraph-") as scratch:
            packed = Path(scratch) / "shard"
            with packed.open("wb") as file, zstandard.ZstdCompressor(level=_LEVEL).stream_writer(file) as stream:
                for place, outcome in outcomes:
                    stream.write(outcome.quads)
                    sha.update(outcome.quads)
                    size += len(outcome.quads)
                    quads += outcome.quads.count(b"\n")
                    index.append(_indexed(place, outcome))
            entry = {
                "source": source.address,
                "file": f"{name}.nq.zst",
                "sha256": sha.hexdigest(),
                "bytes": size,
                "quads": quads,
                "articles": sum(1 for each in index if each["bytes"]),
                "skipped": sum(1 for each in index if "skip" in each),
                "failures": sum(1 for each in index if "failure" in each) + len(lost := list(failures)),
                "key": key,
                "layout": LAYOUT,
                "unread": [[each.source, each.reason] for each in lost],
                "index": index,
            }
            self._put(packed, f"{name}.nq.zst")
            told = Path(scratch) / "index"
            told.write_text(json.dumps(entry, ensure_ascii=False) + "\n", encoding="utf-8")
            self._put(told, f"{name}.json")

    def entry(self, source: Source) -> dict[str, Any] | None:
        """The index of the shard of a source; None where there is none that is whole."""
        try:
            with self._system.open(self._path(f"{_name(source.address)}.json"), "rb") as stream:
                found = json.load(stream)
        except (OSError, ValueError):
            return None
        return found if isinstance(found, dict) and found.get("layout") == LAYOUT else None

    def write_manifest(self, manifest: Manifest) -> None:
        """Put the list of all shards in its place."""
        told = {
            "layout": LAYOUT,
            "base": manifest.base,
            "versions": {name: getattr(manifest.versions, name) for name in manifest.versions.__dataclass_fields__},
            "totals": manifest.totals,
            "shards": [
                {name: shard[name] for name in ("source", "file", "sha256", *_COUNTS)} for shard in manifest.shards
            ],
            "failures": [[each.source, each.reason] for each in manifest.failures],
        }
        with TemporaryDirectory(prefix="aigraph-") as scratch:
            path = Path(scratch) / "manifest"
            path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
            self._put(path, "manifest.json")

    def outcomes(self, entries: Sequence[dict[str, Any]]) -> Iterator[Outcome]:
        """What became of each article, shard by shard; two articles with one identifier are a failure of both.

        Raises:
            ClusterError: a shard is gone or damaged.
        """
        places: dict[str, list[str]] = {}
        for shard in entries:
            for each in shard["index"]:
                places.setdefault(each["identifier"], []).append(each["place"])
        for shard in entries:
            for outcome in self._outcomes(shard):
                named = places[outcome.identifier]
                if len(named) == 1:
                    yield outcome
                elif named:
                    named_places, places[outcome.identifier] = list(named), []
                    yield Outcome(outcome.identifier, outcome.sha256, failure=_twins(outcome.identifier, named_places))

    def merge(self, entries: Sequence[dict[str, Any]], path: Path) -> int:
        """Write the quads of all articles into one file, packed if its name ends with .gz or .zst; how many they are.

        Raises:
            ClusterError: as `outcomes`.
            FormatError: the file cannot be written.
        """
        count = 0
        with written(path) as stream:
            for outcome in self.outcomes(entries):
                stream.write(outcome.quads)
                count += outcome.quads.count(b"\n")
        return count

    def _outcomes(self, shard: dict[str, Any]) -> Iterator[Outcome]:
        place, sha = f"{self.address.rstrip('/')}/{shard['file']}", hashlib.sha256()
        try:
            with (
                self._system.open(self._path(shard["file"]), "rb") as file,
                zstandard.ZstdDecompressor().stream_reader(file) as stream,
            ):
                for each in shard["index"]:
                    quads = _exactly(stream, each["bytes"])
                    sha.update(quads)
                    yield _outcome(each, quads)
        except FileNotFoundError:
            raise ClusterError(
                f"{place} is not there. Workers on other machines write to their own disks: name with --shards a "
                "folder that all of them reach (a shared one, or s3://…)."
            ) from None
        except (OSError, EOFError, zstandard.ZstdError) as error:
            raise ClusterError(f"{place} cannot be read ({error}). Remove it, and build again.") from None
        if sha.hexdigest() != shard["sha256"]:
            raise ClusterError(
                f"{place} is damaged: its hash is another than its index says. Remove it, and build again."
            )

    def _put(self, file: Path, name: str) -> None:
        """Put a file in its place in one step: a reader sees all of it or nothing."""
        part = self._path(f".{name}.{os.getpid()}-{uuid.uuid4().hex[:8]}")
        try:
            self._system.makedirs(self._folder, exist_ok=True)
            self._system.put_file(str(file), part)
            self._system.mv(part, self._path(name))
        except OSError as error:
            raise ClusterError(
                f"{self.address} cannot be written to ({error}). Name another folder with --shards."
            ) from None

    def _path(self, name: str) -> str:
        return f"{self._folder.rstrip('/')}/{name}"


def _name(address: str) -> str:
    """The name of a source's shard: readable, and its own."""
    stem = address.rstrip("/").rpartition("/")[2].partition("?")[0]
    readable = "".join(sign if sign.isalnum() or sign in "-." else "-" for sign in stem)[:60].strip(".-")
    return f"{readable or 'source'}-{digest(address)[:12]}"


def _indexed(place: str, outcome: Outcome) -> dict[str, Any]:
    told: dict[str, Any] = {
        "identifier": outcome.identifier,
        "place": place,
        "sha256": outcome.sha256,
        "bytes": len(outcome.quads),
    }
    if outcome.rejections:
        told["rejections"] = [[r.extractor, r.evidence.start, r.evidence.end, r.reason] for r in outcome.rejections]
    if outcome.skip:
        told["skip"] = outcome.skip.reason
    if outcome.failure:
        told["failure"] = [outcome.failure.source, outcome.failure.reason]
        told["poisonous"] = outcome.poisonous
    return told


def _outcome(told: dict[str, Any], quads: bytes) -> Outcome:
    identifier = told["identifier"]
    return Outcome(
        identifier,
        told["sha256"],
        quads,
        tuple(Rejection(name, Span(start, end), reason) for name, start, end, reason in told.get("rejections", ())),
        Skip(identifier, told["skip"]) if "skip" in told else None,
        Failure(*told["failure"]) if "failure" in told else None,
        told.get("poisonous", False),
    )


def _exactly(stream: Any, size: int) -> bytes:
    parts = []
    while size:
        part = stream.read(size)
        if not part:
            raise EOFError("it ends too early")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _twins(identifier: str, places: Sequence[str]) -> Failure:
    names = " and ".join(places[:5]) + (f" and {len(places) - 5} more" if len(places) > 5 else "")
    error = DuplicateIdentifier(
        f"{names} have one identifier, {identifier!r}; none of them was read into the graph. Give each another one."
    )
    return Failure(" and ".join(places), str(error))
