"""What all commands share: errors as messages, settings, the store's query worker."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import update_wrapper
from pathlib import Path
from typing import Any, TypeVar, cast

import click
from pyoxigraph import QuerySolutions, parse_query_results

from aigraph import formats
from aigraph.errors import AigraphError
from aigraph.explanations import Row, Select, Term
from aigraph.llm import LlmExtractor, LlmOptions, read_key
from aigraph.pipeline import RULES, MakeExtractor
from aigraph.places import Endpoint, Place, place_of
from aigraph.queries import CannedQuery, load_queries
from aigraph.remote import open_pool
from aigraph.resources import folder
from aigraph.settings import EXTRACTORS, KEY, LOGS, Settings
from aigraph.store import Queries

F = TypeVar("F", bound=Callable[..., Any])


class Commands(click.Group):
    """The commands, with every expected error as one message and an exit code, never a traceback."""

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        """Every command has the same names for its help, also where it is run without this group."""
        cmd.context_settings.setdefault("help_option_names", ["-h", "--help"])
        super().add_command(cmd, name)

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


class _StoreType(click.ParamType[Place]):
    """A folder, or the address of a SPARQL store."""

    name = "store"

    def convert(
        self,
        value: Any,
        param: click.Parameter | None,  # noqa: ARG002 - click hands it over
        ctx: click.Context | None,  # noqa: ARG002
    ) -> Place:
        """The place that was named."""
        return value if isinstance(value, Path | Endpoint) else place_of(value)


STORE = _StoreType()
"""The type of arguments that name a store."""


def store_option(command: F) -> F:
    """The `--store` flag, the same for every command that has it."""
    return click.option(
        "--store",
        type=STORE,
        metavar="STORE",
        help="Folder of the graph, or a SPARQL store as sparql+http://…. [default: aigraph-store]",
    )(command)


def mirror_option(command: F) -> F:
    """The `--mirror` flag: the copy of a store elsewhere that builds work on."""
    return click.option(
        "--mirror",
        "mirror_folder",
        type=click.Path(path_type=Path, file_okay=False),
        metavar="DIR",
        help="With a SPARQL store: folder of its copy here. [default: aigraph-mirror]",
    )(command)


def queries_option(command: F) -> F:
    """The `--queries` flag: folders of a user's own canned queries, beside the shipped ones."""

    def wrapped(settings: Settings, *, query_folders: tuple[Path, ...], **kwargs: Any) -> Any:
        return command(settings.changed(queries=os.pathsep.join(map(str, query_folders)) or None), **kwargs)

    decorated: Any = update_wrapper(wrapped, command)
    return cast(
        F,
        click.option(
            "--queries",
            "query_folders",
            type=click.Path(path_type=Path, exists=True, file_okay=False),
            multiple=True,
            metavar="DIR",
            help="A folder of canned queries of your own, beside the shipped ones. Repeatable.",
        )(decorated),
    )


def canned_queries(settings: Settings) -> dict[str, CannedQuery]:
    """The shipped canned queries and those of the user.

    Raises:
        DataError: a file of them is wrong, or two have one name.
    """
    return load_queries(folder("queries"), *settings.query_folders)


class _Day(click.DateTime):
    """A day, with an error that says how one is written."""

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d"])

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The day that a text writes."""
        try:
            day: datetime = super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"{value!r} is no day; write it as in 2026-03-18.", param, ctx)
        return day


def as_of_option(command: F) -> F:
    """The `--as-of` flag: the day by whose publications an answer goes."""
    return click.option(
        "--as-of",
        type=_Day(),
        metavar="DATE",
        help="Only what was published by that day (2026-03-18); what is undated is left out.",
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


def extractor_options(command: F) -> F:
    """The flags on what finds the facts: rules, a language model, or both."""
    options = (
        click.option(
            "--extractor",
            "extractors",
            multiple=True,
            type=click.Choice(EXTRACTORS),
            help="What finds the facts; repeatable, the first one's reading counts. [default: rules]",
        ),
        click.option("--llm-url", metavar="URL", help="OpenAI-compatible API. [default: http://127.0.0.1:8080/v1]"),
        click.option("--llm-model", metavar="NAME", help="The model, as the server calls it."),
        click.option(
            "--llm-cache",
            type=click.Path(path_type=Path),
            metavar="DIR",
            help="Folder of the model's answers. [default: aigraph-llm-cache]",
        ),
        click.option(
            "--llm-offline", is_flag=True, default=None, help="Take answers from that folder alone; ask no server."
        ),
    )

    def wrapped(settings: Settings, *, extractors: tuple[str, ...], **kwargs: Any) -> Any:
        flags = {name: kwargs.pop(name) for name in ("llm_url", "llm_model", "llm_cache", "llm_offline")}
        return command(settings.changed(extractors=",".join(extractors) or None, **flags), **kwargs)

    decorated: Any = update_wrapper(wrapped, command)
    for option in reversed(options):
        decorated = option(decorated)
    return cast(F, decorated)


_LIMITS = (
    ("timeout", "Seconds that a query may take."),
    ("update_timeout", "Seconds that a change may take."),
    ("workers", "Half of how many quick queries run at once; about as many slow ones run beside."),
    ("memory", "Megabytes of address space that a query or a change may take."),
    ("answer_size", "Megabytes of an answer."),
    ("answer_rows", "Rows of an answer; 0: any number."),
    ("query_length", "Characters of a query."),
    ("query_depth", "Brackets within brackets in a query or an update."),
    ("query_tokens", "Words and signs of a query."),
    ("client_queries", "Queries that one client may have running."),
    ("client_seconds", "Seconds of slow queries that one client may take; half a second a second comes back."),
    ("cache_size", "Megabytes of memory for answers that are asked for again."),
    ("upload_size", "Megabytes of a document or an update."),
    ("connections", "Connections that may be open."),
    ("idle_timeout", "Seconds after which a connection is closed on which nothing happens."),
    ("stop_timeout", "Seconds that running requests get when the service stops."),
)


_STANDING = {
    "log_queries": click.option(
        "--log-queries", is_flag=True, default=None, help="With --log, write the texts of queries too."
    ),
    "log": click.option("--log", type=click.Choice(LOGS), help="Write a line on each request. [default: none]"),
    "proxy": click.option(
        "--proxy", metavar="ADDRESS", help="Proxy whose X-Forwarded headers are believed; *: whoever asks."
    ),
    "prefix": click.option("--prefix", metavar="PATH", help="Path below which a proxy offers the service (/graph)."),
}


def limit_options(command: F) -> F:
    """The flags on what a request over HTTP may take, and on how the service stands, one a setting."""

    def wrapped(settings: Settings, **kwargs: Any) -> Any:
        flags = {name: kwargs.pop(name) for name in (*(name for name, _ in _LIMITS), *_STANDING)}
        return command(settings.changed(**flags), **kwargs)

    decorated: Any = update_wrapper(wrapped, command)
    for option in _STANDING.values():
        decorated = option(decorated)
    for name, help in reversed(_LIMITS):
        default = getattr(Settings(), name)
        flag = click.option(
            f"--{name.replace('_', '-')}", type=type(default), metavar="N", help=f"{help} [default: {default:g}]"
        )
        decorated = flag(decorated)
    return cast(F, decorated)


def makers(settings: Settings) -> tuple[MakeExtractor, ...]:
    """What makes the extractors that the settings name.

    Raises:
        SettingsError: a setting of the LLM extractor is wrong or missing.
    """
    made: list[MakeExtractor] = []
    for name in settings.extractor_names:
        made += RULES if name == "rules" else (LlmExtractor.with_options(_llm_options(settings)),)
    return tuple(made)


def _llm_options(settings: Settings) -> LlmOptions:
    return LlmOptions(
        url=settings.llm_url,
        model=settings.llm_model,
        cache=settings.llm_cache,
        key=read_key(os.environ.get(KEY), settings.llm_key_file),
        timeout=settings.llm_timeout,
        retries=settings.llm_retries,
        concurrency=settings.llm_concurrency,
        request_size=settings.llm_request_size,
        answer_size=settings.llm_answer_size,
        seed=settings.llm_seed,
        offline=settings.llm_offline,
    )


def query_pool(settings: Settings) -> Queries:
    """A single query worker on the newest snapshot: queries of the command line have the limits of the endpoint."""
    return open_pool(settings.store, timeout=settings.timeout, memory=settings.memory, base=settings.base)


def selector(pool: Queries) -> Select:
    """A function that runs SELECT queries through the pool and gives their rows by variable name."""

    def select(text: str) -> Iterable[Row]:
        result = pool.query(text, solutions_format=formats.JSON)
        solutions = cast(QuerySolutions, parse_query_results(result.content, formats.JSON.engine))
        names = [variable.value for variable in solutions.variables]
        return [{name: cast("Term | None", row[name]) for name in names} for row in solutions]

    return select
