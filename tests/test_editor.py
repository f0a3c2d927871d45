"""The query editor in a real browser: asking, mistakes, addresses, canned queries, and without scripts.

`AIGRAPH_SCREENSHOTS=folder` keeps pictures.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from aigraph.endpoint import create_app
from aigraph.endpoint.editor import lacking
from aigraph.queries import load_queries
from aigraph.resources import folder
from aigraph.store import QueryPool
from aigraph.vocab import DEFAULT_BASE
from serving import Client, running

pytest.importorskip("playwright")
pytest.importorskip("axe_playwright_python")

from playwright.sync_api import Browser, Page, Request

from browsing import THEMES, WIDTHS, browsing, picture, violations

DEVELOPS = "SELECT ?company ?thing { ?company aig:develops ?thing } ORDER BY ?company ?thing"
WRONG = "SELECT * {\n  ?company aig:develops ?thing . } }\nLIMIT 5"


@pytest.fixture(scope="module")
def client(seeds_store: Path) -> Iterator[Client]:
    with QueryPool(seeds_store, size=2, timeout=120) as pool:
        app = create_app(pool, load_queries(folder("queries")), base=DEFAULT_BASE)
        with running(app) as client:
            yield client


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as browser:
        yield browser


def opened(browser: Browser, address: str, *, scripts: bool = True, theme: str = "light", width: int = 1024) -> Page:
    scheme = "dark" if theme == "dark" else "light"
    size = {"width": width, "height": 900}
    context = browser.new_context(viewport=size, color_scheme=scheme, java_script_enabled=scripts)  # type: ignore[arg-type]
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(address)
    if scripts:
        page.wait_for_selector("form.editor[data-ready]")
    return page


def written(page: Page, query: str) -> None:
    """Writes a query in place of what stands in the editor."""
    page.locator(".yasqe .CodeMirror").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(query)


def chosen(page: Page, name: str) -> None:
    """Takes a suggestion by the mouse; the editor gets the keyboard back a moment later, keys until then are lost."""
    page.locator(".CodeMirror-hint", has_text=name).click()
    page.locator(".yasqe .CodeMirror-focused").wait_for()


needs_bundle = pytest.mark.skipif(lacking() is not None and os.environ.get("CI") != "true", reason=str(lacking() or ""))
in_a_browser = pytest.mark.needs_program("chromium", "chromium")


@in_a_browser
@needs_bundle
def test_asking_and_its_address(client: Client, browser: Browser) -> None:
    wrong: list[str] = []

    def own(request: Request) -> None:
        if not request.url.startswith((client.url, "data:", "blob:")):
            wrong.append(f"asks elsewhere: {request.url}")

    page = opened(browser, f"{client.url}sparql")
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", own)
    written(page, DEVELOPS)
    page.get_by_role("button", name="Ask").click()
    page.get_by_role("link", name="res:company/nvidia").first.wait_for()
    assert page.url == f"{client.url}sparql?query={quote(DEVELOPS, safe='*').replace('%20', '+')}"
    # things lead to their pages here, whatever host the base names
    first = page.locator("#results td a").first
    assert (first.get_attribute("href") or "").startswith("/page/id/")
    page.get_by_role("button", name="Graph").click()
    page.locator(".editor-graph canvas").first.wait_for()
    page.get_by_text("The same as a list").click()
    assert "develops" not in page.locator("#results li").first.inner_text()  # rows name columns, not relations
    csv = page.request.get(page.locator("#downloads a", has_text="CSV").get_attribute("href") or "")
    assert csv.text().startswith("company,thing")
    assert csv.headers["content-type"].startswith("text/csv")
    again = opened(browser, page.url)
    again.locator("#results td").first.wait_for()
    assert again.locator(".yasr_response_chip").inner_text().split()[0] == str(csv.text().count("\n") - 1)
    # back to where it began, without the answer's address
    written(page, "ASK { ?x a aig:Company }")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**ASK**")
    page.go_back()
    page.locator(".editor-graph canvas").first.wait_for()
    assert page.locator(".CodeMirror-line").first.inner_text() == DEVELOPS
    assert not wrong
    for one in (page, again):
        one.context.close()


@in_a_browser
@needs_bundle
def test_a_mistake_is_marked_at_its_place(client: Client, browser: Browser) -> None:
    page = opened(browser, f"{client.url}sparql?query={quote(WRONG)}")
    message = page.get_by_role("alert")
    assert "Line 2, column 36" in message.inner_text()
    assert page.locator(".editor-wrong").inner_text() == "}"
    # it goes when the query is changed, and comes back where the changed one is wrong
    written(page, "SELECT ?x {\n\n ?x aig:develops }")
    assert message.count() == 0
    page.get_by_role("button", name="Ask").click()
    message.wait_for()
    assert "Line 3" in message.inner_text()
    assert page.locator("#served").count() == 0
    page.context.close()


@in_a_browser
@needs_bundle
def test_names_are_completed_from_the_graph(client: Client, browser: Browser) -> None:
    page = opened(browser, f"{client.url}sparql")
    written(page, "SELECT * { ?x a ")
    page.keyboard.type("comp")
    chosen(page, "aig:Company")
    page.keyboard.type(" ; compet")
    chosen(page, "aig:competesWith")
    page.keyboard.type(" ?y }")
    page.keyboard.press("Control+Enter")
    page.get_by_role("link", name="res:company/nvidia").first.wait_for()
    assert page.locator(".parseErrorIcon").count() == 0  # prefixes that are known need no declaration
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")  # no trap for those who have the keyboard alone
    assert page.evaluate("document.activeElement.closest('.yasqe') === null")
    page.context.close()


@in_a_browser
@needs_bundle
def test_a_canned_query_is_one_click_away(client: Client, browser: Browser) -> None:
    page = opened(browser, f"{client.url}sparql")
    page.get_by_role("link", name="How does a metric develop over time?").first.click()
    page.get_by_role("button", name="Chart").click()
    page.locator(".editor-chart svg circle").first.wait_for()
    assert "order backlog" in page.locator(".yasqe").inner_text()
    page.context.close()


@in_a_browser
def test_without_scripts(client: Client, browser: Browser) -> None:
    page = opened(browser, f"{client.url}sparql?canned=who-develops&thing=Blackwell", scripts=False)
    page.get_by_role("button", name="Ask").click()
    assert "Nvidia" in page.locator("table").inner_text()
    page.get_by_label("Query in SPARQL").fill(WRONG)
    page.get_by_role("button", name="Ask").click()
    assert "Line 2, column 36" in page.get_by_role("alert").inner_text()
    assert page.locator(".source-line mark").inner_text() == "}"
    assert page.get_by_label("Query in SPARQL").input_value().replace("\r", "") == WRONG
    page.context.close()


@in_a_browser
@pytest.mark.parametrize("theme", THEMES)
def test_the_page_is_accessible_at_every_size(client: Client, browser: Browser, theme: str) -> None:
    page = opened(browser, f"{client.url}sparql?query={quote(DEVELOPS)}", theme=theme)
    page.locator("#results td, #served td").first.wait_for()
    wrong: list[str] = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        wrong += [f"{width}: {wide} pixels too wide"] if wide > 0 else []
        picture(page, f"editor-{width}-{theme}")
    wrong += violations(page)
    assert not wrong
    page.context.close()


@in_a_browser
@pytest.mark.parametrize("theme", THEMES)
def test_from_the_gallery_to_a_drawing_and_on_to_the_editor(client: Client, browser: Browser, theme: str) -> None:
    page = opened(browser, f"{client.url}queries?tag=metrics", scripts=False, theme=theme, width=390)
    page.get_by_role("link", name="How does a metric develop over time?").first.click()
    page.get_by_label("metric").fill("order backlog")
    page.get_by_role("button", name="Ask").click()
    with_drawing = page.url
    page.locator(".drawing svg a").first.click()
    assert "/page/id/claim/" in page.url
    page.goto(with_drawing)
    page.get_by_role("link", name="Change it in the query editor").click()
    assert '"order backlog"' in page.get_by_label("Query in SPARQL").input_value()
    page.context.close()
    wrong = []
    page = browser.new_page(color_scheme="dark" if theme == "dark" else "light")
    for name, address in (("gallery", "queries"), ("dots", with_drawing), ("bars", "queries/entities")):
        page.goto(address if address.startswith("http") else f"{client.url}{address}")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            wrong += [f"{name} {width}: {wide} pixels too wide"] if wide > 0 else []
            picture(page, f"{name}-{width}-{theme}")
        wrong += [f"{name}: {one}" for one in violations(page)]
    assert not wrong
    page.close()
