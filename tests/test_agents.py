"""The graph for language models: the tools, and the Model Context Protocol as the library's own client meets it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest
from jsonschema import Draft202012Validator
from mcp import Client, StdioServerParameters
from pyoxigraph import NamedNode, Quad, parse

from aigraph.agents import Toolbox
from aigraph.agents.server import make_server
from aigraph.errors import DataError, ParameterError, QueryForbidden, QuerySyntaxError, QueryTooLarge, UnknownQuery
from aigraph.queries import CannedQuery, load_queries
from aigraph.resources import folder
from aigraph.store import QueryPool, open_writer
from aigraph.vocab import DEFAULT_BASE

MINI = Path(__file__).parent / "expected" / "queries" / "mini.trig"
QUERIES = load_queries(folder("queries"))
SITE = "https://graph.example/"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    graphs: defaultdict[NamedNode, list[Quad]] = defaultdict(list)
    for quad in parse(path=str(MINI)):
        assert isinstance(quad.graph_name, NamedNode)
        graphs[quad.graph_name].append(quad)
    path = tmp_path_factory.mktemp("store")
    with open_writer(path, DEFAULT_BASE) as writer:
        for graph, quads in graphs.items():
            writer.replace_graph(graph, quads)
        writer.commit()
    return path


@pytest.fixture(scope="module")
def toolbox(store: Path) -> Iterator[Toolbox]:
    with QueryPool(store, size=1, timeout=60) as pool:
        yield Toolbox(pool, QUERIES, base=DEFAULT_BASE, site=SITE)


def data(toolbox: Toolbox, name: str, **arguments: Any) -> Any:
    return toolbox.call(name, arguments).data


# --- tools --------------------------------------------------------------------------------------------------


def test_there_is_a_tool_for_every_query_and_schemas_are_valid(toolbox: Toolbox) -> None:
    assert set(toolbox.tools) == {*QUERIES, "describe", "search", "explain", "sparql"}
    for tool in toolbox.tools.values():
        Draft202012Validator.check_schema(dict(tool.schema))
        assert re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", tool.name)
        assert tool.description


def test_a_canned_query_answers_with_sentences_and_permalinks(toolbox: Toolbox) -> None:
    reply = toolbox.call("who-develops", {"company": "nvidia", "limit": 2})
    rows = reply.data["rows"]
    assert isinstance(rows, list)
    assert rows[0]["developerLabel"] == "Nvidia"
    assert rows[0]["sentence"] in reply.text
    assert rows[0]["article"].startswith(DEFAULT_BASE)
    assert reply.data["permalink"] == f"{SITE}queries/who-develops?company=nvidia&limit=2&offset=0"
    assert reply.text.endswith(f"Permalink of this answer: {reply.data['permalink']}")


def test_long_answers_come_in_parts_that_fit_together(toolbox: Toolbox) -> None:
    whole = data(toolbox, "entities", limit=500)
    parts: list[Any] = []
    while len(parts) < whole["total"]:
        part = data(toolbox, "entities", limit=4, offset=len(parts))
        assert part["total"] == whole["total"]
        parts += part["rows"]
    assert parts == whole["rows"]
    assert "Ask on with offset=4" in toolbox.call("entities", {"limit": 4}).text
    assert "none from 10,000 on" in toolbox.call("entities", {"offset": 10_000}).text


def test_a_thing_is_described_by_any_of_its_names(toolbox: Toolbox) -> None:
    (thing,) = data(toolbox, "describe", thing="Nvidia")["things"]
    assert thing["iri"] == f"{DEFAULT_BASE}id/company/nvidia"
    assert thing["permalink"].startswith(f"{SITE}describe?iri=https%3A")
    assert any(fact["relation"].endswith("#develops") for fact in thing["facts"])
    assert all(row["sentence"] and row["modality"] for row in thing["sentences"])


def test_words_find_entities_before_claims(toolbox: Toolbox) -> None:
    reply = toolbox.call("search", {"words": "NVID"})
    rows = reply.data["rows"]
    assert isinstance(rows, list)
    assert (rows[0]["kind"], rows[0]["iri"]) == ("entity", f"{DEFAULT_BASE}id/company/nvidia")
    assert toolbox.call("search", {"words": '") || true || ("'}).data["rows"] == []


def test_a_fact_is_explained_and_an_absent_one_too(toolbox: Toolbox) -> None:
    develops = data(toolbox, "who-develops", limit=1)["rows"][0]
    parts = {"subject": develops["developer"], "predicate": "develops", "object": develops["technology"]}
    reply = toolbox.call("explain", parts)
    (one,) = data(toolbox, "explain", **parts)["explanations"]
    assert one["held"]
    assert develops["sentence"] in reply.text
    absent = toolbox.call("explain", parts | {"subject": parts["object"], "object": parts["subject"]})
    assert "the graph does not hold this" in absent.text


def test_sparql_is_bounded_and_only_reads(toolbox: Toolbox) -> None:
    one = data(toolbox, "sparql", query="SELECT ?n { ?it a aig:Company ; rdfs:label ?n } ORDER BY ?n", limit=1)
    assert (one["columns"], len(one["rows"])) == (["n"], 1)
    assert toolbox.call("sparql", {"query": "ASK { ?s a aig:Company }"}).data["answer"] is True
    assert "aig:Company" in str(
        toolbox.call("sparql", {"query": "CONSTRUCT WHERE { ?s a aig:Company }"}).data["turtle"]
    )
    for text, error in (
        ("SELECT nonsense", QuerySyntaxError),
        ("SELECT * { SERVICE <http://e.org/> { ?s ?p ?o } }", QueryForbidden),
        ("DELETE WHERE { ?s ?p ?o }", QueryForbidden),
        ("SELECT * " + "{" * 200 + "}" * 200, QueryTooLarge),
        ("ASK { } #" + "x" * 30_000, QueryTooLarge),
    ):
        with pytest.raises(error):
            toolbox.call("sparql", {"query": text})


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("who-developed", {}, "no tool 'who-developed'. Did you mean who-develops"),
        ("who-develops", {"compny": "x"}, "no argument 'compny'. Did you mean company"),
        ("about-entity", {}, "needs the parameter 'thing'"),
        ("partnerships-of-company", {"company": "Nvidia", "status": "maybe"}, "none of announced, reported"),
        ("entities", {"limit": 0}, "'limit' is 0; it has to be a whole number from 1 to 500"),
        ("entities", {"limit": True}, "'limit' is True"),
        ("entities", {"type": ["Chip"]}, "'type' of 'entities' is no text, number or truth value"),
        ("describe", {"thing": " "}, "'thing' is missing"),
        ("describe", {"thing": "Nobody Whatsoever"}, "Nothing in the graph is called"),
        ("explain", {"subject": "Nvidia"}, "takes subject, predicate and object, or iri alone"),
    ],
)
def test_what_is_wrong_is_told_before_anything_runs(
    toolbox: Toolbox, name: str, arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises((ParameterError, UnknownQuery), match=re.escape(message)):
        toolbox.call(name, arguments)


def test_a_query_cannot_be_called_as_a_tool_is(store: Path) -> None:
    search = CannedQuery.parse("search", "#+ summary: A?\n#+ description: B.\nASK {}")
    with QueryPool(store) as pool, pytest.raises(DataError, match="'search' has the name of a tool"):
        Toolbox(pool, {"search": search}, base=DEFAULT_BASE)


# --- the protocol -------------------------------------------------------------------------------------------


async def conversation(client: Client) -> None:
    """What every client meets, whatever the transport."""
    listed = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert set(listed) == {*QUERIES, "describe", "search", "explain", "sparql"}
    tool = listed["about-entity"]
    assert tool.input_schema["required"] == ["thing"]
    assert tool.annotations is not None
    assert tool.annotations.read_only_hint
    answer = await client.call_tool("who-develops", {"company": "Nvidia"})
    assert not answer.is_error
    assert answer.structured_content["rows"][0]["sentence"] in answer.content[0].text  # type: ignore[union-attr]
    wrong = await client.call_tool("sparql", {"query": "SELECT nonsense"})
    assert wrong.is_error
    assert "ine 1" in wrong.content[0].text  # type: ignore[union-attr]
    assert (await client.call_tool("nothing", {})).is_error


def test_in_this_process(toolbox: Toolbox) -> None:
    async def talk() -> None:
        async with Client(make_server(toolbox)) as client:
            await conversation(client)

    anyio.run(talk)


def test_over_standard_input_and_output(store: Path) -> None:
    async def talk() -> None:
        arguments = ["-m", "aigraph", "mcp", "--store", str(store)]
        environment = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        async with Client(StdioServerParameters(command=sys.executable, args=arguments, env=environment)) as client:
            await conversation(client)

    anyio.run(talk)


def test_over_http(store: Path) -> None:
    server = subprocess.Popen(
        [sys.executable, "-m", "aigraph", "mcp", "--http", "--port", "0", "--store", str(store)],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stderr is not None
        found = re.search(r"http://127\.0\.0\.1:\d+/mcp", server.stderr.readline())
        assert found, "the first line names the address"

        async def talk() -> None:
            async with Client(found[0]) as client:
                await conversation(client)

        anyio.run(talk)
    finally:
        server.terminate()
        _, errors = server.communicate(timeout=60)
    assert "Traceback" not in errors
