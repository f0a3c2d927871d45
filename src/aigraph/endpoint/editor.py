"""The query editor: its bundle, its page at `/sparql`, the answers that it draws, and the words that it completes.

`hatch_build.py` bundles it out of `web/`; an installation may lack it, and browsers may run no scripts: then the page
has a plain text area, and answers are the server's.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request, send_from_directory, url_for
from flask.blueprints import BlueprintSetupState
from pyoxigraph import Literal, NamedNode
from werkzeug.exceptions import BadRequest

from aigraph.endpoint.answers import Caller, Question, page_data
from aigraph.endpoint.canned import by_tag
from aigraph.endpoint.compression import encoding_for
from aigraph.endpoint.description import Counts
from aigraph.endpoint.headers import EDITOR_POLICY, POLICY_HEADER
from aigraph.endpoint.requests import AS_DATA, Kind, read_request
from aigraph.endpoint.service import service
from aigraph.endpoint.site.vocabulary import Vocabulary
from aigraph.endpoint.tables import SHOWN_ROWS, read, short
from aigraph.errors import QueryError
from aigraph.formats import N_TRIPLES, RDF_FORMATS, RESULT_FORMATS
from aigraph.ontology import load_ontology
from aigraph.store import Snapshot
from aigraph.vocab import prefixes

FOLDER = Path(__file__).parent / "static" / "editor"
STARTERS = (
    "who-develops",
    "partnerships-of-company",
    "timeline-of-metric",
    "corroborated",
    "forecasts",
    "neighbourhood",
)
_KEY = "aigraph-editor"
_PATIENCE = 2.0  # seconds that terms wait for what is counted
_FOREVER = "public, max-age=31536000, immutable"
_LABELS = """SELECT ?it (SAMPLE(?name) AS ?label) {{ VALUES ?it {{ {iris} }}
  ?it <http://www.w3.org/2000/01/rdf-schema#label> ?name FILTER(LANG(?name) IN ("", "en")) }} GROUP BY ?it"""

blueprint = Blueprint("editor", __name__)


@cache
def version() -> str | None:
    """What tells one bundle from another; None where this installation has none."""
    stamp = FOLDER / "inputs.sha256"
    if not (FOLDER / "editor.js").is_file() or not stamp.is_file():
        return None
    return stamp.read_text(encoding="utf-8").strip()[:16]


def lacking() -> str | None:
    """Why this installation has no editor but the plain text area, in a sentence; None where it has one."""
    if version():
        return None
    why = FOLDER / "missing.txt"
    reason = why.read_text(encoding="utf-8").strip() if why.is_file() else "it was not bundled"
    return f"The query editor is a plain text area here: {reason}. docs/site.md tells how to have the other."


@dataclass(slots=True)
class _Terms:
    """What is completed, for the newest snapshot."""

    words: Vocabulary
    lock: threading.Lock = field(default_factory=threading.Lock)
    snapshot: str = ""
    content: str = ""


@blueprint.record_once
def load(state: BlueprintSetupState) -> None:
    """Read the ontology when the application is made, so that a fault shows then and not on a page."""
    state.app.extensions[_KEY] = _Terms(Vocabulary.of(load_ontology()))


@blueprint.get("/static/editor/<path:name>")
def part(name: str) -> Response:
    """A file of the bundle, as it was compressed when that was made for those who take it."""
    packed = f"{name}.br" if encoding_for(request.headers.get("Accept-Encoding", "")) == "br" else ""
    sent = send_from_directory(FOLDER, packed if packed and (FOLDER / packed).is_file() else name)
    if sent.status_code == 200 and packed and (FOLDER / packed).is_file():
        sent.headers["Content-Encoding"] = "br"
    suffix = Path(name).suffix
    if suffix in _TYPES:
        sent.headers["Content-Type"] = _TYPES[suffix]
    # names with a hash in them, and addresses with one, never mean anything else
    sent.headers["Cache-Control"] = _FOREVER if "v" in request.args or (suffix == ".js" and "-" in name) else "no-cache"
    sent.vary.add("Accept-Encoding")
    return sent


_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}


@blueprint.get("/terms.json")
def terms() -> Response:
    """The prefixes, classes and properties of the graph, as its VoID counts them, with labels and definitions."""
    snapshot = service().pool.snapshot()
    response = Response(_terms(snapshot), mimetype="application/json", headers={"Cache-Control": "no-cache"})
    response.add_etag()
    response.make_conditional(request)
    return response


def _terms(snapshot: Snapshot) -> str:
    known: _Terms = current_app.extensions[_KEY]
    with known.lock:
        if known.snapshot == snapshot.id:
            return known.content
    counts = service().counting.counts(snapshot, wait=_PATIENCE)
    content = json.dumps(_described(counts, known.words), ensure_ascii=False) + "\n"
    if counts.properties:  # what is not counted yet is asked for again
        with known.lock:
            known.snapshot, known.content = snapshot.id, content
    return content


def _described(counts: Counts, words: Vocabulary) -> dict[str, Any]:
    labels = _labels([iri for iri, _ in (*counts.classes, *counts.properties) if NamedNode(iri) not in words.labels])
    known = dict(service().pool.prefixes)

    def of(found: Iterable[tuple[str, int]]) -> list[dict[str, Any]]:
        return [
            {
                "iri": iri,
                "name": name if (name := short(iri, known)) != iri else f"<{iri}>",
                "label": labels.get(iri) or words.label(NamedNode(iri)),
                "definition": words.definitions.get(NamedNode(iri)),
                "count": count,
            }
            for iri, count in found
        ]

    return {"prefixes": known, "classes": of(counts.classes), "properties": of(counts.properties)}


def _labels(iris: list[str]) -> dict[str, str]:
    """What the graph itself calls some terms; nothing where it cannot be asked just now."""
    if not iris:
        return {}
    try:
        results = read(service().pool.query(_LABELS.format(iris=" ".join(f"<{iri}>" for iri in iris))).content)
    except QueryError:
        return {}
    rows = [] if isinstance(results, bool) else [(row["it"], row["label"]) for row in results]
    return {it.value: label.value for it, label in rows if isinstance(it, NamedNode) and isinstance(label, Literal)}


@blueprint.route("/sparql/page", methods=["GET", "POST"])
def beginning() -> Response:
    """The answer to a query as pages show it: the first rows as JSON, or the first triples as N-Triples.

    `X-Total-Count` is the number of all rows, where there are more; `X-Cut` says that the answer is longer than this.
    """
    request.environ[AS_DATA] = True
    asked = read_request(request.environ, longest=service().longest_body)
    if asked.kind is not Kind.QUERY:
        raise BadRequest("The parameter query is missing: /sparql/page?query=…")
    question = Question(
        asked.text,
        [NamedNode(iri) for iri in asked.default_graphs],
        [NamedNode(iri) for iri in asked.named_graphs],
        asked.snapshot,
    )
    service().limits.check(asked.text)
    caller = Caller(request.environ)
    with service().clients.asking(caller.address):
        result = page_data(question, caller, graph_format=N_TRIPLES)
    content = result.content
    if result.cut and result.format is N_TRIPLES:
        content = content[: content.rfind(b"\n") + 1]  # whole triples alone
    response = Response(content, content_type=result.format.media_type)
    if result.total is not None:
        response.headers["X-Total-Count"] = str(result.total)
    if result.cut:
        response.headers["X-Cut"] = "true"
    response.headers["Cache-Control"] = "no-store"
    return response


def page(
    query: str = "", *, problem: Mapping[str, object] | None = None, run: bool = False, status: int = 200
) -> Response:
    """The page to write queries on, with what is wrong with one where there is a `problem`; see `context_of`."""
    content = render_template("query.html", shown=None, **context_of(query, problem=problem, run=run))
    return opened(Response(content.encode("utf-8", "replace"), status, mimetype="text/html"))


def opened(response: Response) -> Response:
    """The page of the editor with what its library needs of the browser, where there is the library."""
    if version() and response.mimetype == "text/html":
        response.headers[POLICY_HEADER] = EDITOR_POLICY
    return response


def context_of(query: str, *, problem: Mapping[str, object] | None = None, run: bool = False) -> dict[str, Any]:
    """What the template of the page needs: `problem` is what is wrong with the query; `run` asks it at once."""
    found = service().queries
    return {
        "query": query,
        "problem": problem,
        "source": _source(query, problem),
        "version": version(),
        "starters": [found[name] for name in STARTERS if name in found],
        "ready": by_tag(tuple(found.values())),
        "number": len(found),
        "settings": {
            "terms": url_for("editor.terms"),
            "answers": url_for("editor.beginning"),
            "base": service().base,
            "page": f"{request.script_root}/page/",
            "describe": url_for("pages.describe"),
            "prefixes": prefixes(service().base),
            "known": dict(service().pool.prefixes),
            "formats": {
                "rows": [(one.name, one.label) for one in RESULT_FORMATS],
                "graph": [(one.name, one.label) for one in RDF_FORMATS],
            },
            "rows": SHOWN_ROWS,
            "problem": problem,
            "run": run,
        },
    }


def _source(query: str, problem: Mapping[str, object] | None) -> tuple[str, str, str] | None:
    """The line that is wrong in three parts: before the place, the sign there, and after it."""
    line, column = (problem or {}).get("line"), (problem or {}).get("column")
    lines = query.splitlines()
    if not isinstance(line, int) or not 1 <= line <= len(lines):
        return None
    text = lines[line - 1]
    at = min(max(column - 1, 0), len(text)) if isinstance(column, int) else len(text)
    return text[:at], text[at : at + 1], text[at + 1 :]
