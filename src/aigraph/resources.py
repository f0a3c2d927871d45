"""Where the data folders are: in the wheel below `aigraph/data/`, in a checkout at the top of the repository."""

from __future__ import annotations

from pathlib import Path

from aigraph.errors import DataError

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
