"""Holds a load: `python benchmarks/load.py [--store DIR] [--clients 1000] [--seconds 60]`.

Starts `aigraph serve` and as many clients as asked for, each on a connection that stays open, at four times fewer
addresses of the loopback than clients (limits go by address). Each asks canned queries one after the other, drawn from
a mix, as JSON. Printed are the answers by status, the latencies, and the memory of the server and its workers over
time. The exit code is 1 where anything but 200, 429 or 503 comes, or a connection breaks. Without a store, one is built
from the shipped articles.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

MIX = (
    *(("/queries/who-develops.json", 4), ("/queries/who-develops.json?thing=Blackwell", 4)),
    *(("/queries/partnerships-of-company.json?company=Nvidia", 4), ("/queries/newest-claims.json?limit=20", 4)),
    *(("/queries/forecasts.json?limit=50", 2), ("/queries/corroborated.json?limit=20", 2)),
    *(("/queries/entities.csv?limit=100", 1), ("/search.json?q=nvidia+inference", 2)),
)
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
BY_POLICY = {200, 429, 503}


@dataclass
class Seen:
    """What the clients have seen."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: dict[int, list[float]] = field(default_factory=dict)
    broken: Counter[str] = field(default_factory=Counter)

    def answer(self, status: int, seconds: float) -> None:
        """Takes note of an answer."""
        self.statuses[status] += 1
        self.seconds.setdefault(status, []).append(seconds)


async def answer(reader: asyncio.StreamReader) -> int:
    """Reads an answer; its status."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    if length := re.search(r"content-length: (\d+)", head):
        await reader.readexactly(int(length[1]))
    elif "transfer-encoding: chunked" in head:
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    return int(head.split(" ", 2)[1])


async def client(number: int, port: int, until: float, seen: Seen) -> None:
    """Asks one query after the other until the time is over."""
    chance = random.Random(number)  # noqa: S311 - the same mix each time
    address = f"127.0.{1 + number // 4 // 250}.{1 + number // 4 % 250}"
    paths, weights = zip(*MIX, strict=True)
    await asyncio.sleep(chance.random() * 3)
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(address, 0))
        while time.monotonic() < until:
            path = chance.choices(paths, weights)[0]
            began = time.monotonic()
            writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
            status = await answer(reader)
            seen.answer(status, time.monotonic() - began)
            if status != 200:  # as Retry-After asks, though sooner
                await asyncio.sleep(1 + chance.random())
        writer.close()
    except (OSError, asyncio.IncompleteReadError, ValueError) as error:
        seen.broken[type(error).__name__] += 1


def memory(process: int) -> int:
    """Megabytes of a process and its children."""
    found = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text(encoding="ascii", errors="replace")
        except OSError:
            continue
        parent, size = re.search(r"PPid:\s+(\d+)", text), re.search(r"VmRSS:\s+(\d+)", text)
        if size and (int(status.parent.name) == process or (parent and int(parent[1]) == process)):
            found += int(size[1])
    return found // 1024


async def load(port: int, process: int, clients: int, seconds: float) -> tuple[Seen, list[int]]:
    """Runs all clients, and looks at the memory every second."""
    seen, sizes = Seen(), []
    until = time.monotonic() + seconds
    running = asyncio.gather(*(client(number, port, until, seen) for number in range(clients)))
    while time.monotonic() < until:
        await asyncio.sleep(1)
        sizes.append(await asyncio.to_thread(memory, process))
    await asyncio.wait_for(running, 60)
    return seen, sizes


def tell(seen: Seen, sizes: list[int], seconds: float) -> bool:
    """Prints what came of it; true where nothing came but what policy allows."""
    total = sum(seen.statuses.values())
    print(f"{total:,} answers in {seconds:g} s ({total / seconds:,.0f} a second)")
    for status, count in sorted(seen.statuses.items()):
        times = sorted(seen.seconds[status])
        cut = statistics.quantiles(times, n=100) if len(times) > 1 else times * 99
        print(f"  {status}: {count:,}; median {cut[49]:.3f} s, p95 {cut[94]:.3f} s, p99 {cut[98]:.3f} s")
    times = seen.seconds.get(200, [])
    before = 0.0
    for bound in (*BOUNDS, float("inf")):
        count = sum(1 for one in times if before < one <= bound)
        if count:
            most = f"up to {bound:g}" if bound <= BOUNDS[-1] else f"above {before:g}"
            print(f"  {most:>10} s {count:>8,}")
        before = bound
    print(f"memory: {sizes[5:6]} MB after 5 s, {max(sizes)} MB at most, {sizes[-1]} MB in the end")
    print(f"broken connections: {dict(seen.broken) or 'none'}")
    return not seen.broken and set(seen.statuses) <= BY_POLICY


def main() -> int:
    """Start the server, load it, stop it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--clients", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=60)
    asked = parser.parse_args()
    program = [sys.executable, "-m", "aigraph"]
    with tempfile.TemporaryDirectory(prefix="aigraph-load-") as folder:
        store = asked.store or Path(folder) / "store"
        if not asked.store:
            subprocess.run([*program, "build", "--store", str(store)], check=True)  # noqa: S603
        serve = [*program, "serve", "--store", str(store), "--port", "0", "--connections", str(asked.clients + 50)]
        with subprocess.Popen(serve, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603
            found = re.search(r":(\d+)/", server.stdout.readline() if server.stdout else "")
            if found is None:
                return 1
            try:
                seen, sizes = asyncio.run(load(int(found[1]), server.pid, asked.clients, asked.seconds))
            finally:
                server.send_signal(signal.SIGTERM)
            stopped = server.wait(30)
    good = tell(seen, sizes, asked.seconds)
    print(f"stopped with exit code {stopped}")
    return 0 if good and stopped == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
