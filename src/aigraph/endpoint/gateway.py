"""What stands before the framework: queries that programs send to `/sparql` are answered here, for speed.

Pages, errors and all other addresses are the framework's: it finds under `OUTCOME` what was read here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from pyoxigraph import NamedNode
from werkzeug.exceptions import HTTPException

from aigraph.endpoint.answers import Caller, Question, Reply, choice_for, reply
from aigraph.endpoint.cache import Collected, Kept
from aigraph.endpoint.headers import COMMON
from aigraph.endpoint.negotiation import Choice
from aigraph.endpoint.requests import ATTEMPT, OUTCOME, PATH, TEXT, Asked, Kind, read_body, read_request
from aigraph.endpoint.service import Service
from aigraph.errors import AigraphError, StoreError
from aigraph.store import Attempt, QueryPool

READ = "aigraph.read"
"""Where the environment has the question and the choice of a format, once they were read."""
_LONGEST_KEY = 100_000
_LONGEST_BRIEF = 4000  # characters of an address whose query is read in no time
Environ = dict[str, Any]
Start = Callable[..., Any]
Application = Callable[[Environ, Start], Iterable[bytes]]


class Gateway:
    """An application of WSGI around another one."""

    def __init__(self, inner: Application, served: Service) -> None:
        self._inner = inner
        self._served = served

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answers a request."""
        if environ["PATH_INFO"] != PATH or environ["REQUEST_METHOD"] not in ("GET", "HEAD", "POST"):
            return self._pass_on(environ, start)
        found = self.reply(environ) if environ.get(OUTCOME) is None else None
        return self._pass_on(environ, start) if found is None else self._send(environ, start, found)

    def reply(self, environ: Environ, begin: Callable[[], None] | None = None) -> Reply | None:
        """The answer to a request to `/sparql`; None where it is the framework's, and `OUTCOME` tells what is known.

        Where the answer is not kept, `begin` is called first. A request that ended in NotYet may be asked again.

        Raises:
            NotYet: the answer is not there at once.
        """
        try:
            key = self._key(environ)
            if key and READ not in environ and (kept := self._kept(key)):
                return self._again(environ, kept)
            if begin is not None:
                begin()
            found = self._answer(environ)
        except (AigraphError, HTTPException) as error:
            environ[OUTCOME] = error
            return None
        if isinstance(found, Asked):
            environ[OUTCOME] = found
            return None
        return self._keeping(key, found)

    def brief(self, path: str, query: str) -> bool:
        """True for a GET request whose query may be done soon; what is not ends in NotYet."""
        here = isinstance(self._served.pool, QueryPool)  # another store may keep one waiting
        return here and path == PATH and len(query) <= _LONGEST_BRIEF and "query=" in query

    def kept(self, path: str, query: str, headers: Mapping[str, str]) -> bool:
        """True where the answer to a GET request is in memory; the names of headers as waitress has them."""
        if path != PATH:
            return False
        names = ("ACCEPT", "ACCEPT_ENCODING")
        key = (query, *(headers.get(name, "") for name in names), "", headers.get("CONTENT_ENCODING", ""), "")
        return self._kept(key) is not None

    def _pass_on(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """The framework's answer, which takes its time."""
        attempt: Attempt | None = environ.get(ATTEMPT)
        if attempt and attempt.hurried:
            attempt.give_up()
        return self._inner(environ, start)

    def _key(self, environ: Environ) -> tuple[str, ...] | None:
        """All that decides about an answer; None where it would be too long to be kept."""
        body = ""
        if environ["REQUEST_METHOD"] == "POST":
            data = read_body(environ, self._served.longest_body)
            if len(data) > _LONGEST_KEY:
                return None
            body = "POST " + data.decode("latin-1")
        return (
            environ.get("QUERY_STRING", ""),
            environ.get("HTTP_ACCEPT", ""),
            environ.get("HTTP_ACCEPT_ENCODING", ""),
            environ.get("CONTENT_TYPE", "") if body else "",
            environ.get("HTTP_CONTENT_ENCODING", ""),
            body,
        )

    def _kept(self, key: tuple[str, ...]) -> Kept | None:
        with suppress(StoreError):
            return self._served.cache.find(key, self._served.pool.snapshot().id)
        return None

    def _keeping(self, key: tuple[str, ...] | None, found: Reply) -> Reply:
        """The reply, kept as soon as its body is there."""
        cache = self._served.cache
        if key is None or found.snapshot is None:
            return found
        if isinstance(found.body, bytes):
            kept = found.kept(found.body)
            cache.keep(key, kept)
            return Reply(found.status, found.headers, kept.body, head=kept.head)
        return replace(found, body=Collected(found.body, cache.largest, lambda body: cache.keep(key, found.kept(body))))

    def _again(self, environ: Environ, kept: Kept) -> Reply:
        if "HTTP_IF_NONE_MATCH" in environ and Caller(environ).has(kept.tag):
            headers = [(name, value) for name, value in kept.headers if not name.startswith("Content-")]
            return Reply("304 Not Modified", headers, b"")
        return Reply("200 OK", list(kept.headers), kept.body, head=kept.head)

    def _answer(self, environ: Environ) -> Asked | Reply:
        """The answer, or what was asked where the framework has to give it."""
        read: tuple[Question, Choice] | None = environ.get(READ)
        if read is None:
            asked = read_request(environ, longest=self._served.longest_body)
            environ[TEXT] = asked.text
            if asked.kind is not Kind.QUERY:
                return asked
            question = question_of(asked)
            choice = choice_for(self._served, question, environ.get("HTTP_ACCEPT", ""), asked.format)
            if choice.html:
                return asked
            environ[READ] = question, choice
        else:
            question, choice = read
        return reply(self._served, question, choice, Caller(environ))

    def _send(self, environ: Environ, start: Start, answered: Reply) -> Iterable[bytes]:
        start(answered.status, [*answered.headers, *COMMON])
        if isinstance(answered.body, bytes):
            return [b""] if environ["REQUEST_METHOD"] == "HEAD" else [answered.body]
        if environ["REQUEST_METHOD"] == "HEAD":
            answered.close()
            return [b""]
        return answered.body


def question_of(asked: Asked) -> Question:
    """What was asked, as the query workers take it."""
    return Question(
        asked.text,
        [NamedNode(iri) for iri in asked.default_graphs],
        [NamedNode(iri) for iri in asked.named_graphs],
        asked.snapshot,
    )
