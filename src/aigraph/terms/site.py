"""The documentation as a folder of files that any web server can serve."""

from __future__ import annotations

from pathlib import Path

from aigraph.errors import DataError
from aigraph.ontology import Ontology
from aigraph.terms.catalogue import Kind, Term
from aigraph.terms.examples import Select
from aigraph.terms.pages import Documentation, Links
from aigraph.terms.syntaxes import ONTOLOGY_FORMATS, serialize_ontology

_FILE = "ontology"


def write_documentation(ontology: Ontology, folder: Path, select: Select | None = None) -> tuple[Path, ...]:
    """Write the index, a page per term, the diagrams and the ontology in every RDF format into a folder.

    Args:
        ontology: the ontology to document.
        folder: where the files go; it is made where it is missing, and files of the same names are replaced.
        select: asks the graph that examples are taken from (`Reader.select` of a store).

    Returns:
        The files that were written, sorted.

    Raises:
        DataError: the folder cannot be written.
    """
    top = Documentation(ontology, select=select, links=_links(""))
    below = Documentation(ontology, select=select, links=_links("../"))
    files: dict[str, bytes] = {
        "index.html": top.page(top.title, top.index(), style="style.css").encode(),
        "style.css": (Path(__file__).parent / "templates" / "style.css").read_bytes(),
    }
    for term in below.terms:
        content = below.term(term.iri) or ""
        files[address(term)] = below.page(term.label, content, style="../style.css").encode()
    for format in ONTOLOGY_FORMATS:
        files[f"{_FILE}.{format.suffixes[0]}"] = serialize_ontology(ontology, format)
    return _write(folder, files)


def address(term: Term) -> str:
    """The file of a term. Kinds have folders of their own: `Metric` and `metric` are one name on some systems."""
    kind = "class" if term.kind is Kind.CLASS else "property" if term.kind.is_property else "individual"
    return f"{kind}/{term.name}.html"


def _links(up: str) -> Links:
    downloads = tuple((one.label, f"{up}{_FILE}.{one.suffixes[0]}") for one in ONTOLOGY_FORMATS)
    return Links(lambda term: up + address(term), f"{up}index.html", downloads)


def _write(folder: Path, files: dict[str, bytes]) -> tuple[Path, ...]:
    written = []
    try:
        for name, content in sorted(files.items()):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            written.append(path)
    except OSError as error:
        raise DataError(f"{folder} cannot be written: {error.strerror}. Name another folder.") from error
    return tuple(written)
