"""The servers that `endpoint.py` compares, started on this machine with one graph, and a client that asks them."""

from __future__ import annotations

import http.client
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

BASE = "http://example.org/"
JSON = "application/sparql-results+json"
_START = 900.0  # seconds that a server may take to load the data and to start


class Client:
    """One connection that stays open until `renew`."""

    def __init__(self, url: str) -> None:
        self._address = urlsplit(url)
        self._connection = http.client.HTTPConnection(self._address.netloc, timeout=120)

    def renew(self) -> None:
        """Closes the connection, which servers may have closed while others had their turn; the next query opens it."""
        self._connection.close()

    def ask(self, query: str, accept: str) -> bytes:
        """The answer to a query."""
        path = f"{self._address.path}?{urlencode({'query': query})}"
        self._connection.request("GET", path, headers={"Accept": accept})
        response = self._connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise RuntimeError(f"{response.status}: {body[:200]!r}")
        return body


_RDFLIB = """
import sys, uvicorn
from rdflib import Graph
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib_endpoint import SparqlEndpoint
graph = Graph(store="Oxigraph", identifier=DATASET_DEFAULT_GRAPH_ID)
graph.open(sys.argv[1])
uvicorn.run(SparqlEndpoint(graph=graph), port=int(sys.argv[2]), log_level="error", access_log=False)
"""
_VIRTUOSO = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/virtuoso.tdb
TransactionFile = {folder}/virtuoso.ttr
[Parameters]
ServerPort = {other}
DirsAllowed = {folder}
NumberOfBuffers = 100000
ThreadsPerQuery = 1
[HTTPServer]
ServerPort = {port}
MaxClientConnections = 10
[SPARQL]
ResultSetMaxRows = 1000000
MaxConstructTriples = 1000000
"""


@dataclass(frozen=True)
class Programs:
    """Where other servers are looked for."""

    folders: tuple[str, ...]

    def find(self, name: str) -> str | None:
        """The program of that name."""
        return next((found for one in (*self.folders, None) if (found := shutil.which(name, path=one))), None)

    def python_with(self, module: str) -> str | None:
        """A Python that can import a module."""
        for one in (*self.folders, None):
            python = shutil.which("python", path=one)
            done = python and subprocess.run([python, "-c", f"import {module}"], check=False, capture_output=True)  # noqa: S603
            if python and done and done.returncode == 0:
                return python
        return None


@contextmanager
def started(command: list[str], url: str, prepare: Callable[[], None] | None = None) -> Iterator[int]:
    """A server as long as it is needed; gives its process id when it answers and `prepare` has loaded the data."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)  # noqa: S603
        try:
            end = time.monotonic() + _START
            while True:
                try:
                    Client(url).ask("ASK {}", JSON)
                    break
                except (OSError, RuntimeError, http.client.HTTPException):
                    if process.poll() is not None or time.monotonic() > end:
                        log.seek(0)
                        raise SystemExit(f"{command[0]} did not start: {log.read()[-2000:]!r}") from None
                    time.sleep(0.2)
            if prepare:
                prepare()
            yield process.pid
        finally:
            process.terminate()
            process.wait(60)


@dataclass(frozen=True)
class Made:
    """The data in the forms that servers take, and the port that they may take."""

    folder: Path
    port: int

    @property
    def oxigraph(self) -> Path:
        """A database of Oxigraph."""
        return self.folder / "oxigraph"

    @property
    def lines(self) -> Path:
        """N-Triples."""
        return self.folder / "data.nt"


@contextmanager
def aigraph(made: Made, _: Programs) -> Iterator[tuple[str, int] | None]:
    """This endpoint."""
    url = f"http://127.0.0.1:{made.port}/sparql"
    command = [sys.executable, "-m", "aigraph", "serve", "--plain", "--port", str(made.port), str(made.oxigraph)]
    with started(command, url) as process:
        yield url, process


@contextmanager
def oxigraph(made: Made, programs: Programs) -> Iterator[tuple[str, int] | None]:
    """The server of the engine's makers."""
    program = programs.find("oxigraph")
    if program is None:
        yield None
        return
    url = f"http://127.0.0.1:{made.port}/query"
    bind = ["--bind", f"127.0.0.1:{made.port}"]
    with started([program, "serve-read-only", "--location", str(made.oxigraph), *bind], url) as process:
        yield url, process


@contextmanager
def rdflib_endpoint(made: Made, programs: Programs) -> Iterator[tuple[str, int] | None]:
    """The other endpoint in Python, on the same engine."""
    python = programs.python_with("rdflib_endpoint, oxrdflib, uvicorn")
    if python is None:
        yield None
        return
    url = f"http://127.0.0.1:{made.port}/"
    copy = made.folder / "rdflib"  # it opens the database for writing, which the others may not see
    shutil.copytree(made.oxigraph, copy)
    with started([python, "-c", _RDFLIB, str(copy), str(made.port)], url) as process:
        yield url, process


@contextmanager
def virtuoso(made: Made, programs: Programs) -> Iterator[tuple[str, int] | None]:
    """The endpoint of DBpedia and Wikidata's mirrors."""
    server, client = programs.find("virtuoso-t"), programs.find("isql-vt")
    if server is None or client is None:
        yield None
        return
    config = made.folder / "virtuoso.ini"
    config.write_text(_VIRTUOSO.format(folder=made.folder, port=made.port, other=made.port + 1))

    def load() -> None:
        script = f"ld_dir('{made.folder}', 'data.nt', '{BASE}graph'); rdf_loader_run(); checkpoint;"
        command = [client, str(made.port + 1), "dba", "dba", f"exec={script}"]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603

    url = f"http://127.0.0.1:{made.port}/sparql"
    with started([server, "+foreground", "+configfile", str(config)], url, load) as process:
        yield url, process


SERVERS = {"aigraph": aigraph, "oxigraph serve": oxigraph, "rdflib-endpoint": rdflib_endpoint, "Virtuoso": virtuoso}
