"""Commands that ask the graph: query, search, explain, document."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from aigraph import formats
from aigraph.cli import terminal
from aigraph.cli.shared import (
    as_of_option,
    canned_queries,
    queries_option,
    query_pool,
    selector,
    settings_of,
    store_option,
)
from aigraph.errors import FormatError, StoreError
from aigraph.explanations import explain as explain_triple
from aigraph.explanations import explain_identity, explain_node
from aigraph.ontology import load_ontology
from aigraph.places import Place
from aigraph.queries import CannedQuery, bind
from aigraph.queries import find as find_query
from aigraph.remote import open_reader
from aigraph.search import KINDS, Kind
from aigraph.settings import Settings
from aigraph.store import Searcher, latest_snapshot
from aigraph.terms import write_documentation
from aigraph.vocab import prefixes

QUERY_FORMATS = ("table", *formats.RESULT_FORMATS.names, *formats.RDF_FORMATS.names)
"""What `query --format` takes; `table` is the default on a terminal, `csv` (or Turtle for triples) elsewhere."""


@click.command()
@click.argument("query", metavar="FILE|NAME|-")
@click.option("-p", "--param", "params", multiple=True, metavar="NAME=VALUE", help="A parameter of a canned query.")
@click.option(
    "--format", "format_name", type=click.Choice(QUERY_FORMATS), help="[default: table on a terminal, else csv]"
)
@as_of_option
@store_option
@settings_of
@queries_option
def query(
    settings: Settings,
    *,
    query: str,
    params: tuple[str, ...],
    format_name: str | None,
    as_of: datetime | None,
    store: Place | None,
) -> None:
    """Ask the graph: a file of SPARQL, the name of a canned query (see `aigraph queries`), or - for standard input.

    \b
    Examples:
      aigraph query who-develops -p thing=Blackwell
      aigraph query corroborated --as-of 2026-03-18
      echo 'SELECT * { ?s aig:develops ?o }' | aigraph query - --format csv
    """
    settings = settings.changed(store=store)
    values = dict(_assignment(each) for each in params)
    if as_of:
        values["asof"] = as_of.date().isoformat()
    base = settings.base
    if isinstance(settings.store, Path):
        with suppress(StoreError):  # a query that nobody knows is told first
            base = latest_snapshot(settings.store).base
    text = _query_text(settings, query, values, base=base)
    shown = format_name or ("table" if sys.stdout.isatty() else None)
    with closing(query_pool(settings)) as pool:
        result = pool.query(
            text,
            solutions_format=formats.RESULT_FORMATS.find(
                _one_of(shown, formats.RESULT_FORMATS.names, _fallback(shown))
            ),
            graph_format=formats.RDF_FORMATS.find(_one_of(shown, formats.RDF_FORMATS.names, "turtle")),
        )
    if shown == "table" and result.form in ("SELECT", "ASK"):
        terminal.print_table(result.content, prefixes(settings.base))
        return
    if format_name not in (None, "table", result.format.name):
        raise FormatError(f"A {result.form} query gives no {format_name}; take {_offers(result.form)}.")
    sys.stdout.buffer.write(result.content)
    sys.stdout.buffer.flush()


@click.command()
@click.argument("parts", nargs=-1, required=True, metavar="SUBJECT PREDICATE OBJECT | IRI")
@as_of_option
@store_option
@settings_of
def explain(settings: Settings, parts: tuple[str, ...], as_of: datetime | None, store: Place | None) -> None:
    """Say who says so: every sentence behind a triple, with its article, stance and rule.

    Each part is a name, a prefixed name or an IRI. What follows from other triples is traced back to them; of what the
    graph does not hold, the nearest statements are shown with what holds them back. One IRI alone is that of a claim
    or another finding, of a proposition, or of a conflict: sources, score and what it meets are shown of each side. The
    IRI of a thing tells which other thing it may be.

    \b
    Examples:
      aigraph explain Nvidia develops Blackwell
      aigraph explain res:proposition/41ff0a95d5d30d37
    """
    settings = settings.changed(store=store)
    day = as_of.date().isoformat() if as_of else None
    if len(parts) not in (1, 3):
        raise click.UsageError("explain takes a subject, a predicate and an object, or one IRI.")
    with closing(query_pool(settings)) as pool:
        select = selector(pool)
        if len(parts) == 1:
            if possible := explain_identity(select, parts[0], base=settings.base):
                click.echo(terminal.identities(possible, prefixes(settings.base)))
                return
            together = explain_node(select, parts[0], base=settings.base, as_of=day)
            click.echo(terminal.together(together, prefixes(settings.base), day))
            return
        subject, predicate, object = parts
        explanations = explain_triple(select, subject, predicate, object, base=settings.base, as_of=day)
    for explanation in explanations:
        click.echo(terminal.explanation(explanation, prefixes(settings.base), day))
    if not any(explanation.held for explanation in explanations):
        sys.exit(1)


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="WORD...")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice([str(kind) for kind in KINDS]),
    help="Only this kind; repeatable. [default: all]",
)
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="Results to show.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
@store_option
@settings_of
def search(
    settings: Settings,
    words: tuple[str, ...],
    kinds: tuple[str, ...],
    *,
    limit: int,
    as_json: bool,
    store: Place | None,
) -> None:
    """Find entities by their names, and claims, deals and articles by their words.

    All words have to occur; the last one may be the beginning of a longer one, and misspelt ones are put right. The
    exit code is 1 where nothing is found.

    \b
    Examples:
      aigraph search blackwell inference
      aigraph search nvida --kind entity
    """
    settings = settings.changed(store=store)
    asked = [Kind(kind) for kind in kinds] or KINDS
    with closing(Searcher(settings.folder)) as searcher:
        found, _ = searcher.search(" ".join(words), kinds=asked, limit=limit)
    if as_json:
        hits = [{**asdict(hit), "kind": str(hit.kind)} for hit in found.hits]
        content = {"words": found.words, "corrected": found.corrected, "partial": found.partial, "total": found.total}
        click.echo(json.dumps({**content, "more": found.more, "results": hits}, ensure_ascii=False, indent=1))
    else:
        click.echo(terminal.found(found, prefixes(latest_snapshot(settings.folder).base)))
    if not found.hits:
        sys.exit(1)


@click.command()
@click.argument("target", type=click.Path(path_type=Path, file_okay=False), metavar="FOLDER")
@store_option
@settings_of
def document(settings: Settings, target: Path, store: Place | None) -> None:
    """Write the ontology's documentation: a page per term with examples from the graph, a diagram, all RDF formats.

    \b
    Example:
      aigraph document ontology-site/
    """
    settings = settings.changed(store=store)
    with open_reader(settings.store, base=settings.base) as reader:
        try:
            written = write_documentation(load_ontology(), target, reader.select)
        except OSError as error:
            raise FormatError(f"{error.filename or target} cannot be written: {error.strerror}.") from error
    click.echo(f"Wrote {len(written)} files to {target}; begin with {target / 'index.html'}.")


def _query_text(settings: Settings, query: str, values: Mapping[str, str], *, base: str) -> str:
    """The SPARQL that FILE, NAME or - stands for, with its parameters bound."""
    path = Path(query)
    if query != "-" and path.suffix not in (".rq", ".sparql") and not path.is_file():
        queries = canned_queries(settings)
        canned = find_query(queries, query)
        if "asof" in values and not _goes_by_days(canned):
            dated = ", ".join(sorted(name for name, each in queries.items() if _goes_by_days(each)))
            raise click.UsageError(f"The query {query} does not go by days of publication; these do: {dated}.")
        return bind(canned, values, base=base)
    try:
        text = (sys.stdin.buffer.read() if query == "-" else path.read_bytes()).decode()
    except (OSError, UnicodeDecodeError) as error:
        raise click.ClickException(f"The query {query} cannot be read: {error}.") from error
    if text.startswith("#+"):
        return bind(CannedQuery.parse("query" if query == "-" else path.stem, text), values, base=base)
    if values:
        raise click.UsageError(
            "This query has no parameters, so --param and --as-of would change nothing; leave them out."
        )
    return text


def _goes_by_days(query: CannedQuery) -> bool:
    return any(parameter.name == "asof" for parameter in query.parameters)


def _assignment(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise click.BadParameter(f"{text!r} is not of the form NAME=VALUE", param_hint="--param")
    return name, value


def _one_of(name: str | None, offers: Sequence[str], otherwise: str) -> str:
    return name if name is not None and name in offers else otherwise


def _fallback(shown: str | None) -> str:
    """The format in which solutions come where none of theirs was asked for; a table is made from JSON."""
    return "json" if shown == "table" else "csv"


def _offers(form: str) -> str:
    table = formats.RESULT_FORMATS if form in ("SELECT", "ASK") else formats.RDF_FORMATS
    return ", ".join(("table", *table.names) if table is formats.RESULT_FORMATS else table.names)
