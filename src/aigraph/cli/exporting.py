"""The command that gives the graph away: export."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from pyoxigraph import NamedNode

from aigraph.cli.shared import settings_of, store_option
from aigraph.errors import FormatError
from aigraph.exports import (
    DATASET,
    EXPORTS,
    Content,
    Export,
    Profile,
    TextPolicy,
    unpacked_name,
    write_dataset,
    written,
)
from aigraph.places import Place
from aigraph.remote import open_reader
from aigraph.settings import Settings

FORMATS = (*(one.name for one in EXPORTS), DATASET)
"""What `export --format` takes."""


@click.command()
@click.option("--format", "format_name", type=click.Choice(FORMATS), help="[default: what the name of FILE tells]")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Packed if it ends with .gz or .zst. [default: stdout]",
)
@click.option("--graph", "graphs", multiple=True, metavar="NAME", help="Only this named graph (an IRI, or facts, …).")
@click.option(
    "--texts",
    type=click.Choice([each.value for each in TextPolicy]),
    default=TextPolicy.QUOTES.value,
    show_default=True,
    help="How much of the articles' texts: none, the sentences quoted as evidence, or all.",
)
@click.option(
    "--profile",
    type=click.Choice([each.value for each in Profile]),
    default=Profile.RDF11.value,
    show_default=True,
    help="With rdf12, each statement also reifies its triple, in RDF 1.2.",
)
@store_option
@settings_of
def export(
    settings: Settings,
    *,
    format_name: str | None,
    output: Path | None,
    graphs: tuple[str, ...],
    texts: str,
    profile: str,
    store: Place | None,
) -> None:
    """Write the graph for others: as RDF, tables, a network, nanopublications, or a data set to publish.

    The same articles give the same bytes. TriG, N-Quads and JSON-LD keep the named graphs; Turtle, N-Triples and
    RDF/XML hold the union of all. The whole store is --format nquads --texts full. The format dataset is a folder.

    \b
    Examples:
      aigraph export -o graph.ttl.gz
      aigraph export --format csv-claims -o claims.csv
      aigraph export --format dataset -o my-dataset/
    """
    settings = settings.changed(store=store)
    names = [NamedNode(name if ":" in name else f"{settings.base}graph/{name}") for name in graphs] or None
    with open_reader(settings.store, base=settings.base) as reader:
        if names and (unknown := sorted({name.value for name in names} - {graph.value for graph in reader.graphs()})):
            raise FormatError(f"The store has no graph {', '.join(unknown)}; `aigraph info` lists those it has.")
        content = Content(reader, graphs=names, texts=TextPolicy(texts), change=Profile(profile).change)
        if format_name == DATASET:
            files = write_dataset(content, _folder(output))
            click.echo(f"Wrote {len(files)} files to {output}; begin with {output}/README.md.", err=True)
            return
        wanted = _export(format_name, output)
        if output is None:
            wanted.write(content, sys.stdout.buffer)
            return
        with written(output) as stream:
            wanted.write(content, stream)
    click.echo(f"Wrote {output} ({output.stat().st_size:,} bytes).", err=True)


def _export(format_name: str | None, output: Path | None) -> Export:
    """The format that was named, or that the name of the file tells."""
    if format_name is not None:
        return next(one for one in EXPORTS if one.name == format_name)
    if output is None:
        raise click.UsageError(f"Name a format with --format ({', '.join(FORMATS)}) or a file with -o.")
    suffix = unpacked_name(output).suffix.lower().lstrip(".")
    found = next((one for one in EXPORTS if suffix in one.suffixes), None)
    if found is None:
        raise FormatError(f"{output.name} does not tell its format. Name one with --format: {', '.join(FORMATS)}.")
    return found


def _folder(output: Path | None) -> Path:
    if output is None:
        raise click.UsageError("The format dataset is a folder: name it with -o.")
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise FormatError(f"{output} is there already and not an empty folder. Name another.")
    return output
