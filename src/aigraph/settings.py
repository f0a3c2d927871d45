"""One frozen `Settings`, read once at the top (`cli.py`) and handed down as arguments.

Precedence, strongest first: command-line flags, environment (`AIGRAPH_<NAME>`), the file named by `--config` or
`AIGRAPH_CONFIG` (TOML, one key a setting), the defaults below. Unknown keys are refused, so a typing mistake never
goes unnoticed.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from aigraph.errors import SettingsError, StoreError
from aigraph.places import Endpoint, Place, place_of
from aigraph.vocab import DEFAULT_BASE

_PREFIX = "AIGRAPH_"
KEY = "AIGRAPH_LLM_KEY"
"""The variable with the key of the LLM server: no setting, for settings are shown."""
TOKEN = "AIGRAPH_TOKEN"  # noqa: S105 - the name of the variable
"""The variable with the token that changes over HTTP need: no setting either."""
_STORE_SECRETS = ("AIGRAPH_STORE_USER", "AIGRAPH_STORE_PASSWORD", "AIGRAPH_STORE_TOKEN")
_NOT_SETTINGS = frozenset({"AIGRAPH_CONFIG", "AIGRAPH_ORIGINALS", "AIGRAPH_DEBUG", KEY, TOKEN, *_STORE_SECRETS})
"""Variables with our prefix that are no settings: where the settings file is, secrets, and what the tests read."""

EXTRACTORS = ("rules", "llm")
"""What can find facts."""
TEXTS = ("full", "quotes", "none")
"""What pages may show of the texts of articles."""
LOGS = ("none", "text", "json")
"""How requests are written down."""
_POSITIVE = (
    *("timeout", "workers", "memory", "answer_size", "query_length", "query_depth", "query_tokens"),
    *("client_queries", "client_seconds", "upload_size", "update_timeout", "connections", "idle_timeout"),
    *("article_seconds", "article_memory"),
)
_TRUTHS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings with their defaults.

    `base` is the beginning of every minted IRI; `store` the folder of the graph, or the address of a SPARQL store
    elsewhere (`sparql+http://…`), of which `mirror` is the copy that builds work on; `host` and `port` where `serve`
    listens; `queries` folders of canned queries of one's own, parted by colons; `timeout` the seconds a query may
    take; `workers` how many queries run at once; `memory` the megabytes of address space of one query worker; the
    limits of the endpoint, from `answer_size` on, are told in docs/endpoint.md. `jobs` is how many processes read
    articles (0: one a processor), `article_seconds` and `article_memory` what one article may take in them: processor
    time, and megabytes of address space. `cache` keeps the stages of reading in the store. `texts` is what pages show
    of articles: "full", "quotes" (sentences behind findings) or "none". `prefix` is the path below
    which a proxy offers the service ("/graph"), `proxy` the address of the proxy whose X-Forwarded headers are believed
    ("*": whoever asks), `log` what is written about each request ("none", "text", "json"), with the texts of queries
    where `log_queries` is set, `stop_timeout` the seconds that running requests get when the service stops (all told in
    docs/deploy.md). `extractors` names what finds facts, by
    commas, the first one's reading counting ("rules", "rules,llm"); the settings that begin with `llm_` are told in
    docs/llm.md.
    """

    base: str = DEFAULT_BASE
    store: Place = Path("aigraph-store")
    mirror: Path = Path("aigraph-mirror")
    host: str = "127.0.0.1"
    port: int = 7474
    queries: str = ""
    timeout: float = 10.0
    workers: int = 2
    memory: int = 4096
    answer_size: int = 256
    answer_rows: int = 0
    query_length: int = 100_000
    query_depth: int = 100
    query_tokens: int = 25_000
    client_queries: int = 32
    client_seconds: float = 120.0
    cache_size: int = 64
    upload_size: int = 32
    update_timeout: float = 10.0
    connections: int = 1000
    idle_timeout: float = 60.0
    jobs: int = 0
    article_seconds: float = 60.0
    article_memory: int = 4096
    cache: bool = True
    texts: str = "quotes"
    prefix: str = ""
    proxy: str = ""
    log: str = "none"
    log_queries: bool = False
    stop_timeout: float = 10.0
    extractors: str = "rules"
    llm_url: str = "http://127.0.0.1:8080/v1"
    llm_model: str = ""
    llm_key_file: str = ""
    llm_cache: Path = Path("aigraph-llm-cache")
    llm_offline: bool = False
    llm_timeout: float = 120.0
    llm_retries: int = 4
    llm_concurrency: int = 2
    llm_request_size: int = 6000
    llm_answer_size: int = 8000
    llm_seed: int = 0

    def __post_init__(self) -> None:
        if not self.base.startswith(("http://", "https://")) or not self.base.endswith(("/", "#")):
            raise SettingsError(f'base is {self.base!r}: it must begin with http:// or https:// and end with "/".')
        if not 0 <= self.port <= 65535:
            raise SettingsError(f"port is {self.port}: it must lie between 0 and 65535 (0 takes any free port).")
        for name in _POSITIVE:
            if getattr(self, name) <= 0:
                raise SettingsError(f"{name} is {getattr(self, name)}: it must be greater than 0.")
        if self.prefix and not re.fullmatch(r"(/[A-Za-z0-9._~-]+)+", self.prefix):
            raise SettingsError(f'prefix is {self.prefix!r}: it must be a path such as "/graph", or empty.')
        if self.log not in LOGS:
            raise SettingsError(f"log is {self.log!r}: it must be one of {', '.join(LOGS)}.")
        for name in ("answer_rows", "cache_size", "stop_timeout"):
            if getattr(self, name) < 0:
                raise SettingsError(f"{name} is {getattr(self, name)}: it must be 0 (for none) or greater.")
        if self.jobs < 0:
            raise SettingsError(f"jobs is {self.jobs}: it must be 0 (one a processor) or greater.")
        if self.texts not in TEXTS:
            raise SettingsError(f"texts is {self.texts!r}: it must be one of {', '.join(TEXTS)}.")
        names = self.extractor_names
        if not names or len(set(names)) < len(names) or not set(names) <= set(EXTRACTORS):
            raise SettingsError(
                f"extractors is {self.extractors!r}: it must name some of {', '.join(EXTRACTORS)}, each once, parted "
                "by commas."
            )

    @property
    def folder(self) -> Path:
        """The folder of the store, where a command needs one on this machine.

        Raises:
            StoreError: the store is elsewhere.
        """
        if isinstance(self.store, Endpoint):
            raise StoreError(
                f"{self.store} is a store elsewhere, and this needs the folder of one on this machine: "
                f"aigraph copy '{self.store}' FOLDER brings one here."
            )
        return self.store

    @property
    def processes(self) -> int:
        """How many processes read articles: `jobs`, or as many as this one may use processors."""
        affinity = getattr(os, "sched_getaffinity", None)  # macOS has none
        return self.jobs or (len(affinity(0)) if affinity else os.cpu_count()) or 1

    @property
    def query_folders(self) -> tuple[Path, ...]:
        """The folders of canned queries of one's own, in their order."""
        return tuple(Path(name) for name in self.queries.split(os.pathsep) if name)

    @property
    def extractor_names(self) -> tuple[str, ...]:
        """The names of the extractors, in their order."""
        return tuple(name.strip() for name in self.extractors.split(",") if name.strip())

    def changed(self, **flags: object) -> Settings:
        """These settings with those flags that were given (are not None)."""
        given: dict[str, Any] = {name: value for name, value in flags.items() if value is not None}
        return replace(self, **given)

    def as_dict(self) -> dict[str, object]:
        """The settings by name, as `aigraph info` shows them."""
        return {one.name: getattr(self, one.name) for one in fields(self)}


def load_settings(environment: Mapping[str, str], config: Path | None = None) -> Settings:
    """Read the settings file and the environment.

    Raises:
        SettingsError: the file is missing or no TOML, a key is unknown, or a value has the wrong type.
    """
    named = environment.get("AIGRAPH_CONFIG")
    path = config or (Path(named) if named else None)
    values: dict[str, object] = {}
    if path is not None:
        values |= {name: _typed(name, value, f"in {path}") for name, value in _read(path).items()}
    for key, text in sorted(environment.items()):
        if key.startswith(_PREFIX) and key not in _NOT_SETTINGS:
            name = key.removeprefix(_PREFIX).lower()
            values[name] = _typed(name, text, f"in the environment ({key})")
    return Settings().changed(**values)


def _read(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"The settings file {path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise SettingsError(f"The settings file {path} is no valid TOML: {error}.") from error


def _typed(name: str, value: object, where: str) -> object:
    """The value in the type of the setting of that name; text is converted, as the environment has nothing else."""
    known = {field.name: type(getattr(Settings(), field.name)) for field in fields(Settings)}
    if name not in known:
        raise SettingsError(f"Unknown setting {name!r} {where}; the settings are {', '.join(known)}.")
    if name == "store":
        return place_of(str(value))
    if issubclass(known[name], Path):
        return Path(str(value))
    kind = known[name]
    if kind is bool:
        truth = value if isinstance(value, bool) else _TRUTHS.get(str(value).lower())
        if truth is None:
            raise SettingsError(f"The setting {name!r} {where} is {value!r}: expected true or false.")
        return truth
    try:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise TypeError
        return kind(value)
    except (TypeError, ValueError) as error:
        raise SettingsError(f"The setting {name!r} {where} is {value!r}: expected {kind.__name__}.") from error
