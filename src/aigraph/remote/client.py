"""Requests to a SPARQL store: its query, update and graph store addresses, with credentials and errors of ours."""

from __future__ import annotations

import os
import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, RdfFormat, parse_query_results

from aigraph.errors import (
    AnswerTooLarge,
    ExtraMissing,
    QueryFailed,
    QuerySyntaxError,
    QueryTimeout,
    StoreError,
    StoreMissing,
)
from aigraph.formats import JSON, N_TRIPLES, RDF_FORMATS
from aigraph.places import Endpoint

if TYPE_CHECKING:
    import httpx

USER, PASSWORD, TOKEN = "AIGRAPH_STORE_USER", "AIGRAPH_STORE_PASSWORD", "AIGRAPH_STORE_TOKEN"
"""The variables with what a store asks of those who use it."""
_GRAPHS = "application/n-triples, text/turtle;q=0.8"
_OTHER_TYPES = {"text/plain": RdfFormat.N_TRIPLES, "text/ntriples": RdfFormat.N_TRIPLES, "text/n3": RdfFormat.TURTLE}
_TOLD = 300  # characters of what a server says that are passed on
_CONNECT = 10.0  # seconds until a connection has to be there


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who asks: by name and password (Basic or Digest, as the store wants it), or by a bearer token."""

    user: str = ""
    password: str = ""
    token: str = ""

    def __repr__(self) -> str:
        return f"<Credentials of {self.user or 'nobody'}>"


def credentials(environment: Mapping[str, str] = os.environ) -> Credentials:
    """The credentials that the environment holds."""
    return Credentials(*(environment.get(name, "") for name in (USER, PASSWORD, TOKEN)))


class Client:
    """Asks one store; safe to use from several threads. `longest` are the bytes that an answer may have.

    Raises:
        ExtraMissing: httpx is not installed.
    """

    def __init__(self, endpoint: Endpoint, who: Credentials | None = None, *, longest: int = 1 << 30) -> None:
        try:
            import httpx
        except ModuleNotFoundError as error:
            raise ExtraMissing("Stores elsewhere need the extra `web`: pip install 'aigraph[web]'.") from error
        self._library = httpx
        self.endpoint = endpoint
        self._longest = longest
        self._http = httpx.Client(auth=_auth(who or credentials()), headers={"User-Agent": "aigraph"})

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    # --- the protocols

    def query(
        self, text: str, *, accept: str = JSON.media_type, seconds: float = 60.0, more: Mapping[str, list[str]] = {}
    ) -> tuple[str, bytes]:
        """The answer to a query with its media type; `more` are fields of the protocol besides (default-graph-uri).

        Raises:
            QuerySyntaxError, QueryTimeout, QueryFailed, AnswerTooLarge: it cannot be answered.
            StoreError: the store cannot be reached, or refuses.
        """
        fields = {"query": text, **more}
        with self._sent("POST", self.endpoint.query, seconds, data=fields, headers={"Accept": accept}) as response:
            return response.headers.get("Content-Type", ""), _standard(self._body(response, seconds))

    def select(self, text: str, *, seconds: float = 60.0) -> QuerySolutions:
        """The rows of a SELECT; errors as in `query`."""
        kind, body = self.query(text, seconds=seconds)
        found: QuerySolutions = self._results(kind, body, QuerySolutions)
        return found

    def ask(self, text: str, *, seconds: float = 60.0) -> bool:
        """The answer to an ASK; errors as in `query`."""
        kind, body = self.query(text, seconds=seconds)
        return bool(self._results(kind, body, QueryBoolean))

    def update(self, text: str, *, seconds: float = 600.0) -> None:
        """Change what the store holds.

        Raises:
            StoreError: it takes no updates, refuses this one, or cannot be reached.
        """
        if self.endpoint.update is None:
            raise StoreError(
                f"{self.endpoint} can only be read: name where it takes updates, as in {self.endpoint}#update=/update."
            )
        headers = {"Content-Type": "application/sparql-update"}
        with self._sent("POST", self.endpoint.update, seconds, content=text.encode(), headers=headers, change=True):
            pass

    def graph(self, graph: NamedNode, *, seconds: float = 600.0) -> tuple[RdfFormat, bytes]:
        """All triples of a graph, by the Graph Store Protocol where the store has it, else by a query."""
        if self.endpoint.graphs is None:
            text = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }}"
            kind, body = self.query(text, accept=_GRAPHS, seconds=seconds)
            return self.syntax(kind), body
        address = _with_graph(self.endpoint.graphs, graph)
        with self._sent("GET", address, seconds, headers={"Accept": _GRAPHS}, absent=True) as response:
            body = b"" if response.status_code == 404 else self._body(response, seconds)
            kind = response.headers.get("Content-Type", "") if body else N_TRIPLES.media_type
            return self.syntax(kind), body

    def put_graph(self, graph: NamedNode, triples: bytes, *, add: bool = False, seconds: float = 600.0) -> None:
        """Make a graph hold these N-Triples, or with `add` these as well; only with an address for graphs."""
        if self.endpoint.graphs is None:
            raise StoreError(f"{self.endpoint} names no address for whole graphs; add graphs=… to it.")
        address = _with_graph(self.endpoint.graphs, graph)
        headers = {"Content-Type": N_TRIPLES.media_type}
        with self._sent("POST" if add else "PUT", address, seconds, content=triples, headers=headers, change=True):
            pass

    # --- answers

    def syntax(self, kind: str) -> RdfFormat:
        """The RDF format of a media type.

        Raises:
            QueryFailed: it is none that is known here.
        """
        found = RDF_FORMATS.of_media_type(kind)
        other = _OTHER_TYPES.get(kind.partition(";")[0].strip().lower())
        if found is None and other is None:
            raise QueryFailed(f"{self.endpoint.query} answered with {kind or 'no media type'}, which is no RDF.")
        return found.engine if found else other  # type: ignore[return-value]

    def _results(self, kind: str, body: bytes, wanted: type[Any]) -> Any:
        try:
            found = parse_query_results(body, JSON.engine)
        except (SyntaxError, ValueError) as error:
            raise QueryFailed(
                f"{self.endpoint.query} gave no SPARQL results but {kind or 'something else'}: "
                f"{_told(body)} Is that where it answers queries?"
            ) from error
        if not isinstance(found, wanted):
            raise QueryFailed(f"{self.endpoint.query} gave an answer of another kind than the query asks for.")
        return found

    def _body(self, response: httpx.Response, seconds: float) -> bytes:
        """The whole body within its time and size."""
        end = time.monotonic() + seconds
        parts: list[bytes] = []
        size = 0
        for part in response.iter_bytes():
            size += len(part)
            if size > self._longest:
                raise AnswerTooLarge(
                    f"The answer is longer than {self._longest / 1_048_576:.3g} MB. Ask for less, with LIMIT say.",
                    limit="answer-bytes",
                    allowed=self._longest,
                )
            if time.monotonic() > end:
                raise _late(seconds)
            parts.append(part)
        return b"".join(parts)

    @contextmanager
    def _sent(
        self, method: str, address: str, seconds: float, *, change: bool = False, absent: bool = False, **content: Any
    ) -> Iterator[httpx.Response]:
        """A request and its answer, if that is a success (or, with `absent`, says that there is nothing)."""
        limits = self._library.Timeout(seconds, connect=min(seconds, _CONNECT))
        try:
            with self._http.stream(method, address, timeout=limits, **content) as response:
                if not (response.is_success or (absent and response.status_code == 404)):
                    response.read()
                    raise self._refusal(response, change=change)
                yield response
        except self._library.ConnectTimeout as error:
            raise StoreMissing(f"{address} cannot be reached within {_CONNECT:g} s. Is the store running?") from error
        except self._library.TimeoutException as error:
            raise _late(seconds) from error
        except self._library.ConnectError as error:
            raise StoreMissing(f"{address} cannot be reached: {error}. Is the store running?") from error
        except self._library.HTTPError as error:
            raise StoreError(f"The connection to {address} broke off: {error or type(error).__name__}.") from error

    def _refusal(self, response: httpx.Response, *, change: bool) -> Exception:
        """What an answer without success means."""
        told, address, status = _told(response.content), str(response.url), response.status_code
        if status in (401, 403):
            return StoreError(
                f"{address} refuses ({status}): {told} Set {USER} and {PASSWORD}, or {TOKEN}, to what it asks for."
            )
        if status == 404:
            return StoreMissing(f"There is no SPARQL store at {address} (404).")
        if response.is_redirect:
            return StoreError(f"{address} points to {response.headers.get('Location')}; name that address instead.")
        if change:
            return StoreError(f"{address} did not make the change ({status}): {told}")
        if status == 400:
            return QuerySyntaxError(f"The store cannot read the query: {told}")
        return QueryFailed(f"{address} did not answer the query ({status}): {told}")


def _standard(body: bytes) -> bytes:
    """An answer as the standard has it: Virtuoso tells the truth of an ASK in a row, or in none."""
    if b'"vars": ["__ASK_RETVAL"]' not in body[:200]:
        return body
    rows = parse_query_results(body, JSON.engine)
    found = isinstance(rows, QuerySolutions) and any(row[0] is not None for row in rows)
    return b'{"head": {}, "boolean": true}' if found else b'{"head": {}, "boolean": false}'


def _told(body: bytes) -> str:
    """What a server says, on one line, as a sentence."""
    text = " ".join(body[: 4 * _TOLD].decode("utf-8", "replace").split())
    text = text if len(text) <= _TOLD else f"{text[:_TOLD]}…"
    return f"{text.rstrip('.')}." if text else "it says nothing more."


def _late(seconds: float) -> QueryTimeout:
    return QueryTimeout(
        f"The store gave no answer within {seconds:g} s. Ask for less, or set a longer time-out.",
        limit="seconds",
        allowed=seconds,
    )


def _with_graph(address: str, graph: NamedNode) -> str:
    return f"{address}{'&' if '?' in address else '?'}graph={quote(graph.value, safe='')}"


def _auth(who: Credentials) -> httpx.Auth | None:
    """Shows the credentials as the store asks for them: a token at once, a password when it is asked for."""
    import httpx

    class Asked(httpx.Auth):
        chosen: httpx.Auth | None = None

        def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
            if who.token:
                request.headers["Authorization"] = f"Bearer {who.token}"
                yield request
                return
            if self.chosen is None:
                response = yield request
                if response.status_code != 401:
                    return
                scheme = response.headers.get("WWW-Authenticate", "").lower()
                kind = httpx.DigestAuth if scheme.startswith("digest") else httpx.BasicAuth
                self.chosen = kind(who.user, who.password)
            yield from self.chosen.auth_flow(request)

    return Asked() if who.token or who.user else None
