"""Where a graph is: the folder of a store on this machine, or a SPARQL 1.1 store elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from aigraph.errors import SettingsError

_ADDRESS = re.compile(r"(?:sparql\+)?(https?://.*)", re.DOTALL)
_OPTIONS = ("update", "graphs", "base")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A SPARQL store: where it answers queries, where it takes updates (None: nowhere), and where it gives and takes
    whole graphs by the Graph Store Protocol (None: by queries and updates).

    `base` is the beginning of the IRIs of the graph there; None where the graph itself or the settings say it.
    """

    query: str
    update: str | None = None
    graphs: str | None = None
    base: str | None = None

    @classmethod
    def parse(cls, text: str) -> Endpoint:
        """An endpoint as it is written: `sparql+http://host/query#update=/update,graphs=/store,base=https://…/`.

        The addresses after `#` are read against the first one.

        Raises:
            SettingsError: it is not of that form, or holds a password.
        """
        address, _, options = text.removeprefix("sparql+").partition("#")
        given: dict[str, str] = {}
        for option in filter(None, options.split(",")):
            name, equals, value = option.partition("=")
            if name not in _OPTIONS or not equals or not value:
                raise SettingsError(
                    f"{option!r} in the address of a store is none of {', '.join(f'{one}=…' for one in _OPTIONS)}."
                )
            given[name] = value if name == "base" else urljoin(address, value)
        for each in (address, *(value for name, value in given.items() if name != "base")):
            _check(each)
        return cls(address, given.get("update"), given.get("graphs"), given.get("base"))

    def __str__(self) -> str:
        given = (f"{name}={value}" for name in _OPTIONS if (value := getattr(self, name)))
        options = ",".join(given)
        return f"sparql+{self.query}{'#' if options else ''}{options}"


Place = Path | Endpoint


def place_of(text: str | Path) -> Place:
    """The place that a text names: an address that begins with http or sparql+http, or else a folder.

    Raises:
        SettingsError: an address is wrong.
    """
    return Endpoint.parse(text) if isinstance(text, str) and _ADDRESS.fullmatch(text) else Path(text)


def _check(address: str) -> None:
    try:
        parts = urlsplit(address)
        wrong = parts.scheme not in ("http", "https") or not parts.hostname or bool(set(address) & set(' "<>\n'))
        _ = parts.port
    except ValueError:
        wrong, parts = True, urlsplit("")
    if wrong:
        raise SettingsError(f"{address!r} is no address of a store; write it as in sparql+http://127.0.0.1:7878/query.")
    if parts.username is not None or parts.password is not None:
        raise SettingsError(
            "An address of a store holds no password: it would be shown. Set AIGRAPH_STORE_USER and "
            "AIGRAPH_STORE_PASSWORD, or AIGRAPH_STORE_TOKEN."
        )
