"""What is released: a wheel and a source archive that work where nothing of this checkout is."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from datetime import date
from pathlib import Path

import pytest
import yaml
from distribution import disagreements, finish
from sbom import licences, pins, sbom

from aigraph import __version__
from aigraph.endpoint.editor import lacking

ROOT = Path(__file__).parents[1]


def run(*command: str | Path, cwd: Path) -> str:
    """What a program prints, in an environment without any setting of ours; it has to succeed."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("AIGRAPH_", "PYTHON", "COVERAGE"))}
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, env=kept, capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The source archive of this checkout, and the wheel that is built out of that archive alone."""
    folder = tmp_path_factory.mktemp("release")
    run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", folder, cwd=ROOT)
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=folder / f"aigraph-{__version__}")
    (wheel,) = folder.glob("*.whl")
    return archive, wheel


def test_the_wheel_holds_the_package_and_its_data_and_nothing_else(built: tuple[Path, Path]) -> None:
    with zipfile.ZipFile(built[1]) as wheel:
        names = wheel.namelist()
    assert {name.partition("/")[0] for name in names} == {"aigraph", f"aigraph-{__version__}.dist-info"}
    for part in ("ontology/core.ttl", "knowledge/companies.yaml", "queries/who-develops.rq"):
        assert f"aigraph/data/{part}" in names
    assert "aigraph/py.typed" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]
    assert not [name for name in names if "node_modules" in name or ".editor-" in name]


@pytest.mark.skipif(lacking() is not None and os.environ.get("CI") != "true", reason=str(lacking() or ""))
def test_both_hold_the_bundle_of_the_query_editor_with_its_licences(built: tuple[Path, Path]) -> None:
    needed = {"editor.js", "editor.js.br", "editor.css", "licences.txt", "inputs.sha256"}
    with zipfile.ZipFile(built[1]) as wheel:
        assert {f"aigraph/endpoint/static/editor/{name}" for name in needed} <= set(wheel.namelist())
        licences = wheel.read("aigraph/endpoint/static/editor/licences.txt").decode()
    assert {"@zazuko/yasgui 4.6.2: MIT", "cytoscape 3.34.4: MIT"} <= set(licences.splitlines())
    with tarfile.open(built[0]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {f"src/aigraph/endpoint/static/editor/{name}" for name in needed} <= names
    # what makes it anew after a change
    assert {"web/package-lock.json", "web/.npmrc", "web/vite.config.js", "web/src/editor.js", "hatch_build.py"} <= names


def test_the_source_archive_holds_what_a_change_needs(built: tuple[Path, Path]) -> None:
    with tarfile.open(built[0]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    needed = {
        "mkdocs.yml",
        "website/pages.py",
        "release/distribution.py",
        "run.py",
        "requirements.lock",
        "requirements-test.lock",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "CITATION.cff",
    }
    assert needed <= names
    assert {f"docs/{page.name}" for page in (ROOT / "docs").glob("*.md")} <= names
    assert "tests/conftest.py" in names


def test_an_installed_wheel_builds_asks_and_exports(built: tuple[Path, Path], tmp_path: Path) -> None:
    environment = tmp_path / "environment"
    venv.create(environment, with_pip=False)
    (packages,) = environment.glob("lib/python*/site-packages")
    with zipfile.ZipFile(built[1]) as wheel:
        wheel.extractall(packages)  # what installing a wheel of pure Python comes to, but for its commands
    # the dependencies are those of this run; the checkout itself is not among them
    own = [path for path in (sysconfig.get_path("purelib"), sysconfig.get_path("platlib")) if path]
    (packages / "dependencies.pth").write_text("\n".join(dict.fromkeys(own)) + "\n", encoding="utf-8")
    python = environment / "bin" / "python"
    where = run(python, "-P", "-c", "import aigraph; print(aigraph.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(environment)

    def aigraph(*arguments: str | Path) -> str:
        return run(python, "-P", "-m", "aigraph", *arguments, cwd=tmp_path)

    assert aigraph("--version").strip().endswith(__version__)
    aigraph("build", sorted((ROOT / "seeds").glob("*.txt"))[0])
    assert "Nvidia" in aigraph("query", "who-develops", "--format", "csv")
    aigraph("export", "-o", "graph.ttl.zst")
    assert (tmp_path / "graph.ttl.zst").stat().st_size > 10_000


def test_the_citation_is_that_of_this_version() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["cff-version"] == "1.2.0"
    assert citation["version"] == __version__
    assert {"title", "message", "type", "authors", "abstract", "license"} <= citation.keys()
    assert "date-released" not in citation or isinstance(citation["date-released"], date)


def test_what_is_released_has_checksums_and_a_list_of_its_parts(built: tuple[Path, Path]) -> None:
    dist = built[0].parent
    made = finish(dist)
    assert set(built) < set(made)
    sums = {line[66:]: line[:64] for line in (dist / "SHA256SUMS").read_text().splitlines()}
    assert set(sums) == {path.name for path in made} - {"SHA256SUMS"} >= {"aigraph.cdx.json"}
    for name, sha in sums.items():
        assert hashlib.sha256((dist / name).read_bytes()).hexdigest() == sha


def test_the_list_of_parts_is_what_the_lock_file_pins() -> None:
    lock, page = (ROOT / "requirements.lock").read_text(), (ROOT / "docs" / "licences.md").read_text()
    text = sbom(lock, page)  # which it holds against the schema
    assert sbom(lock, page) == text
    told = json.loads(text)
    assert told["metadata"]["component"]["version"] == __version__
    parts = {(part["name"], part["version"]): part for part in told["components"]}
    assert len(parts) == len(re.findall("^[a-z].*==", lock, re.MULTILINE)) > 50
    for pin in pins(lock):
        part = parts[pin.name, pin.version]
        assert {each["content"] for each in part["hashes"]} == set(pin.hashes)
        (licence,) = part["licenses"]
        shown = licence.get("expression") or licence["license"].get("id") or licence["license"]["name"]
        assert shown == licences(page)[pin.name]
    with pytest.raises(SystemExit, match=r"licences\.md lacks click"):
        sbom(lock, page.replace("| click |", "| clack |"))


def test_a_release_needs_a_tag_a_citation_and_a_changelog_that_agree(tmp_path: Path) -> None:
    (tmp_path / "src" / "aigraph").mkdir(parents=True)
    (tmp_path / "src" / "aigraph" / "__init__.py").write_text('__version__ = "1.2.3"\n')
    (tmp_path / "CITATION.cff").write_text("version: 1.2.3\n")
    (tmp_path / "CHANGELOG.md").write_text("## [Unreleased]\n\n## [1.2.3] - 2027-01-31\n")
    assert disagreements("v1.2.3", tmp_path) == []
    (told,) = disagreements("v1.2.4", tmp_path)
    assert "name the tag v1.2.3" in told
    (tmp_path / "CITATION.cff").write_text("version: 1.2.2\n")
    (tmp_path / "CHANGELOG.md").write_text("## [Unreleased]\n")
    assert len(disagreements("v1.2.3", tmp_path)) == 2


def test_the_licences_of_all_dependencies_are_listed_and_allow_redistribution() -> None:
    listed = dict(re.findall(r"^\| ([a-z0-9.-]+) \| ([^|]+?) \|", (ROOT / "docs" / "licences.md").read_text(), re.M))
    pinned = set(re.findall(r"^([a-z0-9.-]+)(?:\[[a-z0-9,-]+\])?==", (ROOT / "requirements.lock").read_text(), re.M))
    assert set(listed) == pinned
    refused = [f"{name}: {licence}" for name, licence in listed.items() if not _passes(licence)]
    assert not refused


def _passes(expression: str) -> bool:
    """True where a licence, or one of those to choose from, has no copyleft beyond its own files."""
    return any(
        all(re.fullmatch(_OPEN, part.strip()) for part in re.split(r" AND ", choice))
        for choice in re.split(r" OR ", expression)
    )


_OPEN = (
    r"(MIT|0?BSD(-[23]-Clause)?|Apache-2\.0|ISC|MPL-[12]\.[01]|LGPL-3\.0-or-later|PSF-2\.0|Zlib|CC0-1\.0|ZPL-2\.1"
    r"|CNRI-Python)"
)
