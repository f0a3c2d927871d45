"""The beginning of a canned query of one's own: its file and a test that runs."""

from __future__ import annotations

from pathlib import Path

from aigraph.errors import DataError
from aigraph.queries.files import SUFFIXES, CannedQuery

_QUERY = """\
#+ summary: Who develops what?
#+ description: One row for each fact. Say here in a sentence what a row is.
#+ tags: [mine]
#+ parameters:
#+   company:
#+     description: the company, by its name
#+     examples: [Nvidia]
#+     choices: "?it a aig:Company ; rdfs:label ?value"

PREFIX aig: <https://w3id.org/aigraph/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

SELECT ?companyLabel ?thingLabel ?company ?thing
WHERE {
  ?company aig:develops ?thing ; rdfs:label ?companyLabel .
  ?thing rdfs:label ?thingLabel .
  FILTER(!BOUND(?__company) || LCASE(STR(?companyLabel)) = LCASE(?__company))
}
ORDER BY ?companyLabel ?thingLabel ?company ?thing
"""

_TEST = '''\
"""The canned query {name}: what it answers on a small graph. Run it with pytest."""

from pathlib import Path

from pyoxigraph import RdfFormat, Store

from aigraph.queries import bind, load_queries

QUERY = load_queries(Path(__file__).parent)["{name}"]
GRAPH = """
PREFIX aig: <https://w3id.org/aigraph/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX ex: <https://example.org/>

ex:acme a aig:Company ; rdfs:label "Acme" ; aig:develops ex:roadrunner .
ex:other a aig:Company ; rdfs:label "Other" ; aig:develops ex:coyote .
ex:roadrunner a aig:Chip ; rdfs:label "Roadrunner" .
ex:coyote a aig:Chip ; rdfs:label "Coyote" .
"""


def rows(**values: str) -> list[tuple[str, ...]]:
    """The first two columns of the answer."""
    store = Store()
    store.load(GRAPH, RdfFormat.TURTLE)
    found = store.query(bind(QUERY, values), use_default_graph_as_union=True)
    return [tuple(row[place].value for place in (0, 1)) for row in found]


def test_all_of_it() -> None:
    assert rows() == [("Acme", "Roadrunner"), ("Other", "Coyote")]


def test_by_a_parameter() -> None:
    assert rows(company="acme") == [("Acme", "Roadrunner")]
    assert rows(company="nobody") == []
'''


def scaffold(folder: Path, name: str) -> tuple[Path, Path]:
    """Writes `<name>.rq` and a test of it, both complete and ready to be changed, into a folder; gives their paths.

    Raises:
        DataError: the name does not fit for a query, something of that name is there, or it cannot be written.
    """
    CannedQuery.parse(name, _QUERY)
    query, test = folder / f"{name}{SUFFIXES[0]}", folder / f"test_{name.replace('-', '_')}.py"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if there := next((path for path in (*(folder / f"{name}{s}" for s in SUFFIXES), test) if path.exists()), None):
            raise DataError(f"{there} is there already. Choose another name, or delete it first.")
        query.write_text(_QUERY, encoding="utf-8")
        test.write_text(_TEST.format(name=name), encoding="utf-8")
    except OSError as error:
        raise DataError(f"The query cannot be written into {folder}: {error.strerror}.") from error
    return query, test
