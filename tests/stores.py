"""SPARQL stores that others made, started on this machine with an empty folder."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

_VIRTUOSO = """[Database]
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
NumberOfBuffers = 20000
ThreadsPerQuery = 1
[HTTPServer]
ServerPort = {port}
MaxClientConnections = 10
[SPARQL]
ResultSetMaxRows = 1000000
MaxConstructTriples = 1000000
"""


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


@contextmanager
def started(command: Sequence[str], url: str) -> Iterator[None]:
    """A server from the moment that it answers until the end of the block."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            end = time.monotonic() + 120
            while True:
                try:
                    urllib.request.urlopen(f"{url}?query=ASK%20%7B%7D", timeout=30).close()
                    break
                except urllib.error.HTTPError as error:
                    error.close()
                    break
                except OSError:
                    if process.poll() is not None or time.monotonic() > end:
                        log.seek(0)
                        raise RuntimeError(f"{command[0]} has not started: {log.read().decode()}") from None
                    time.sleep(0.05)
            yield
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def oxigraph_program() -> str:
    """The program `oxigraph` beside this interpreter, which is not always on the PATH."""
    found = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")
    assert found, "the package oxigraph of the lock file brings the program"
    return found


@contextmanager
def oxigraph() -> Iterator[str]:
    """`oxigraph serve` in memory; gives its address."""
    address = f"127.0.0.1:{free_port()}"
    with started([oxigraph_program(), "serve", "--bind", address], f"http://{address}/query"):
        yield f"http://{address}"


@contextmanager
def virtuoso(folder: Path) -> Iterator[str]:
    """Virtuoso with an empty database, user dba with password dba; gives its address."""
    port, other = free_port(), free_port()
    config = folder / "virtuoso.ini"
    config.write_text(_VIRTUOSO.format(folder=folder, port=port, other=other))
    url = f"http://127.0.0.1:{port}"
    with started(["virtuoso-t", "+foreground", "+configfile", str(config)], f"{url}/sparql"):
        yield url
