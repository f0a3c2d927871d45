"""Where the data folders are: in the wheel below `aigraph/data/`, in a checkout at the top of the repository."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import yaml

from aigraph.errors import DataError

_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """The data folder of that name: "ontology", "knowledge", "queries" or "seeds".

    Raises:
        DataError: the installation lacks it.
    """
    for parent in (_PACKAGE / "data", _PACKAGE.parents[1]):
        if (parent / name).is_dir():
            return parent / name
    raise DataError(f"The folder {name!r} is missing from this installation of aigraph; install it again.")


_DECIDING = (".py", ".yaml", ".md")


def content_version(*paths: Path) -> str:
    """A hash over code, rules and instructions: of some files of this package, and of all in some folders of it."""
    sha = hashlib.sha256()
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.suffix in _DECIDING:
                sha.update(file.resolve().relative_to(_PACKAGE).as_posix().encode() + b"\0" + file.read_bytes())
    return sha.hexdigest()[:16]


def parse_yaml(text: str) -> Any:
    """The content of a YAML text, by libyaml where PyYAML has it: ten times as fast, which a start feels.

    Raises:
        yaml.YAMLError: the text is no YAML; who knows the file says which.
    """
    return yaml.load(text, Loader=_LOADER)  # noqa: S506
