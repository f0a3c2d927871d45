"""The command line: the only place that reads settings and prints."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from functools import update_wrapper
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, TypeVar, cast

import click
from pyoxigraph import NamedNode, QuerySolutions, parse_query_results

from aigraph import __version__, formats, pipeline, terminal
from aigraph.checks import run_checks
from aigraph.errors import AigraphError, FormatError, StoreMissing
from aigraph.evaluation import evaluate as evaluate_gold
from aigraph.evaluation import format_table, gold_sources, to_json
from aigraph.explanations import Row, Select, Term
from aigraph.explanations import explain as explain_triple
from aigraph.queries import CannedQuery, bind, load_queries
from aigraph.queries import find as find_query
from aigraph.resources import folder
from aigraph.settings import Settings, load_settings
from aigraph.store import latest_snapshot, open_latest
from aigraph.store.workers import QueryPool
from aigraph.vocab import prefixes

F = TypeVar("F", bound=Callable[..., Any])

QUERY_FORMATS = ("table", *formats.RESULT_FORMATS.names, *formats.RDF_FORMATS.names)
"""What `query --format` takes; `table` is the default on a terminal, `csv` (or Turtle for triples) elsewhere."""


class Commands(click.Group):
    """The commands, with every expected error as one message and an exit code, never a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; exit code 1 for errors of ours, 130 when interrupted."""
        try:
            return super().invoke(ctx)
        except AigraphError as error:
            raise click.ClickException(str(error)) from error
        except BrokenPipeError:
            # the reader of our output has gone (`aigraph query … | head`): nothing is wrong
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)
        except (click.exceptions.Exit, click.Abort, click.ClickException, KeyboardInterrupt):
            raise
        except Exception as error:
            if os.environ.get("AIGRAPH_DEBUG"):
                traceback.print_exc()
            raise click.ClickException(
                f"aigraph met an error that it did not foresee: {type(error).__name__}: {error}\n"
                "Please report it, with the output of the same command run with AIGRAPH_DEBUG=1."
            ) from error


def settings_of(command: F) -> F:
    """Hand the settings to a command as its first argument."""

    @click.pass_context
    def wrapped(ctx: click.Context, /, *args: Any, **kwargs: Any) -> Any:
        return ctx.invoke(command, ctx.obj, *args, **kwargs)

    return cast(F, update_wrapper(wrapped, command))


def store_option(command: F) -> F:
    """The `--store` flag, the same for every command that has it."""
    return click.option(
        "--store", type=click.Path(path_type=Path), metavar="DIR", help="Folder of the graph. [default: aigraph-store]"
    )(command)


def knowledge_option(command: F) -> F:
    """The `--knowledge` flag: folders of a user's own knowledge files."""
    return click.option(
        "--knowledge",
        "knowledge",
        type=click.Path(path_type=Path, exists=True),
        multiple=True,
        metavar="PATH",
        help="A folder or file of your own knowledge files (names, aliases), on top of the shipped ones. Repeatable.",
    )(command)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="aigraph")
@click.option("--config", type=click.Path(path_type=Path), metavar="FILE", help="Settings file (TOML).")
@click.option(
    "--base", metavar="IRI", help="Beginning of every IRI that is minted. [default: https://w3id.org/aigraph/]"
)
@click.pass_context
def main(ctx: click.Context, config: Path | None, base: str | None) -> None:
    """Reads news about AI hardware into a knowledge graph that says who said what, how surely and where.

    \b
    Example:
      aigraph build seeds/ && aigraph query who-develops
    """
    ctx.obj = load_settings(os.environ, config).changed(base=base)


# --- building


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@store_option
@knowledge_option
@settings_of
def build(settings: Settings, paths: tuple[Path, ...], store: Path | None, knowledge: tuple[Path, ...]) -> None:
    """Read articles into the graph: files or folders of .txt, .md and .html (the shipped seeds without any PATH).

    Articles that have not changed are skipped; a changed one is replaced as a whole. A file that cannot be read is
    named with its reason while the others go on; the exit code is 1 then.

    \b
    Example:
      aigraph build news/ extra/interview.md --store my-graph
    """
    settings = settings.changed(store=store)
    report = _build(settings, paths or (folder("seeds"),), knowledge)
    click.echo(terminal.build_summary(report, settings.store))
    for failure in report.failures:
        click.echo(f"Not read: {failure.reason}", err=True)
    if report.failures:
        sys.exit(1)


@main.command()
@click.argument("identifiers", nargs=-1, required=True, metavar="IDENTIFIER...")
@store_option
@settings_of
def remove(settings: Settings, identifiers: tuple[str, ...], store: Path | None) -> None:
    """Remove articles by identifier, and exactly what no other article says.

    \b
    Example:
      aigraph remove broadcom-backlog-brief
    """
    settings = settings.changed(store=store)
    report = pipeline.remove(identifiers, settings.store, base=settings.base)
    click.echo(terminal.build_summary(report, settings.store))


@main.command()
@click.option("--host", help="Address to listen on. [default: 127.0.0.1]")
@click.option("--port", type=int, help="Port to listen on; 0 takes any free one. [default: 7474]")
@store_option
@settings_of
def up(settings: Settings, host: str | None, port: int | None, store: Path | None) -> None:
    """Build the graph from the shipped seeds if there is none yet, then serve it.

    \b
    Example:
      aigraph up --port 8080
    """
    settings = settings.changed(host=host, port=port, store=store)
    try:
        latest_snapshot(settings.store)
    except StoreMissing:
        report = _build(settings, (folder("seeds"),), ())
        click.echo(terminal.build_summary(report, settings.store))
    _serve(settings)


@main.command()
@click.option("--host", help="Address to listen on. [default: 127.0.0.1]")
@click.option("--port", type=int, help="Port to listen on; 0 takes any free one. [default: 7474]")
@store_option
@settings_of
def serve(settings: Settings, host: str | None, port: int | None, store: Path | None) -> None:
    """Serve the graph over HTTP: SPARQL at /sparql, canned queries at /queries, pages for people.

    \b
    Example:
      aigraph serve --store my-graph --port 8080
    """
    _serve(settings.changed(host=host, port=port, store=store))


def _build(settings: Settings, paths: tuple[Path, ...], knowledge: tuple[Path, ...]) -> pipeline.BuildReport:
    with terminal.progress() as progress:
        return pipeline.build(paths, settings.store, base=settings.base, knowledge_folders=knowledge, progress=progress)


def _serve(settings: Settings) -> None:
    from aigraph.endpoint import serve as serve_graph

    snapshot = latest_snapshot(settings.store)

    def ready(url: str) -> None:
        click.echo(f"The graph ({snapshot.path.parent.parent}) is served at {url}  (stop with Ctrl-C)")

    serve_graph(settings, load_queries(folder("queries")), on_ready=ready)


# --- asking


@main.command()
@click.argument("query", metavar="FILE|NAME|-")
@click.option("-p", "--param", "params", multiple=True, metavar="NAME=VALUE", help="A parameter of a canned query.")
@click.option(
    "--format", "format_name", type=click.Choice(QUERY_FORMATS), help="[default: table on a terminal, else csv]"
)
@store_option
@settings_of
def query(settings: Settings, query: str, params: tuple[str, ...], format_name: str | None, store: Path | None) -> None:
    """Ask the graph: a file of SPARQL, the name of a canned query (see `aigraph queries`), or - for standard input.

    \b
    Examples:
      aigraph query who-develops -p thing=Blackwell
      echo 'SELECT * { ?s aig:develops ?o }' | aigraph query - --format csv
    """
    settings = settings.changed(store=store)
    text = _query_text(settings, query, dict(_assignment(each) for each in params))
    shown = format_name or ("table" if sys.stdout.isatty() else None)
    with closing(_pool(settings)) as pool:
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


@main.command()
def queries() -> None:
    """List the canned queries with their parameters.

    \b
    Example:
      aigraph queries
    """
    terminal.print_queries(load_queries(folder("queries")).values())


@main.command()
@click.argument("subject")
@click.argument("predicate")
@click.argument("object", metavar="OBJECT")
@store_option
@settings_of
def explain(settings: Settings, subject: str, predicate: str, object: str, store: Path | None) -> None:
    """Say who says so: every sentence behind a triple, with its article, stance and rule.

    Each part is a name, a prefixed name or an IRI.

    \b
    Example:
      aigraph explain Nvidia develops Blackwell
    """
    settings = settings.changed(store=store)
    with closing(_pool(settings)) as pool:
        explanations = explain_triple(_select(pool), subject, predicate, object, base=settings.base)
    for explanation in explanations:
        click.echo(terminal.explanation(explanation, prefixes(settings.base)))
    if not any(explanation.held for explanation in explanations):
        sys.exit(1)


@main.command()
@click.option("--format", "format_name", required=True, type=click.Choice(formats.RDF_FORMATS.names))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="[default: stdout]"
)
@click.option("--graph", "graphs", multiple=True, metavar="NAME", help="Only this named graph (an IRI, or facts, …).")
@store_option
@settings_of
def export(
    settings: Settings, format_name: str, output: Path | None, graphs: tuple[str, ...], store: Path | None
) -> None:
    """Write the graph as RDF, the same bytes for the same articles.

    TriG, N-Quads and JSON-LD keep the named graphs; Turtle, N-Triples and RDF/XML hold the union of all.

    \b
    Example:
      aigraph export --format turtle -o graph.ttl
    """
    settings = settings.changed(store=store)
    syntax = formats.RDF_FORMATS.find(format_name)
    names = [NamedNode(name if ":" in name else f"{settings.base}graph/{name}") for name in graphs] or None
    with open_latest(settings.store) as reader:
        if names and (unknown := sorted({name.value for name in names} - {graph.value for graph in reader.graphs()})):
            raise FormatError(f"The store has no graph {', '.join(unknown)}; `aigraph info` lists those it has.")
        if output is None:
            reader.dump(syntax, sys.stdout.buffer, graphs=names)
            return
        _write(output, lambda stream: reader.dump(syntax, stream, graphs=names))
    click.echo(f"Wrote {output} ({output.stat().st_size:,} bytes).", err=True)


def _write(path: Path, write: Callable[[IO[bytes]], None]) -> None:
    """Write a file beside its place and put it there when it is whole."""
    partial = path.with_name(path.name + ".part")
    try:
        with partial.open("wb") as stream:
            write(stream)
        partial.replace(path)
    except OSError as error:
        raise FormatError(f"{path} cannot be written: {error.strerror}. Nothing was left there.") from error
    finally:
        if partial.parent.is_dir():
            partial.unlink(missing_ok=True)


# --- looking after the graph


@main.command()
@click.argument("gold_dir", type=click.Path(path_type=Path))
@click.option("--errors", is_flag=True, help="List every miss and every wrong answer.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@knowledge_option
@settings_of
def evaluate(settings: Settings, gold_dir: Path, errors: bool, as_json: bool, knowledge: tuple[Path, ...]) -> None:
    """Build a graph from annotated articles and score it: precision, recall and F1 per kind of fact.

    \b
    Example:
      aigraph evaluate tests/gold/dev --errors
    """
    sources = gold_sources(gold_dir)
    with TemporaryDirectory() as scratch:
        store = Path(scratch) / "store"
        with terminal.progress() as progress:
            report = pipeline.build(sources, store, base=settings.base, knowledge_folders=knowledge, progress=progress)
        with open_latest(store) as reader:
            evaluation = evaluate_gold(reader.quads(), gold_dir)
    for failure in report.failures:
        click.echo(f"Not read: {failure.reason}", err=True)
    click.echo(to_json(evaluation) if as_json else format_table(evaluation, errors=errors))


@main.command()
@store_option
@settings_of
def check(settings: Settings, store: Path | None) -> None:
    """Check that the graph keeps its laws: evidence for everything, offsets, one graph a triple, consistency.

    \b
    Example:
      aigraph check --store my-graph
    """
    settings = settings.changed(store=store)
    with closing(_pool(settings.changed(timeout=max(settings.timeout, 120.0)))) as pool:
        outcomes = run_checks(_select(pool))
    for outcome in outcomes:
        click.echo(f"{'ok    ' if not outcome.breaches else 'BROKEN'}  {outcome.law}")
        for breach in outcome.breaches:
            click.echo(f"          {breach}")
    consistent = _check_ontology()
    if not consistent or any(outcome.breaches for outcome in outcomes):
        sys.exit(1)


@main.command()
@store_option
@settings_of
def info(settings: Settings, store: Path | None) -> None:
    """Say what the store holds, which versions read it, and the settings in force.

    \b
    Example:
      aigraph info
    """
    settings = settings.changed(store=store)
    click.echo(f"aigraph {__version__}, rules {pipeline.rules_version()}")
    for name, value in settings.as_dict().items():
        click.echo(f"  {name:10}{value}")
    snapshot = latest_snapshot(settings.store)
    click.echo(f"Snapshot {snapshot.generation}, RDFC-1.0 hash {snapshot.id}")
    with open_latest(settings.store) as reader:
        terminal.print_counts(reader)


# --- shared by the commands


def _pool(settings: Settings) -> QueryPool:
    """A single query worker on the newest snapshot: queries of the command line have the limits of the endpoint."""
    return QueryPool(settings.store, size=1, timeout=settings.timeout, memory=settings.memory)


def _select(pool: QueryPool) -> Select:
    def select(text: str) -> Iterable[Row]:
        result = pool.query(text, solutions_format=formats.JSON)
        solutions = cast(QuerySolutions, parse_query_results(result.content, formats.JSON.engine))
        names = [variable.value for variable in solutions.variables]
        return [{name: cast("Term | None", row[name]) for name in names} for row in solutions]

    return select


def _query_text(settings: Settings, query: str, values: Mapping[str, str]) -> str:
    """The SPARQL that FILE, NAME or - stands for, with its parameters bound."""
    path = Path(query)
    if query != "-" and path.suffix not in (".rq", ".sparql") and not path.is_file():
        return bind(find_query(load_queries(folder("queries")), query), values, base=settings.base)
    try:
        text = (sys.stdin.buffer.read() if query == "-" else path.read_bytes()).decode()
    except (OSError, UnicodeDecodeError) as error:
        raise click.ClickException(f"The query {query} cannot be read: {error}.") from error
    name = "query" if query == "-" else path.stem
    return bind(CannedQuery.parse(name, text), values, base=settings.base) if text.startswith("#+") else text


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


def _check_ontology() -> bool:
    from aigraph.reasoning import check_consistency

    try:
        result = check_consistency()
    except AigraphError as error:
        click.echo(f"skipped  the ontology is consistent ({error})")
        return True
    broken = ", ".join(str(cls) for cls in result.unsatisfiable)
    sound = result.consistent and not broken
    click.echo(f"{'ok    ' if sound else 'BROKEN'}  the ontology is consistent (HermiT, {result.seconds:.1f} s)")
    if broken:
        click.echo(f"          no individual can ever belong to {broken}")
    return sound
