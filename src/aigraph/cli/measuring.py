"""Commands that measure how well articles are read: evaluate, rules."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from aigraph.cli import terminal
from aigraph.cli.shared import extractor_options, knowledge_option, makers, settings_of
from aigraph.errors import DataError, GoldError
from aigraph.evaluation import (
    MEASURED,
    Judged,
    Measures,
    current_versions,
    details,
    format_extractors,
    format_labels,
    format_reliability,
    format_table,
    load_measures,
    measures,
    read_and_evaluate,
    to_json,
)
from aigraph.evaluation.gold import load_gold
from aigraph.facts import extractors
from aigraph.pipeline import BuildReport
from aigraph.records import Extractor, Means, Part
from aigraph.settings import Settings

_WIDTH = 44


@click.command()
@click.argument("gold_dir", type=click.Path(path_type=Path))
@click.option("--errors", is_flag=True, help="List every miss and every wrong answer.")
@click.option(
    "--by",
    multiple=True,
    type=click.Choice(["label", "extractor"]),
    help="Also the figures of each type, relation, kind of deal and attribute; or of each rule and component. "
    "Repeatable.",
)
@click.option("--reliability", is_flag=True, help="Also, for each band of confidence, the share that is right.")
@click.option(
    "--without",
    multiple=True,
    type=click.Choice([part.value for part in Part]),
    help="Leave a part of reading out, to see what it is worth. Repeatable.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@knowledge_option
@settings_of
@extractor_options
def evaluate(
    settings: Settings,
    *,
    gold_dir: Path,
    errors: bool,
    by: tuple[str, ...],
    reliability: bool,
    without: tuple[str, ...],
    as_json: bool,
    knowledge: tuple[Path, ...],
) -> None:
    """Build a graph from annotated articles and score it: precision, recall and F1 per kind of fact.

    \b
    Examples:
      aigraph evaluate tests/gold/dev --errors
      aigraph evaluate tests/gold/dev --by label --by extractor --reliability
    """
    with terminal.progress() as progress:
        evaluation, report = read_and_evaluate(
            gold_dir,
            base=settings.base,
            knowledge_folders=knowledge,
            without=frozenset(map(Part, without)),
            extractors=makers(settings),
            progress=progress,
        )
    _tell_of_unread(report)
    means = {extractor.name: extractor.means.value for extractor in extractors()} if "extractor" in by else {}
    if as_json:
        more = details(evaluation, means, labels="label" in by, extractors="extractor" in by, reliable=reliability)
        click.echo(to_json(evaluation, more))
        return
    click.echo(format_table(evaluation, errors=errors))
    if "label" in by:
        click.echo(f"\n{format_labels(evaluation)}")
    if "extractor" in by:
        click.echo(f"\n{format_extractors(evaluation, means)}")
    if reliability:
        click.echo(f"\n{format_reliability(evaluation)}")


@click.command()
@click.argument("gold_dirs", nargs=-1, type=click.Path(path_type=Path), metavar="[GOLD_DIR]...")
@click.option(
    "--property", "term", metavar="NAME", help="Only what states this property or class (develops, Investment)."
)
@click.option("--kind", type=click.Choice([kind.value for kind in Means]), help="Only rules of this kind.")
@click.option("--examples", is_flag=True, help="Show the sentences where each rule must fire (+) and must not (-).")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON, with the counts of each annotated set.")
@click.option("--measure", is_flag=True, help="First read the articles of each GOLD_DIR and count what is right.")
@click.option(
    "--measures",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where the counts stand, and --measure writes them. [default: those of the installation]",
)
@settings_of
def rules(
    settings: Settings,
    *,
    gold_dirs: tuple[Path, ...],
    term: str | None,
    kind: str | None,
    examples: bool,
    as_json: bool,
    measure: bool,
    path: Path | None,
) -> None:
    """List the rules and components that find facts, each with its precision on the annotated articles.

    Those are the names that `aigraph explain` shows, and that `aig:extractedBy` leads to. The counts come from a file;
    where rules, model, names or ontology have changed since it was written, the list says so.

    \b
    Examples:
      aigraph rules --property develops --examples
      aigraph rules --measure tests/gold/dev tests/gold/second
    """
    if measure != bool(gold_dirs):
        raise click.UsageError("--measure and the folders of annotated articles go together.")
    if measure:
        _measure(gold_dirs, path or MEASURED, settings)
    measured = load_measures(path or MEASURED)
    every = extractors()
    shown = [each for each in every if term in (None, *each.yields) and kind in (None, each.means.value)]
    if not shown:
        known = sorted({name for extractor in every for name in extractor.yields})
        raise click.ClickException(f"No such rule. Rules state {', '.join(known)}.")
    if as_json:
        click.echo(json.dumps(_as_json(shown, measured), ensure_ascii=False, indent=1))
        return
    click.echo(_table(shown, measured, examples=examples))


def _measure(gold_dirs: Sequence[Path], path: Path, settings: Settings) -> None:
    """Read and judge annotated sets, and write what each rule found and how much of it is right."""
    names = [folder.resolve().name for folder in gold_dirs]
    if len(set(names)) < len(names):
        raise GoldError(f"Two of the annotated sets have one name: {', '.join(names)}; rename a folder.")
    found: dict[str, tuple[int, tuple[Judged, ...]]] = {}
    for name, gold_dir in zip(names, gold_dirs, strict=True):
        articles = len(load_gold(gold_dir))
        with terminal.progress() as progress:
            evaluation, report = read_and_evaluate(gold_dir, base=settings.base, progress=progress)
        _tell_of_unread(report)
        found[name] = (articles, evaluation.judged)
    try:
        path.write_text(measures(found, current_versions()).to_json(), encoding="utf-8")
    except OSError as error:
        raise DataError(f"{path} cannot be written: {error.strerror}. Name another file with --measures.") from error


def _tell_of_unread(report: BuildReport) -> None:
    for skip in report.skipped:
        click.echo(f"Skipped: {skip.reason}", err=True)
    for failure in report.failures:
        click.echo(f"Not read: {failure.reason}", err=True)


def _table(shown: Sequence[Extractor], measured: Measures, *, examples: bool) -> str:
    lines = [f"{'':{_WIDTH}}{'kind':9}{'+':>4}{'-':>4}{'prior':>7}{'found':>7}{'right':>7}{'P':>7}  states"]
    for each in shown:
        count = measured.count(each.name)
        prior = "" if each.confidence is None else f"{each.confidence:.2f}"
        share = "" if count.precision is None else f"{count.precision:.3f}"
        lines.append(
            f"{each.name:{_WIDTH - 1}} {each.means.value:9}"
            f"{len(each.examples):4}{len(each.counterexamples):4}{prior:>7}"
            f"{count.found:7}{count.right:7}{share:>7}  {', '.join(each.yields)}"
        )
        if examples:
            sentences = [("+", each.examples), ("-", each.counterexamples)]
            lines += [f"    {sign} {text}" for sign, texts in sentences for text in texts]
    return "\n".join([*lines, "", f"{len(shown)} rules and components.", *_provenance(measured)])


def _provenance(measured: Measures) -> list[str]:
    """On what, and with which versions, the counts were made; and whether these are those of today."""
    sets = ", ".join(f"{name} ({n} article{'' if n == 1 else 's'})" for name, n in measured.sets.items())
    versions = measured.versions
    lines = [
        "+ and - are sentences where it must fire and where it must not; prior is the confidence of its findings.",
        f"Measured on {sets}, with rules {versions.rules} and model {versions.model}.",
    ]
    if changed := measured.outdated(current_versions()):
        lines.append(
            f"OUT OF DATE: since then there are other versions of {', '.join(changed)}. "
            "Measure again: aigraph rules --measure GOLD_DIR…"
        )
    return lines


def _as_json(shown: Sequence[Extractor], measured: Measures) -> dict[str, object]:
    return {
        "measured": {
            "sets": dict(measured.sets),
            "rules": measured.versions.rules,
            "model": measured.versions.model,
            "knowledge": measured.versions.knowledge,
            "ontology": measured.versions.ontology,
            "changed since": list(measured.outdated(current_versions())),
        },
        "rules": [_row(each, measured) for each in shown],
    }


def _row(extractor: Extractor, measured: Measures) -> dict[str, object]:
    count = measured.count(extractor.name)
    return {
        "id": extractor.name,
        "kind": extractor.means.value,
        "states": list(extractor.yields),
        "description": extractor.description,
        "prior": extractor.confidence,
        "found": count.found,
        "right": count.right,
        "precision": count.precision,
        "by set": {
            name: {"found": each.found, "right": each.right}
            for name, each in measured.counts.get(extractor.name, {}).items()
        },
        "examples": list(extractor.examples),
        "counterexamples": list(extractor.counterexamples),
    }
