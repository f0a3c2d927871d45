"""The documentation's site: built strictly, whole, and without a word to other hosts."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from aigraph.ontology import load_ontology
from aigraph.terms import read_terms

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as `mkdocs build --strict` makes it: a page that no list of pages has, or a broken link, is an error."""
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr + "(see mkdocs.yml and website/pages.py)"
    return folder


def test_every_page_is_there(site: Path) -> None:
    for page in (ROOT / "docs").rglob("*.md"):
        assert (site / page.relative_to(ROOT / "docs").with_suffix(".html")).is_file(), page
    for added in ("index", "changelog", "contributing", "security", "adr/index", "reference/language-model"):
        assert (site / f"{added}.html").is_file(), added


def test_the_reference_has_what_modules_offer(site: Path) -> None:
    """Names, signatures and docstrings, of packages with a list of names and of single modules."""
    pipeline = (site / "reference" / "python" / "pipeline.html").read_text(encoding="utf-8")
    assert 'id="aigraph.pipeline.build"' in pipeline
    assert "Read the articles at some paths into a store and publish the result." in pipeline
    errors = (site / "reference" / "python" / "errors.html").read_text(encoding="utf-8")
    assert 'id="aigraph.errors.StoreLocked"' in errors
    modules = {path.stem for path in (ROOT / "src" / "aigraph").iterdir() if not path.name.startswith("_")}
    pages = {path.stem for path in (site / "reference" / "python").glob("*.html")} - {"index"}
    assert pages <= modules
    assert {"settings", "records", "store", "queries", "exports"} <= pages


def test_every_term_of_the_ontology_has_a_page(site: Path) -> None:
    listed = (site / "reference" / "ontology.html").read_text(encoding="utf-8")
    for term in read_terms(load_ontology()):
        assert f">{term.curie}</a>" in listed, term.curie
    for target in set(re.findall(r'href="\.\./(ontology/[^"#]+)"', listed)):
        assert (site / target).is_file(), target


def test_links_within_the_site_lead_somewhere(site: Path) -> None:
    for page in site.rglob("*.html"):
        if page.name == "404.html" or page.is_relative_to(site / "ontology"):
            continue
        for target in set(re.findall(r'<a [^>]*href="(?!https?:|mailto:)([^"#?]+)', page.read_text(encoding="utf-8"))):
            there = (page.parent / target).resolve()
            assert there.is_file() or (there / "index.html").is_file(), f"{page.relative_to(site)} links to {target}"


def test_pages_load_nothing_from_other_hosts(site: Path) -> None:
    for page in (site / "index.html", site / "reference" / "python" / "store.html"):
        text = page.read_text(encoding="utf-8")
        loaded = re.findall(r'<(?:script|img|iframe)[^>]+src="([^"]+)"', text)
        loaded += re.findall(r'<link[^>]+rel="(?:stylesheet|preconnect|icon)"[^>]*href="([^"]+)"', text)
        assert loaded
        assert not [address for address in loaded if re.match(r"(?:https?:)?//", address)], page
