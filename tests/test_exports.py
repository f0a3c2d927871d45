"""Exports: whole, in order, the same bytes each time, and read by others."""

from __future__ import annotations

import base64
import csv
import gzip
import hashlib
import io
import json
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import networkx
import owlready2
import pytest
import rdflib
import zstandard
from click.testing import CliRunner
from pyoxigraph import BlankNode, Dataset, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from aigraph.cli import main
from aigraph.errors import FormatError
from aigraph.exports import DATASET, EXPORTS, Content, Profile, TextPolicy, write_rdf, written
from aigraph.exports import content as content_module
from aigraph.formats import JSON_LD, N_QUADS, N_TRIPLES, RDF_FORMATS, RDF_XML, TRIG, TURTLE, RdfSyntax
from aigraph.store import Reader, open_latest, open_writer
from aigraph.store.content import canonical_lines
from aigraph.vocab import AIG, OA, RDF, RDFS, Iris

IRIS = Iris("https://example.org/kg/")
ONE, TWO = IRIS.graph("one"), IRIS.graph("two")
A, B, C = (IRIS.thing("Company", name) for name in ("a", "b", "c"))
ARTICLE = "nvidia-inference-pivot"


def exported(content: Content, name: str) -> bytes:
    stream = io.BytesIO()
    next(one for one in EXPORTS if one.name == name).write(content, stream)
    return stream.getvalue()


@contextmanager
def store_of(folder: Path, quads: Iterable[Quad]) -> Iterator[Reader]:
    """A store with these quads, written graph by graph."""
    quads = list(quads)
    with open_writer(folder, IRIS.base) as writer:
        for graph in dict.fromkeys(quad.graph_name for quad in quads):
            assert isinstance(graph, NamedNode)
            writer.replace_graph(graph, [quad for quad in quads if quad.graph_name == graph])
        yield writer


def of(reader: Reader, *names: str, texts: TextPolicy = TextPolicy.FULL, run: int = 200_000) -> Content:
    return Content(reader, graphs=[reader.iris.graph(name) for name in names] or None, texts=texts, run=run)


def digest(quads: Iterable[Quad]) -> str:
    return hashlib.sha256(b"".join(line + b"\n" for line in canonical_lines(quads))).hexdigest()


MADE = [
    *(Quad(A, AIG.form, Literal(text), ONE) for text in ("é", "two\nlines .\n\t", '"q"', "_:b is no node", " , ")),
    Quad(A, AIG.uses, B, TWO),
    Quad(B, RDF.type, AIG.Company, TWO),
    Quad(B, RDFS.label, Literal("b", language="de"), TWO),
    Quad(B, AIG.confidence, Literal(3e21), TWO),
    Quad(C, AIG.uses, BlankNode("x"), ONE),
    Quad(BlankNode("x"), AIG.uses, BlankNode("y"), ONE),
    Quad(BlankNode("y"), AIG.form, Literal("deep"), ONE),
]


# --- RDF ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("syntax", tuple(RDF_FORMATS), ids=lambda one: str(one.name))
def test_what_is_exported_is_what_the_store_holds(seeds_store: Path, syntax: RdfSyntax) -> None:
    with open_latest(seeds_store) as reader:
        data = exported(of(reader), syntax.name)
        held = list(reader.quads())
    back = parse(data, syntax.engine)
    if syntax.datasets:
        assert digest(back) == digest(held)
    else:
        assert digest(back) == digest({Quad(*quad.triple) for quad in held})


def test_sorted_n_quads_have_the_hash_of_the_store(seeds_store: Path) -> None:
    with open_latest(seeds_store) as reader:
        data = exported(of(reader), "nquads")
        assert hashlib.sha256(data).hexdigest() == reader.canonical_hash()


@pytest.mark.parametrize("syntax", tuple(RDF_FORMATS), ids=lambda one: str(one.name))
def test_the_bytes_do_not_depend_on_order_or_on_labels_or_on_what_fits_into_memory(
    tmp_path: Path, syntax: RdfSyntax, monkeypatch: pytest.MonkeyPatch
) -> None:
    outputs = set()
    for place, quads in enumerate((MADE, MADE[::-1], MADE)):
        if place == 2:
            monkeypatch.setattr(content_module, "_LINES_SIZE", 100)
        with store_of(tmp_path / str(place), quads) as reader:
            stream = io.BytesIO()
            write_rdf(of(reader, run=2 if place == 2 else 1000), syntax, stream)
            outputs.add(stream.getvalue())
    assert len(outputs) == 1
    back = parse(outputs.pop(), syntax.engine)
    assert digest(back) == digest(MADE if syntax.datasets else (Quad(*quad.triple) for quad in MADE))


@pytest.mark.parametrize("name", ["turtle", "trig"])
def test_lines_and_quads_come_in_the_same_order(seeds_store: Path, tmp_path: Path, name: str) -> None:
    # what sorts otherwise as bytes: IRIs that go on, quotes and ">" in texts, what looks like a property
    iri = A.value
    longer = [NamedNode(f"{iri}{end}") for end in ("", "-b", "/b", "0", "é", "z")]
    texts = [
        "",
        ">",
        "a>b",
        'a"',
        "a b",
        "<x>",
        f"> <{RDF.type.value}> <",
        f"> <{AIG.canonicalText.value}> ",
        "\n\r\t",
        "é",
    ]
    values: list[NamedNode | Literal] = [
        *longer,
        *map(Literal, texts),
        Literal("a", language="en"),
        Literal(1),
        Literal(1.5),
        Literal("1"),
    ]
    properties = [RDF.type, RDFS.label, AIG.form, NamedNode(f"{AIG.form.value}s"), AIG.canonicalText]
    quads = [Quad(s, p, o, ONE) for s in longer for p in properties for o in values]
    with store_of(tmp_path / "store", quads) as made, open_latest(seeds_store) as seeds:
        # the second time so little fits into memory that it is sorted on the disk
        for reader, run in ((made, 200_000), (made, 100), (seeds, 200_000)):
            for texts_policy in (TextPolicy.NONE, TextPolicy.FULL):
                # a change that changes nothing makes the order come from quads
                slow = Content(reader, texts=texts_policy, change=lambda group: group)
                fast = Content(reader, texts=texts_policy, run=run)
                assert exported(fast, name) == exported(slow, name)


def test_lines_are_sorted_and_stand_once(tmp_path: Path) -> None:
    twice = [*MADE, Quad(A, AIG.uses, B, ONE)]
    with store_of(tmp_path, twice) as reader:
        for name, count in (("nquads", len(twice)), ("ntriples", len(MADE))):
            lines = exported(of(reader), name).splitlines()
            assert lines == sorted(set(lines))
            assert len(lines) == count


def test_exports_can_be_limited_to_graphs(tmp_path: Path) -> None:
    with store_of(tmp_path, MADE[:7]) as reader:
        lines = exported(Content(reader, graphs=[TWO, TWO]), "nquads").decode().splitlines()
        assert lines == [f"{A} {AIG.uses} {B} {TWO} .", f"{B} {RDF.type} {AIG.Company} {TWO} ."]
        assert b"aig:uses" in exported(Content(reader, graphs=[TWO]), "turtle")


def test_turtle_is_pleasant_to_read(tmp_path: Path) -> None:
    quads = [
        Quad(A, AIG.form, Literal("x"), ONE),
        Quad(A, RDFS.label, Literal("Acme"), ONE),
        Quad(A, RDF.type, AIG.Company, ONE),
        Quad(A, AIG.form, Literal("y"), ONE),
        Quad(B, RDF.type, AIG.Company, IRIS.graph("entities")),
    ]
    with store_of(tmp_path, quads) as reader:
        turtle = exported(of(reader), "turtle").decode()
        trig = exported(of(reader), "trig").decode()
    prefixes, _, body = turtle.partition("\n\n")
    assert prefixes.splitlines() == sorted(prefixes.splitlines())
    assert body == (
        "# graph:entities - types, labels and links of everything mentioned\n\n"
        "res:company\\/b a aig:Company .\n\n"
        "# graph:one - what one article says\n\n"
        'res:company\\/a a aig:Company ;\n    rdfs:label "Acme" ;\n    aig:form "x" , "y" .\n'
    )
    assert 'graph:one {\n\n    res:company\\/a a aig:Company ;\n        rdfs:label "Acme" ;\n' in trig
    assert trig.endswith('"x" , "y" .\n}\n')


def test_a_large_graph_comes_subject_by_subject(tmp_path: Path) -> None:
    quads = [
        Quad(IRIS.thing("Company", f"c{n}"), p, Literal(str(n)), ONE)
        for n in range(500)
        for p in (AIG.form, RDFS.label)
    ]
    with store_of(tmp_path, quads) as reader:
        spilt, whole = (list(of(reader, run=run).groups()) for run in (64, 100_000))
    assert spilt == whole
    subjects = [str(group[0].subject).rstrip(">") for group in spilt]
    assert subjects == sorted(set(subjects))


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
@pytest.mark.parametrize("syntax", [TURTLE, TRIG, N_QUADS, N_TRIPLES, JSON_LD, RDF_XML], ids=lambda one: str(one.name))
def test_rdflib_reads_it(seeds_store: Path, syntax: RdfSyntax) -> None:
    with open_latest(seeds_store) as reader:
        content = of(reader, ARTICLE, "facts")
        data = exported(content, syntax.name)
        count = sum(map(len, content.groups()))
    dataset = rdflib.Dataset(default_union=True)
    names = {"turtle": "turtle", "ntriples": "nt", "rdfxml": "xml", "jsonld": "json-ld"}
    dataset.parse(data=data, format=names.get(syntax.name, syntax.name))
    assert len(dataset) == count


@pytest.mark.needs_program("rapper", "raptor2-utils")
@pytest.mark.parametrize("name", ["turtle", "ntriples", "rdfxml", "nquads"])
def test_rapper_reads_it(seeds_store: Path, tmp_path: Path, name: str) -> None:
    with open_latest(seeds_store) as reader:
        (tmp_path / name).write_bytes(exported(of(reader), name))
    command = ["rapper", "-q", "-c", "-i", name, str(tmp_path / name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not done.stderr


def test_owlready2_reads_it(seeds_store: Path, tmp_path: Path) -> None:
    with open_latest(seeds_store) as reader:
        content = of(reader, "ontology", "entities", "facts")
        for name in ("rdfxml", "ntriples"):
            path = tmp_path / f"{name}.{'owl' if name == 'rdfxml' else 'nt'}"
            path.write_bytes(exported(content, name))
            world = owlready2.World()
            world.get_ontology(f"file://{path}").load()
            nvidia = world[reader.iris.thing("Company", "Nvidia").value]
            assert world[AIG.Company.value] in nvidia.is_a
            developed = {each.iri for each in nvidia.develops}
            assert reader.iris.thing("Software", "CUDA").value in developed


@pytest.mark.needs_java
def test_the_owl_api_reads_it(seeds_store: Path) -> None:
    import owlapi

    owlapi.start()
    with open_latest(seeds_store) as reader:
        content = of(reader, "ontology", "entities", "facts")
        # its version in HermiT's archive knows a Turtle without escapes alone
        axioms = owlapi.read(exported(content, "rdfxml")).getLogicalAxiomCount()
        facts = sum(1 for _ in reader.quads(reader.iris.graph("facts")))
    assert axioms > facts


def test_xml_cannot_hold_control_characters(tmp_path: Path) -> None:
    with store_of(tmp_path, [Quad(A, AIG.form, Literal("\x08"), ONE)]) as reader:
        with pytest.raises(FormatError, match="control characters"):
            exported(of(reader), "rdfxml")
        for syntax in (TRIG, JSON_LD):
            assert len(list(parse(exported(of(reader), syntax.name), syntax.engine))) == 1


# --- JSON-LD ------------------------------------------------------------------------------------------------


def test_json_ld_has_short_names_and_holds_what_belongs_to_a_finding(seeds_store: Path) -> None:
    with open_latest(seeds_store) as reader:
        document = json.loads(exported(of(reader, ARTICLE), "jsonld"))
    assert document["@context"]["develops"] == {"@id": "aig:develops", "@type": "@id"}
    (graph,) = document["@graph"]
    assert graph["@id"] == f"graph:{ARTICLE}"
    inside = [node["evidence"] for node in graph["@graph"] if isinstance(node.get("evidence"), dict)]
    assert inside
    assert all(len(evidence["hasSelector"]) == 2 for evidence in inside)
    assert not any(node.get("@type") == "oa:SpecificResource" for node in graph["@graph"])


def test_json_ld_refuses_what_it_would_take_for_a_prefixed_name(tmp_path: Path) -> None:
    with (
        store_of(tmp_path, [Quad(A, AIG.uses, NamedNode("res:thing"), ONE)]) as reader,
        pytest.raises(FormatError, match="Take another format"),
    ):
        exported(of(reader), "jsonld")


def test_json_ld_holds_things_that_only_point_at_each_other(tmp_path: Path) -> None:
    quads = [Quad(A, AIG.evidence, B, ONE), Quad(B, AIG.evidence, A, ONE), Quad(C, AIG.evidence, C, ONE)]
    with store_of(tmp_path, quads) as reader:
        assert digest(parse(exported(of(reader), "jsonld"), RdfFormat.JSON_LD)) == digest(quads)


# --- texts and profiles -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["nquads", "trig", "jsonld"])
def test_texts_leave_as_far_as_allowed(seeds_store: Path, name: str) -> None:
    syntax = RDF_FORMATS.find(name)
    found = {}
    with open_latest(seeds_store) as reader:
        for policy in TextPolicy:
            quads = list(parse(exported(of(reader, ARTICLE, texts=policy), name), syntax.engine))
            found[policy] = {quad.predicate for quad in quads} & {AIG.canonicalText, OA.exact, AIG.claimText}
    assert found == {
        TextPolicy.NONE: set(),
        TextPolicy.QUOTES: {OA.exact, AIG.claimText},
        TextPolicy.FULL: {AIG.canonicalText, OA.exact, AIG.claimText},
    }


def test_tables_and_nanopublications_keep_to_the_policy_too(seeds_store: Path) -> None:
    with open_latest(seeds_store) as reader:
        none, quotes = (of(reader, texts=policy) for policy in (TextPolicy.NONE, TextPolicy.QUOTES))
        for name in ("csv-claims", "csv-partnerships"):
            assert not any(row["sentence"] for row in rows(exported(none, name)))
            assert all(row["sentence"] for row in rows(exported(quotes, name)))
        assert b"oa:exact" not in exported(none, "nanopubs")
        assert b"oa:exact" in exported(quotes, "nanopubs")


@pytest.mark.parametrize("name", ["turtle", "trig", "nquads", "ntriples"])
def test_rdf_1_2_says_which_triple_a_statement_tells(seeds_store: Path, name: str) -> None:
    syntax = RDF_FORMATS.find(name)
    with open_latest(seeds_store) as reader:
        plain = of(reader, ARTICLE)
        more = Content(reader, graphs=plain.graphs, texts=plain.texts, change=Profile.RDF12.change)
        quads = set(parse(exported(more, name), syntax.engine))
        before = set(parse(exported(plain, name), syntax.engine))
    added = quads - before
    assert before < quads
    statements = {quad.subject for quad in quads if quad.object == AIG.Statement}
    assert {quad.subject for quad in added} == statements
    for quad in added:
        told = quad.object
        assert isinstance(told, Triple)
        assert any(q.subject == quad.subject and q.predicate == AIG.object and q.object == told.object for q in before)


# --- tables and network -------------------------------------------------------------------------------------


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def count(reader: Reader, pattern: str) -> int:
    row = next(iter(reader.select(f"SELECT (COUNT(DISTINCT ?x) AS ?n) {{ {pattern} }}")))
    value = row["n"]
    assert isinstance(value, Literal)
    return int(value.value)


def test_tables_have_a_row_for_each_thing(seeds_store: Path) -> None:
    with open_latest(seeds_store) as reader:
        tables = {
            name: rows(exported(Content(reader), f"csv-{name}")) for name in ("entities", "claims", "partnerships")
        }
        facts = rows(exported(Content(reader), "csv-facts"))
        assert len(tables["claims"]) == count(reader, "?x a aig:Claim MINUS { ?x a aig:Statement }")
        assert len(tables["partnerships"]) == count(reader, "?x a aig:Partnership")
        assert len(tables["entities"]) == count(reader, "GRAPH graph:entities { ?x a ?class }")
    nvidia = next(row for row in tables["entities"] if row["label"] == "Nvidia")
    assert nvidia["type"] == "Company"
    assert ("Nvidia", "develops", "Blackwell") in {(r["subject"], r["predicate"], r["object"]) for r in facts}
    deal = next(row for row in tables["partnerships"] if row["kind"] == "LicensingAgreement")
    assert (deal["licensee"], deal["licensor"], deal["status"]) == ("Nvidia", "Groq", "Announced")
    claim = next(row for row in tables["claims"] if row["metric"] == "order backlog" and row["value"])
    assert float(claim["value"]) > 1e9
    assert claim["unit"] == "CCY_USD"
    assert claim["article"]
    assert claim["sentence"]


def test_the_network_is_read_by_networkx(seeds_store: Path) -> None:
    with open_latest(seeds_store) as reader:
        data = exported(Content(reader), "graphml")
        nvidia, blackwell = reader.iris.thing("Company", "Nvidia"), reader.iris.thing("Architecture", "Blackwell")
    network = networkx.read_graphml(io.BytesIO(data))
    assert network.is_directed()
    assert network.nodes[nvidia.value] == {"label": "Nvidia", "type": "Company"}
    edges = network.get_edge_data(nvidia.value, blackwell.value)
    found = edges.values() if network.is_multigraph() else [edges]
    assert "develops" in {edge["predicate"] for edge in found}
    assert all(label for _, label in network.nodes(data="label"))


# --- nanopublications ---------------------------------------------------------------------------------------


def recomputed(quads: list[Quad], np: str) -> str:
    """The artifact code of a nanopublication, by the text of the specification and from its quads alone."""
    code = np.rpartition("/")[2]

    def lines(quad: Quad) -> list[str]:
        parts = []
        for term in (quad.graph_name, quad.subject, quad.predicate, quad.object):
            if isinstance(term, Literal):
                text = term.value.replace("\\", "\\\\").replace("\n", "\\n")
                parts.append(f"@{term.language} {text}" if term.language else f"^{term.datatype.value} {text}")
            else:
                assert isinstance(term, NamedNode)
                parts.append(term.value.replace(code, " "))
        return parts

    def order(quad: Quad) -> tuple[list[str], int, str, str]:
        value = quad.object
        if isinstance(value, Literal):
            return lines(quad)[:3], 1, value.value, value.language or value.datatype.value
        return lines(quad)[:3], 0, lines(quad)[3], ""

    text = "".join(line + "\n" for quad in sorted(quads, key=order) for line in lines(quad))
    return "RA" + base64.b64encode(hashlib.sha256(text.encode()).digest(), b"-_").decode().rstrip("=")


def test_each_nanopublication_proves_its_content(seeds_store: Path) -> None:
    with open_latest(seeds_store) as reader:
        data = exported(of(reader, ARTICLE, texts=TextPolicy.QUOTES), "nanopubs")
        findings = count(reader, f"GRAPH graph:{ARTICLE} {{ ?x a aig:Finding }}")
    found: dict[str, list[Quad]] = {}
    for quad in parse(data, RdfFormat.TRIG):
        assert isinstance(quad.graph_name, NamedNode)
        found.setdefault(quad.graph_name.value.partition("#")[0], []).append(quad)
    assert len(found) == findings
    for np, quads in found.items():
        assert recomputed(quads, np) == np.rpartition("/")[2]
        graphs = {str(quad.graph_name).rstrip(">").rpartition("#")[2] for quad in quads}
        assert graphs == {"Head", "assertion", "provenance", "pubinfo"}
        assert recomputed(quads[:-1], np) != np.rpartition("/")[2]


def test_only_what_is_asserted_and_affirmed_is_said_as_a_triple(tmp_path: Path) -> None:
    nodes = {name: IRIS.part("statement", "one", name) for name in ("Asserted", "Reported")}
    quads = [
        quad
        for name, node in nodes.items()
        for quad in (
            Quad(node, RDF.type, AIG.Claim, ONE),
            Quad(node, AIG.subject, A, ONE),
            Quad(node, AIG.predicate, AIG.develops, ONE),
            Quad(node, AIG.object, B if name == "Asserted" else C, ONE),
            Quad(node, AIG.modality, AIG[name], ONE),
            Quad(node, AIG.polarity, AIG.Affirmed, ONE),
        )
    ]
    with store_of(tmp_path, quads) as reader:
        back = list(parse(exported(of(reader), "nanopubs"), RdfFormat.TRIG))
    assert {quad.object for quad in back if quad.predicate == AIG.develops} == {B}
    assert {quad.object for quad in back if quad.predicate == AIG.object} == {B, C}


# --- files, data sets, the command --------------------------------------------------------------------------


def test_files_are_packed_by_their_names_and_the_same_each_time(tmp_path: Path) -> None:
    for suffix, unpack in (
        (".gz", gzip.decompress),
        (".zst", lambda data: zstandard.ZstdDecompressor().stream_reader(data).read()),
    ):
        packed = set()
        for name in ("one", "two"):
            with written(tmp_path / f"{name}.nt{suffix}") as stream:
                stream.writelines([b"a line\n"] * 60)
                stream.write(b"a line\n" * 40)
            packed.add((tmp_path / f"{name}.nt{suffix}").read_bytes())
        assert len(packed) == 1
        assert unpack(packed.pop()) == b"a line\n" * 100


def test_a_file_is_whole_or_not_there(tmp_path: Path) -> None:
    def half(path: Path) -> None:
        with written(path) as stream:
            stream.write(b"half")
            raise OSError(28, "No space left on device")

    for path in (tmp_path / "x.nt", tmp_path / "no" / "x.nt"):
        with pytest.raises(FormatError, match="cannot be written"):
            half(path)
    assert not list(tmp_path.iterdir())


def test_a_data_set_can_be_published_as_it_is(seeds_store: Path, tmp_path: Path) -> None:
    runner = CliRunner()
    for name in ("one", "two"):
        command = ["export", "--format", DATASET, "-o", str(tmp_path / name), "--store", str(seeds_store)]
        done = runner.invoke(main, command)
        assert done.exit_code == 0, done.output
    again = runner.invoke(main, command)
    assert again.exit_code == 1
    assert "not an empty folder" in again.output
    folder = tmp_path / "one"
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    for name in files:
        assert (folder / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    sums = dict(line.split("  ")[::-1] for line in (folder / "SHA256SUMS").read_text().splitlines())
    assert sorted([*sums, "SHA256SUMS"]) == files
    for name, expected in sums.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == expected
    crate = json.loads((folder / "ro-crate-metadata.json").read_text())
    nodes = {node["@id"]: node for node in crate["@graph"]}
    for part in nodes["./"]["hasPart"]:
        assert nodes[part["@id"]]["sha256"] == sums[part["@id"]]
    quads = list(parse(gzip.decompress((folder / "data" / "graph.trig.gz").read_bytes()), RdfFormat.TRIG))
    assert not [quad for quad in quads if quad.predicate == AIG.canonicalText]
    described = rdflib.Graph().parse(folder / "void.ttl")
    triples = described.value(predicate=rdflib.RDF.type, object=rdflib.VOID.Dataset)
    assert int(str(described.value(triples, rdflib.VOID.triples))) == len(quads)
    assert "5 articles" in (folder / "README.md").read_text()


def test_the_command_takes_the_format_from_the_name(seeds_store: Path, tmp_path: Path) -> None:
    runner = CliRunner()
    path = tmp_path / "facts.ttl.gz"
    done = runner.invoke(main, ["export", "-o", str(path), "--graph", "facts", "--store", str(seeds_store)])
    assert done.exit_code == 0, done.output
    assert b"res:company\\/nvidia" in gzip.decompress(path.read_bytes())
    for arguments, complaint in (
        ((), "Name a format"),
        (("-o", str(tmp_path / "graph.docx")), "does not tell its format"),
        (("--format", "dataset"), "name it with -o"),
        (("--format", "turtle", "--graph", "nowhere"), "has no graph"),
    ):
        refused = runner.invoke(main, ["export", *arguments, "--store", str(seeds_store)])
        assert refused.exit_code != 0
        assert complaint in refused.output


def test_datasets_are_compared_by_content() -> None:
    assert digest(MADE) == digest(Dataset(MADE[::-1]))
    assert digest(MADE) != digest(MADE[1:])
