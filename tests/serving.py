"""The endpoint as its clients meet it: a real server on a port of this machine."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient

from aigraph.endpoint import Server
from aigraph.endpoint.app import create_app
from aigraph.store import QueryPool
from aigraph.vocab import DEFAULT_BASE

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def type(self) -> str:
        return self.headers["content-type"].partition(";")[0]


@dataclass(frozen=True)
class Client:
    url: str

    def request(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        host = self.url.removeprefix("http://").rstrip("/")
        connection = http.client.HTTPConnection(host, timeout=60)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, named)
            response = connection.getresponse()
            return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()

    def get(self, path: str, arguments: object = (), **headers: str) -> Answer:
        tail = urlencode(arguments, doseq=True)  # type: ignore[arg-type]
        return self.request("GET", f"{path}?{tail}" if tail else path, None, **headers)

    def ask(self, query: str, **headers: str) -> Answer:
        return self.get("/sparql", {"query": query}, **headers)


@contextmanager
def running(app: Flask) -> Iterator[Client]:
    server = Server(app, "127.0.0.1", 0)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield Client(server.url)
    finally:
        server.stop()
        thread.join()


@contextmanager
def launched(*arguments: object) -> Iterator[Client]:
    """The command `aigraph serve`, as users start it, on any free port."""
    command = [sys.executable, "-m", "aigraph", "serve", "--port", "0", *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found, f"{command} did not start"
        try:
            yield Client(found[0])
        finally:
            process.terminate()


def problem(answer: Answer) -> dict[str, object]:
    assert answer.type == "application/problem+json"
    content: dict[str, object] = json.loads(answer.body)
    assert content["status"] == answer.status
    return content


def acknowledged_under_kills(write: Callable[[int], bool], pid: Callable[[], int | None]) -> list[int]:
    """The numbers whose writing was acknowledged while the process that `pid` names was killed three times."""
    done: list[int] = []
    stop = threading.Event()

    def go_on() -> None:
        number = 0
        while not stop.is_set():
            if write(number):
                done.append(number)
            number += 1

    thread = threading.Thread(target=go_on)
    thread.start()
    for _ in range(3):
        time.sleep(0.7)
        if (victim := pid()) is not None:
            os.kill(victim, signal.SIGKILL)
    time.sleep(1)
    stop.set()
    thread.join()
    assert done
    return done


@contextmanager
def served(store: Path, texts: str = "quotes") -> Iterator[FlaskClient]:
    """A client of the pages on a store, without a server between."""
    with QueryPool(store, size=1, timeout=60) as pool:
        yield create_app(pool, {}, base=DEFAULT_BASE, texts=texts).test_client()
