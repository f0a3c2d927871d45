"""`/search`: entities, claims, deals and articles by words, as a page and as JSON; suggestions for a box."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import NotFound

from aigraph.endpoint.answers import Caller
from aigraph.endpoint.negotiation import HTML, choose
from aigraph.endpoint.requests import AS_DATA
from aigraph.endpoint.service import Service, service
from aigraph.endpoint.site.addresses import page_of
from aigraph.endpoint.site.asking import site
from aigraph.errors import IndexMissing, ParameterError, QueryTimeout
from aigraph.formats import Format
from aigraph.search import KINDS, Found, Hit, Kind, Suggestion
from aigraph.search.words import goes_on, words
from aigraph.vocab import AIG

JSON = Format("json", "JSON", ("application/json",), ("json",))
USUAL, MOST = 20, 100
"""Results of a page where a request names no limit, and the most that it may ask for."""
FARTHEST = 1000
SUGGESTED, MOST_SUGGESTED = 10, 50
_OVERVIEW = 6
_SUGGESTED_KINDS, _EACH = (Kind.ENTITY, Kind.CLAIM, Kind.ARTICLE), 4
"""What the search boxes of pages suggest, and how many of each."""
_LEAST_TYPED = 3
"""Letters from which on texts are suggested, too: fewer stand in most of them."""
_SNIPPET = 220
_HEADINGS = {
    Kind.ENTITY: "Companies, people, things",
    Kind.CLAIM: "Claims",
    Kind.DEAL: "Deals",
    Kind.ARTICLE: "Articles",
}
_WORD = re.compile(r"[^\W_]+")

blueprint = Blueprint("search", __name__)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text, and whether it is a word that was looked for."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Result:
    """Something that was found, as a page shows it."""

    kind: Kind
    href: str
    label: tuple[Piece, ...]
    type: str
    text: tuple[Piece, ...]
    article: str
    title: str
    published: str
    articles: int


@dataclass(frozen=True, slots=True)
class Section:
    """What was found of one kind: some of it, how many there are, and where they all are."""

    kind: Kind
    heading: str
    results: tuple[Result, ...]
    total: int
    href: str


@blueprint.get("/search")
@blueprint.get("/search.<suffix>")
def search(suffix: str | None = None) -> Response:
    """What holds the words of `q`: a page with the best of each kind, or of one kind page by page; or JSON."""
    _need_index()
    choice = choose(request.headers.get("Accept", ""), suffix or request.args.get("format"), (JSON, HTML))
    if choice.html:
        return _page()
    request.environ[AS_DATA] = True
    text = request.args.get("q", "")
    if not text.strip():
        raise ParameterError("The parameter q is missing: /search?q=words")
    kinds = _kinds()
    limit, offset = _number("limit", USUAL, 1, MOST), _number("offset", 0, 0, FARTHEST)
    with _asking():
        found, snapshot = service().pool.texts.search(text, kinds=kinds, limit=limit, offset=offset)
    content = {
        "query": text,
        "words": list(found.words),
        "corrected": dict(found.corrected),
        "partial": found.partial,
        "total": found.total,
        "more": found.more,
        "counts": {str(kind): found.counts.get(kind, 0) for kind in kinds},
        "limit": limit,
        "offset": offset,
        "snapshot": snapshot.id,
        "results": [_record(one, found) for one in found.hits],
    }
    return _sent(content)


@blueprint.get("/search/suggest")
def suggest() -> Response:
    """What may be meant by what was typed so far, as JSON for search boxes: `limit` of each `kind`.

    Entities have a name that goes on from it, and `type` names their class; texts have its words.
    """
    _need_index()
    request.environ[AS_DATA] = True
    text = request.args.get("q", "")
    types = tuple(one for one in request.args.getlist("type") if one)
    limit = _number("limit", SUGGESTED, 1, MOST_SUGGESTED)
    kinds = _kinds() if any(request.args.getlist("kind")) else (Kind.ENTITY,)
    texts = tuple(kind for kind in kinds if kind is not Kind.ENTITY)
    found: list[dict[str, object]] = []
    with _asking():
        entities, snapshot = service().pool.texts.suggest(text, types=types, limit=limit)
        if Kind.ENTITY in kinds:
            found += map(_suggestion, entities)
        if texts and len(text.strip()) >= _LEAST_TYPED:
            more, _ = service().pool.texts.search(text, kinds=texts, limit=limit, each=True, snapshot=snapshot)
            found += map(_suggestion, () if more.partial else more.hits)
    return _sent({"query": text, "snapshot": snapshot.id, "suggestions": found})


def _suggestion(one: Suggestion | Hit) -> dict[str, object]:
    """An entity with the name that fits, or a text with the article that it stands in."""
    hit = one if isinstance(one, Hit) else Hit(Kind.ENTITY, one.iri, one.label, one.type, articles=one.articles)
    return {
        "kind": str(hit.kind),
        "label": hit.label,
        "name": one.name if isinstance(one, Suggestion) else hit.label,
        "type": hit.type or None,
        "typeLabel": _class(hit.type) or None,
        "iri": hit.iri,
        "page": request.script_root + page_of(hit.iri, service().base),
        "articles": hit.articles if hit.kind is Kind.ENTITY else None,
        "title": hit.title or None,
        "published": hit.published or None,
    }


def among(values: Sequence[str], typed: str, *, all_known: bool) -> list[dict[str, object]]:
    """Which of some values go on from what was typed, by any of their names; those that more articles mention first.

    Where not `all_known`, names of entities that are not among the values are given, too.
    """
    fitting = [one for one in values if goes_on(one, typed)]
    found: dict[str, dict[str, object]] = {}
    if searchable(service()):
        known = frozenset(values)
        with suppress(IndexMissing, QueryTimeout), _asking():
            entities, _ = service().pool.texts.suggest(typed, limit=MOST_SUGGESTED)
            for each in entities:
                if each.label in known or not all_known:
                    told = {"label": each.label, "name": each.name, "type": each.type, "articles": each.articles}
                    told["typeLabel"] = _class(each.type)
                    found.setdefault(each.label, told)
    typed = typed.casefold().strip()
    fitting.sort(key=lambda one: not one.casefold().startswith(typed))
    for one in fitting:
        found.setdefault(one, {"label": one, "name": one, "type": None, "typeLabel": None, "articles": None})
    return list(found.values())[:MOST_SUGGESTED]


def _page() -> Response:
    text = request.args.get("q", "").strip()
    kinds, offset = _kinds(), _number("offset", 0, 0, FARTHEST)
    if not text:
        return Response(render_template("search.html", query="", found=None), mimetype="text/html")
    whole = len(kinds) == 1 and "kind" in request.args
    with _asking():
        limit = USUAL if whole else _OVERVIEW
        found, _ = service().pool.texts.search(
            text, kinds=kinds, limit=limit, offset=offset if whole else 0, each=not whole
        )
    sections = [
        Section(
            *(kind, _HEADINGS[kind], tuple(_result(one, found) for one in found.hits if one.kind is kind)),
            *(found.counts[kind], _address(text, kind)),
        )
        for kind in kinds
        if found.counts.get(kind)
    ]
    total = found.total
    later = _address(text, kinds[0], offset + USUAL) if whole and offset + USUAL < min(total, FARTHEST + USUAL) else ""
    before = _address(text, kinds[0], max(0, offset - USUAL)) if whole and offset else ""
    page = render_template(
        "search.html",
        query=text,
        found=found,
        sections=sections,
        whole=whole,
        offset=offset,
        before=before,
        later=later,
        everything=f"/search?{urlencode({'q': text})}",
        data=f"/search.json?{request.query_string.decode('latin-1')}",
    )
    response = Response(page, mimetype="text/html", headers={"Vary": "Accept", "Cache-Control": "no-cache"})
    response.add_etag()
    response.make_conditional(request)
    return response


def _record(one: Hit, found: Found) -> dict[str, object]:
    """Something that was found, for programs."""
    text = _told(one, found)
    return {
        "kind": str(one.kind),
        "iri": one.iri,
        "page": request.script_root + page_of(one.iri, service().base),
        "label": one.label,
        "type": one.type or None,
        "text": text or None,
        "article": one.article or None,
        "title": one.title or None,
        "published": one.published or None,
        "articles": one.articles if one.kind is Kind.ENTITY else None,
        "score": round(one.score, 4),
    }


def _result(one: Hit, found: Found) -> Result:
    base = service().base
    return Result(
        one.kind,
        page_of(one.iri, base),
        tuple(_marked(one.label, found.words)),
        _class(one.type),
        tuple(_marked(_told(one, found), found.words)),
        page_of(one.article, base) if one.article and one.kind is not Kind.ARTICLE else "",
        one.title if one.kind is not Kind.ARTICLE else "",
        one.published,
        one.articles,
    )


def _class(name: str) -> str:
    """What people call a class: "licensing agreement", "AI model"."""
    return site().words.label(AIG[name]) if name else ""


def _told(one: Hit, found: Found) -> str:
    """What is told beside the label: of articles only where their texts are shown, and then the place that fits."""
    if one.kind is not Kind.ARTICLE:
        return one.text
    if service().texts != "full":
        return ""
    place = next((each.start() for each in _WORD.finditer(one.text) if _is(each[0], found.words)), 0)
    start = one.text.rfind(" ", 0, max(0, place - _SNIPPET // 3)) + 1
    piece = " ".join(one.text[start : start + _SNIPPET].split())
    return f"{'… ' if start else ''}{piece}{' …' if start + _SNIPPET < len(one.text) else ''}"


def _marked(text: str, wanted: Sequence[str]) -> Iterator[Piece]:
    """A text in pieces, the words that were looked for, and such as begin so, being marked."""
    done = 0
    for each in _WORD.finditer(text):
        if _is(each[0], wanted):
            if each.start() > done:
                yield Piece(text[done : each.start()], marked=False)
            yield Piece(each[0], marked=True)
            done = each.end()
    if done < len(text):
        yield Piece(text[done:], marked=False)


def _is(word: str, wanted: Sequence[str]) -> bool:
    folded = "".join(words(word))
    return any(folded == one or (len(one) > 2 and folded.startswith(one)) for one in wanted)


def _kinds() -> tuple[Kind, ...]:
    """The kinds that a request asks for, in their order; claims and deals are texts, which may have to be withheld."""
    offered = _offered(service())
    asked = [one for one in request.args.getlist("kind") if one]
    for one in asked:
        if one not in offered:
            raise ParameterError(f"The parameter kind is {one[:40]!r}; it has to be one of {', '.join(offered)}.")
    return tuple(one for one in offered if not asked or one in asked)


def _offered(served: Service) -> list[Kind]:
    return [one for one in KINDS if served.texts != "none" or one in (Kind.ENTITY, Kind.ARTICLE)]


def _number(name: str, usual: int, least: int, most: int) -> int:
    text = request.args.get(name) or str(usual)
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and least <= int(text) <= most):
        raise ParameterError(
            f"The parameter {name!r} is {text[:40]!r}; it has to be a whole number from {least} to {most}."
        )
    return int(text)


def _address(text: str, kind: Kind, offset: int = 0) -> str:
    return f"/search?{urlencode({'q': text, 'kind': str(kind), **({'offset': offset} if offset else {})})}"


def searchable(served: Service) -> bool:
    """Whether there are texts to search: plain datasets have none."""
    return served.pool.union


def suggesting(served: Service) -> str:
    """The address that search boxes ask for suggestions: a few of each kind that may be shown."""
    kinds = [kind for kind in _SUGGESTED_KINDS if kind in _offered(served)]
    return f"/search/suggest?{urlencode({'kind': kinds, 'limit': _EACH}, doseq=True)}"


def _need_index() -> None:
    if not searchable(service()):
        raise NotFound("A plain dataset has no index of texts. Ask it in SPARQL.")


def _asking() -> AbstractContextManager[None]:
    return service().clients.asking(Caller(request.environ).address)


def _sent(content: object) -> Response:
    response = Response(json.dumps(content, ensure_ascii=False, indent=1) + "\n", mimetype="application/json")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = "Accept"
    response.add_etag()
    response.make_conditional(request)
    return response
