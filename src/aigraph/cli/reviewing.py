"""The command that looks entities over: what is there, and which two may be one."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from aigraph.cli.shared import knowledge_option, query_pool, selector, settings_of, store_option
from aigraph.doubtful import Doubt, EntityRow, Reason, doubtful_pairs, list_entities
from aigraph.knowledge import load_knowledge
from aigraph.places import Place
from aigraph.records import EntityType
from aigraph.resources import folder
from aigraph.settings import Settings
from aigraph.vocab import Iris

_COLUMNS = ("type", "label", "aliases", "articles", "entity")
_DOUBT_COLUMNS = ("reason", "similarity", "keep", "keep_type", "other", "other_type", "merge", "apart", "sentences")


@click.command()
@click.option("--type", "kind", type=click.Choice([kind.value for kind in EntityType]), help="Only this type.")
@click.option("--doubtful", is_flag=True, help="Instead, pairs that may be one thing, with sentences.")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["table", "csv", "json"]),
    help="[default: table on a terminal, else csv]",
)
@store_option
@knowledge_option
@settings_of
def entities(
    settings: Settings,
    *,
    kind: str | None,
    doubtful: bool,
    format_name: str | None,
    store: Place | None,
    knowledge: tuple[Path, ...],
) -> None:
    """List the entities of the graph: type, name, other names, number of articles.

    With --doubtful, pairs to look at: nearly the same name, one inside the other, an abbreviation, a ticker, one name
    with two types. Each comes with sentences and with the lines for a knowledge file of your own that join the two or
    keep them apart. Nothing is ever merged by itself; after a change to your file, build again with --knowledge.

    \b
    Example:
      aigraph entities --doubtful --knowledge my-names.yaml
    """
    settings = settings.changed(store=store)
    known = load_knowledge(folder("knowledge"), *knowledge, iris=Iris(settings.base)) if doubtful else None
    with closing(query_pool(settings)) as pool:
        select = selector(pool)
        found = [entity for entity in list_entities(select) if kind in (None, entity.type.value)]
        doubts = doubtful_pairs(found, known, select=select) if known else ()
    shown = format_name or ("table" if sys.stdout.isatty() else "csv")
    if known and shown == "table":
        _print_doubts(doubts)
    elif shown == "table":
        _print_entities(found)
    else:
        columns = _DOUBT_COLUMNS if known else _COLUMNS
        rows = [_doubt_row(doubt) for doubt in doubts] if known else [_entity_row(entity) for entity in found]
        _write(rows, columns, shown)


def _entity_row(entity: EntityRow) -> dict[str, object]:
    return {
        "type": entity.type.value,
        "label": entity.label,
        "aliases": list(entity.aliases),
        "articles": entity.articles,
        "entity": entity.iri.value,
    }


def _doubt_row(doubt: Doubt) -> dict[str, object]:
    return {
        "reason": doubt.reason.value,
        "similarity": doubt.similarity,
        "keep": doubt.one.label,
        "keep_type": doubt.one.type.value,
        "other": doubt.other.label,
        "other_type": doubt.other.type.value,
        "merge": doubt.merge,
        "apart": doubt.apart,
        "sentences": [*doubt.sentences[0], *doubt.sentences[1]],
    }


def _write(rows: Sequence[Mapping[str, object]], columns: Sequence[str], shown: str) -> None:
    """JSON with lists as lists, or CSV with one part of a list a line."""
    if shown == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        cells = (row[column] for column in columns)
        writer.writerow("\n".join(cell) if isinstance(cell, list) else cell for cell in cells)
    click.echo(stream.getvalue(), nl=False)


def _print_entities(found: Sequence[EntityRow]) -> None:
    table = Table("type", "label", "aliases", "articles")
    for entity in found:
        names = ", ".join(entity.aliases)
        table.add_row(*map(Text, (entity.type.value, entity.label, names, str(entity.articles))))
    console = Console(highlight=False)
    console.print(table)
    console.print(f"{len(found)} entit{'y' if len(found) == 1 else 'ies'}")


def _print_doubts(doubts: Sequence[Doubt]) -> None:
    """One block a pair: the two names, their sentences, and the lines to copy."""
    for doubt in doubts:
        click.echo(f"{_shown(doubt.one)}  –  {_shown(doubt.other)}")
        click.echo(f"  {doubt.reason}, similarity {doubt.similarity:.2f}")
        for sentence in (*doubt.sentences[0], *doubt.sentences[1]):
            click.echo(f"    {sentence}")
        click.echo("  one thing, under entries:")
        click.echo(f"    {doubt.merge}")
        click.echo(f"  two things, under {'entries' if doubt.reason is Reason.TWO_TYPES else 'distinct'}:")
        for line in doubt.apart.splitlines():
            click.echo(f"    {line}")
        click.echo()
    click.echo(f"{len(doubts)} doubtful pair{'' if len(doubts) == 1 else 's'}")


def _shown(entity: EntityRow) -> str:
    return f"{entity.label} ({entity.type}, {entity.articles} article{'' if entity.articles == 1 else 's'})"
