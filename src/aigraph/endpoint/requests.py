"""What a request asks of `/sparql`, read by the SPARQL 1.1 Protocol from the environment of WSGI.

Read without the framework, since a short query takes less time than the framework does.
"""

from __future__ import annotations

import binascii
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl, unquote_to_bytes

from pyoxigraph import NamedNode
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

QUERY_TYPE = "application/sparql-query"
UPDATE_TYPE = "application/sparql-update"
FORM_TYPE = "application/x-www-form-urlencoded"
PATH = "/sparql"
AS_DATA = "aigraph.problem-as-data"
"""Set in the environment of a request that asks for data by its address: its problems are data for browsers too."""

OUTCOME = "aigraph.outcome"
"""Where the environment has what was read of a request (`Asked`), or the error that reading or answering ended in."""
ATTEMPT = "aigraph.attempt"
"""Where the environment has the first try to answer (`Attempt`), if the thread that listens makes one."""
CAME = "aigraph.came"
"""Where the environment has when the whole request was there, as time.monotonic() has it."""
TEXT = "aigraph.text"
"""Where the environment has the query of the request, once it was read."""
_MOST_FIELDS = 1000
_NO_CODE = re.compile(r"%(?![0-9A-Fa-f]{2})|[^!-~ ]")
_QUERY_ONLY = ("default-graph-uri", "named-graph-uri")
_UPDATE_ONLY = ("using-graph-uri", "using-named-graph-uri")


class Kind(StrEnum):
    """What is asked for."""

    QUERY = "query"
    UPDATE = "update"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Asked:
    """A query or an update with the dataset that the request names, and the format that it names."""

    kind: Kind
    text: str = ""
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    format: str | None = None
    snapshot: str | None = None


class Fields:
    """The fields of a request in order, from its address and its form."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self.pairs = pairs

    def single(self, name: str) -> str | None:
        """The value of a field that may be given once."""
        values = [value for key, value in self.pairs if key == name]
        if len(values) > 1:
            raise BadRequest(f"The parameter {name} was given {len(values)} times. Give it once.")
        return values[0] if values else None

    def graphs(self, name: str) -> tuple[str, ...]:
        """The IRIs of graphs that a field names."""
        values = tuple(value for key, value in self.pairs if key == name)
        for value in values:
            check_iri(value, name)
        return values

    def format(self) -> str | None:
        """The format that the request names."""
        named = self.single("format")
        return self.single("output") if named is None else named

    def refuse(self, names: tuple[str, ...], why: str) -> None:
        """Refuses fields that do not belong there."""
        if found := next((name for name in names if any(key == name for key, _ in self.pairs)), None):
            raise BadRequest(f"The parameter {found} does not belong here: {why}")


def check_iri(value: str, name: str) -> NamedNode:
    """The graph or thing with that IRI."""
    try:
        node = NamedNode(value)
    except ValueError:
        raise BadRequest(f"The parameter {name} is {value!r}, which is no IRI.") from None
    if any(sign in value for sign in '<>"{}|\\^` \n\r\t'):
        raise BadRequest(f"The parameter {name} is {value!r}, which is no IRI.")
    return node


def fields_of(text: str) -> Fields:
    """The fields of a query string or a form."""
    if not text:
        return Fields([])
    if text.startswith("query=") and "&" not in text and text.isascii():  # as most queries come
        return Fields([("query", decoded(_unquoted(text[6:])))])
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except UnicodeDecodeError:
        raise BadRequest("The request is not encoded in UTF-8.") from None
    except ValueError:
        raise BadRequest(f"The request has more than {_MOST_FIELDS} parameters.") from None
    return Fields(pairs)


def _unquoted(text: str) -> bytes:
    """What a value in ASCII says."""
    text = text.replace("+", " ")
    if _NO_CODE.search(text):
        return unquote_to_bytes(text)
    # the same but for the sign, and read in a tenth of the time
    return binascii.a2b_qp(text.replace("=", "%3D").replace("%", "="))


def read_request(environ: dict[str, Any], *, longest: int) -> Asked:
    """What a request asks.

    Raises:
        HTTPException: it makes no sense, is too long, or of a type that is not known here.
    """
    fields = fields_of(environ.get("QUERY_STRING", ""))
    if environ["REQUEST_METHOD"] != "POST":
        fields.refuse(("update",), "updates are sent by POST.")
        return _query(fields, fields.single("query"))
    media_type = media_type_of(environ, {QUERY_TYPE, UPDATE_TYPE, FORM_TYPE})
    body = read_body(environ, longest)
    if media_type == FORM_TYPE:
        return _form(fields, body)
    fields.refuse(("query", "update"), "the body of the request is the query or update already.")
    if media_type == QUERY_TYPE:
        return _query(fields, decoded(body))
    return _update(fields, decoded(body))


def _form(fields: Fields, body: bytes) -> Asked:
    try:
        form = fields_of(body.decode("ascii"))
    except UnicodeDecodeError:
        form = fields_of(decoded(body))
    both = Fields(fields.pairs + form.pairs)
    query, update = both.single("query"), both.single("update")
    if query is not None and update is not None:
        raise BadRequest("A request holds either a query or an update, not both.")
    if update is not None:
        fields.refuse(("update",), "an update is a field of the form, not of the address.")
        return _update(both, update)
    if query is None:
        raise BadRequest("The field query is missing.")
    return _query(both, query)


def _query(fields: Fields, text: str | None) -> Asked:
    if text is None:
        return Asked(Kind.NOTHING, format=fields.format())
    if len(fields.pairs) == 1 and fields.pairs[0][0] == "query":
        return Asked(Kind.QUERY, text)
    fields.refuse(_UPDATE_ONLY, "it is for updates; a query has default-graph-uri and named-graph-uri.")
    return Asked(
        Kind.QUERY,
        text,
        fields.graphs("default-graph-uri"),
        fields.graphs("named-graph-uri"),
        fields.format(),
        fields.single("snapshot"),
    )


def _update(fields: Fields, text: str) -> Asked:
    fields.refuse(_QUERY_ONLY, "it is for queries; an update has using-graph-uri and using-named-graph-uri.")
    return Asked(
        Kind.UPDATE,
        text,
        fields.graphs("using-graph-uri"),
        fields.graphs("using-named-graph-uri"),
        fields.format(),
    )


def media_type_of(environ: Mapping[str, Any], known: set[str]) -> str:
    """The media type of the body, one of `known`.

    Raises:
        UnsupportedMediaType: it is another one, not in UTF-8, or compressed.
    """
    header = str(environ.get("CONTENT_TYPE", ""))
    bare, _, parameters = header.partition(";")
    media_type = bare.strip().lower()
    if media_type not in known:
        raise UnsupportedMediaType(
            f"The body is of type {media_type[:100] or 'unknown'}. Send one of: {', '.join(sorted(known))}."
        )
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset" and value.strip().strip("\"'").lower() not in ("utf-8", "utf8"):
            raise UnsupportedMediaType(f"The body is in {value.strip()[:40]}. Send it in UTF-8.")
    if environ.get("HTTP_CONTENT_ENCODING", "identity").strip().lower() not in ("", "identity"):
        raise UnsupportedMediaType("The body is compressed. Send it as it is.")
    return media_type


def read_body(environ: dict[str, Any], longest: int) -> bytes:
    """The body, which can be read again afterwards.

    Raises:
        RequestEntityTooLarge: it is longer than `longest` bytes.
    """
    try:
        length = int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        raise BadRequest("The length of the body is no number.") from None
    if length > longest:
        raise RequestEntityTooLarge(f"The body is longer than {longest:,} bytes. Make it shorter.")
    body: bytes = environ["wsgi.input"].read(length)
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def decoded(data: bytes) -> str:
    """A text in UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise BadRequest("The request is not encoded in UTF-8.") from None
