#!/usr/bin/env python3
"""Kill builds at random moments, and see what is left.

    python benchmarks/crashes.py [--kills 50] [--articles 1000] [--seed 7]

A made-up corpus is read once, so that its stages are kept and a build takes seconds. Then builds into an empty store,
replacements of a tenth of the articles, publications, and the writing of the index of texts are killed with SIGKILL at
random moments. After each kill the store has to open in less than two seconds of processor time, its snapshot has to
be one that was published before, with the index of that one, and the build that goes on has to end with the same hash
and the same index as one that nobody disturbed.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from corpus import Corpus

from aigraph import pipeline
from aigraph.errors import StoreMissing
from aigraph.store import latest_snapshot, open_writer
from aigraph.vocab import DEFAULT_BASE

BUILD = """
import sys
from pathlib import Path
from aigraph import pipeline
from aigraph.vocab import DEFAULT_BASE
source, store, cache = map(Path, sys.argv[1:])
pipeline.build(
    [source], store, base=DEFAULT_BASE, cache=cache, progress=lambda done, total, _: print(done, total, flush=True)
)
"""
OPENING = 2.0  # seconds
KINDS = ("build", "replacement", "publication", "index")


def snapshot(store: Path) -> str | None:
    """What readers see; None where nothing was published."""
    try:
        return latest_snapshot(store).id
    except StoreMissing:
        return None


def indexed(store: Path) -> str | None:
    """A hash over what the index of the newest snapshot holds, whatever numbers it has given; None where none is."""
    try:
        path = latest_snapshot(store).index
    except StoreMissing:
        return None
    found = hashlib.sha256()
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
        for columns in (
            "iri, type, title, body, article, published FROM docs",
            "iri, type, label, names, articles FROM things",
            "term, n FROM terms",
            "texts.rowid IN (SELECT id FROM docs) FROM texts WHERE texts MATCH 'nvidia'",
        ):
            for row in sorted(database.execute(f"SELECT {columns}")):
                found.update(repr(row).encode())
    return found.hexdigest()


def interrupted(source: Path, store: Path, cache: Path, kind: str, chance: random.Random) -> bool:
    """A build that is killed at some moment; whether it was still at work.

    That is some time after a share of its articles, or after all, or after the index of texts has been begun.
    """
    after = chance.random() if kind in ("build", "replacement") else 1.0
    delay = chance.random() * {"publication": 5.0, "index": 0.2}.get(kind, 0.5)
    command = [sys.executable, "-c", BUILD, str(source), str(store), str(cache)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - this program
        for line in process.stdout or ():
            done, total = map(int, line.split())
            if done >= after * total:
                break
        while kind == "index" and process.poll() is None and not any(store.glob("snapshots/.*.new/search.db")):
            time.sleep(0.001)
        try:
            process.wait(delay)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            return True
    return False


def main() -> None:
    """Kill, look, go on."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    chance = random.Random(args.seed)  # noqa: S311 - moments, no secrets
    corpus = Corpus(args.seed)
    with tempfile.TemporaryDirectory(prefix="aigraph-") as place:
        folder, cache = Path(place), Path(place) / "cache"
        states: dict[str, str | None] = {}
        indexes: dict[str | None, str | None] = {None: None}
        for name, changed in (("first", 0), ("second", args.articles // 10)):
            corpus.write(folder / name, range(args.articles))
            for number in range(changed):
                title, text = corpus.article(number, 1)
                for old in (folder / name).rglob(f"made-{number:06}.*"):
                    old.unlink()
                (folder / name / "000" / title).write_text(text, encoding="utf-8")
            whole = folder / f"whole-{name}"
            pipeline.build([folder / name], whole, base=DEFAULT_BASE, cache=cache, processes=2)
            states[name], indexes[snapshot(whole)] = snapshot(whole), indexed(whole)
        slowest, undisturbed = 0.0, 0
        for number in range(args.kills):
            kind = KINDS[number % len(KINDS)]
            store = folder / "store"
            shutil.rmtree(store, ignore_errors=True)
            source = folder / ("first" if kind == "build" else "second")
            if kind != "build":
                shutil.copytree(folder / "whole-first", store, symlinks=True)
            undisturbed += not interrupted(source, store, cache, kind, chance)
            started = time.process_time()
            with open_writer(store, base=DEFAULT_BASE):
                pass
            slowest = max(slowest, time.process_time() - started)
            seen, allowed = snapshot(store), {states[source.name], None if kind == "build" else states["first"]}
            if seen not in allowed:
                sys.exit(f"kill {number} ({kind}): readers see {seen}, which nobody published")
            if indexed(store) != indexes[seen]:
                sys.exit(f"kill {number} ({kind}): the index is not that of the snapshot {seen}")
            pipeline.build([source], store, base=DEFAULT_BASE, cache=cache)
            if snapshot(store) != states[source.name]:
                sys.exit(f"kill {number} ({kind}): the build that went on ended with {snapshot(store)}")
            if indexed(store) != indexes[states[source.name]]:
                sys.exit(f"kill {number} ({kind}): the build that went on ended with another index")
            print(f"kill {number + 1} ({kind}): as it should be", flush=True)
        print(f"{args.kills} kills, {undisturbed} of them after the end; the store opened in {slowest:.2f} s at most")
        if slowest > OPENING:
            sys.exit(f"opening took more than {OPENING} seconds of processor time")


if __name__ == "__main__":
    main()
