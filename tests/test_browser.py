"""The site in a real browser: what people do there, how accessible every kind of page is, at all sizes and themes.

`AIGRAPH_SCREENSHOTS=folder` keeps pictures of every kind of page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from aigraph.endpoint import create_app
from aigraph.queries import load_queries
from aigraph.resources import folder
from aigraph.store import QueryPool
from aigraph.vocab import DEFAULT_BASE
from serving import running

pytest.importorskip("playwright")
pytest.importorskip("axe_playwright_python")

from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from browsing import SEEN, THEMES, WIDTHS, browsing, keeping, picture, violations
from tour import PICTURES, shoot

pytestmark = pytest.mark.needs_program("chromium", "chromium")
PAGES: Mapping[str, str] = {
    "start": "/",
    "thing": "/page/id/company/nvidia",
    "part": "/page/id/company/nvidia?show=about",
    "search": "/search?q=Nvidia",
    "map": "/page/id/company/nvidia?show=map&open=id/company/openai",
    "claims": "/claims?subject=Nvidia&metric=order+backlog",
    "sides": "/claims?view=sides",
    "about": "/about",
    "article": "/page/article/inference-secondary-growth",
    "questions": "/queries",
    "question": "/queries/who-develops?thing=Blackwell",
    "ontology": "/ontology",
    "term": "/ontology/develops",
    "triples": "/describe?iri=https%3A%2F%2Fw3id.org%2Faigraph%2Fid%2Fperson%2Fjensen-huang",
    "problems": "/problems",
    "missing": "/page/id/company/nobody",
    "nothing found": "/search?q=zzyzx",
    "chart": "/queries/timeline-of-metric?metric=order+backlog",
    "rejected": "/page/article/inference-secondary-growth?show=unsure",
    "finding": "/claims?standing=several > confidence",
    "together": "/claims?standing=several > independent sources",
}
"""Every kind of page: its address, or the address of another page and the words of a link there that leads to it."""


@pytest.fixture(scope="module")
def site(seeds_store: Path) -> Iterator[str]:
    with QueryPool(seeds_store, size=2, timeout=120) as pool:
        app = create_app(pool, load_queries(folder("queries")), base=DEFAULT_BASE, texts="full")
        with running(app) as client:
            yield client.url.rstrip("/")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as browser:
        yield browser


def opened(browser: Browser, *, width: int = 1024, theme: str = "light", scripts: bool = True) -> Page:
    scheme = "dark" if theme == "dark" else "light"
    size = {"width": width, "height": 900}
    context = browser.new_context(viewport=size, color_scheme=scheme, java_script_enabled=scripts)  # type: ignore[arg-type]
    context.set_default_timeout(60_000)
    return context.new_page()


@pytest.fixture(scope="module")
def shown(browser: Browser) -> Iterator[Mapping[str, Page]]:
    """A page for each theme, which the pages of the site are shown on one after another."""
    pages = {theme: opened(browser, theme=theme) for theme in THEMES}
    yield pages
    for page in pages.values():
        page.context.close()


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_accessible_at_every_size_in_both_themes(shown: Mapping[str, Page], site: str, name: str) -> None:
    wrong: list[str] = []

    def complain(message: ConsoleMessage) -> None:
        if "status of 4" not in message.text:  # what a browser says of pages that are missing on purpose
            wrong.append(f"console: {message.text}")

    def own(request: Request) -> None:
        if not request.url.startswith((site, "data:")):
            wrong.append(f"asks elsewhere: {request.url}")

    for theme, page in shown.items():
        page.on("console", complain)
        page.on("request", own)
        address, _, link = PAGES[name].partition(" > ")
        page.goto(site + address)
        if link:
            page.get_by_role("link", name=link).first.click()
        # a theme changes colours alone: sizes are looked at in one, unless pictures are wanted
        for width in WIDTHS if theme == "light" or keeping() else ():
            page.set_viewport_size({"width": width, "height": 900})
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if wide > 0:
                wrong.append(f"{theme} {width}: {wide} pixels too wide")
            picture(page, f"{name}-{width}-{theme}")
        page.set_viewport_size({"width": 390, "height": 900})
        wrong += [f"{theme}: {one}" for one in violations(page, rules=() if theme == "light" else SEEN)]
        page.remove_listener("console", complain)
        page.remove_listener("request", own)
    assert not wrong


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_from_the_start_page_to_the_sentence(browser: Browser, site: str, scripts: bool) -> None:
    page = opened(browser, scripts=scripts)
    page.goto(site)
    page.get_by_role("link", name="Who develops what?").first.click()
    page.get_by_role("link", name="Nvidia", exact=True).first.click()
    assert page.url == f"{site}/page/id/company/nvidia"
    fact = page.locator(".facts details", has_text="Blackwell").first
    fact.locator("summary").click()
    fact.locator(".source a").first.click()
    assert re.fullmatch(rf"{re.escape(site)}/page/article/[^#]+#s\d+", page.url)
    marked = page.locator("mark:target")
    assert "Blackwell" in marked.inner_text()
    # the number behind the sentence leads to what was read out of it, and back
    page.locator("mark:target + sup a").click()
    assert "Blackwell" in page.locator("li:target").inner_text()
    page.locator("li:target .number").click()
    assert page.locator("mark:target").count() == 1
    page.context.close()


def test_with_the_keyboard_alone(browser: Browser, site: str) -> None:
    page = opened(browser)
    page.goto(f"{site}/page/id/company/nvidia")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.wait_for_url("**#content")  # a jump within the page takes its time on a busy machine
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "SUMMARY":
            break
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.parentElement.open")
    page.context.close()


def test_from_a_search_to_a_thing_its_claims_and_a_sentence_without_scripts(browser: Browser, site: str) -> None:
    page = opened(browser, scripts=False)
    page.goto(site)
    page.locator("main").get_by_role("searchbox").fill("Nvidia")
    page.locator("main").get_by_role("searchbox").press("Enter")
    page.get_by_role("link", name="Nvidia", exact=True).first.click()
    page.wait_for_url(f"{site}/page/id/company/nvidia")
    page.get_by_role("link", name="Filter, sort and compare them").first.click()
    page.get_by_label("About", exact=True).fill("Nvidia")
    page.get_by_label("Metric").fill("order backlog")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url(f"{site}/claims?subject=Nvidia&metric=order+backlog")
    claim = page.locator(".listed .card").first
    says = claim.locator(".says").inner_text()
    claim.get_by_role("link", name="confidence").click()
    assert page.locator("h1").inner_text() == says
    page.locator(".source a").first.click()
    assert page.locator("mark:target").count() == 1
    page.context.close()


def test_a_search_box_suggests_while_one_types_and_the_keyboard_chooses(browser: Browser, site: str) -> None:
    page = opened(browser)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "suggest?" in request.url else None)
    page.goto(f"{site}/queries")
    box = page.get_by_role("combobox", name="Search")
    box.press_sequentially("jen", delay=10)
    options = page.get_by_role("option")
    options.first.wait_for()
    assert len(asked) == 1, "letters typed in one go are one question"
    assert options.first.inner_text().startswith("Jensen Huang")
    assert not violations(page)
    assert page.get_by_role("status").inner_text().endswith("arrow keys choose.")
    for key, place in (("ArrowDown", 0), ("ArrowDown", 1), ("ArrowUp", 0)):
        page.keyboard.press(key)
        assert box.get_attribute("aria-activedescendant") == options.nth(place).get_attribute("id")
    page.keyboard.press("Escape")
    assert (box.get_attribute("aria-expanded"), box.input_value(), options.count()) == ("false", "jen", 0)
    page.keyboard.press("ArrowDown")
    options.first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/page/id/person/jensen-huang")
    box = page.get_by_role("combobox", name="Search")
    box.press_sequentially("order backl")
    page.get_by_role("group", name="Claims").get_by_role("option").first.click()
    page.wait_for_url(f"{site}/page/id/claim/**")
    page.get_by_role("combobox", name="Search").fill("backlog")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/search?q=backlog")
    page.context.close()


def test_fields_for_names_suggest_what_the_graph_has_and_are_filled(browser: Browser, site: str) -> None:
    page = opened(browser, width=390)
    page.goto(f"{site}/queries/who-develops")
    field = page.get_by_role("combobox", name="company")
    field.press_sequentially("nvidia cor")
    page.get_by_role("option").first.click()
    assert (field.input_value(), page.url) == ("Nvidia", f"{site}/queries/who-develops")
    page.get_by_role("button", name="Ask").click()
    page.wait_for_url(f"{site}/queries/who-develops?thing=&company=Nvidia")
    page.goto(f"{site}/claims")
    page.get_by_label("Said by").focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("option").first.wait_for()
    assert page.get_by_role("option").first.inner_text().startswith("Jensen Huang")
    assert not violations(page)
    # where no suggestions come the form is a form
    page.route("**/claims/values/**", lambda route: route.abort())
    page.get_by_label("Metric").press_sequentially("order backlog")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/claims?metric=order+backlog")
    page.context.close()


def test_the_drawing_of_claims_can_be_read_with_the_keyboard(browser: Browser, site: str) -> None:
    page = opened(browser)
    page.goto(f"{site}/claims?subject=Nvidia&metric=order+backlog")
    dots = page.locator(".chart a.dot")
    assert dots.count() > 1
    dots.first.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.classList.contains('dot')")
    target = page.evaluate("document.activeElement.getAttribute('href')")
    page.keyboard.press("Enter")
    page.wait_for_url(site + target)
    page.context.close()


def test_drawings_on_a_phone_begin_where_most_is_to_be_seen(browser: Browser, site: str) -> None:
    page = opened(browser, width=390)
    page.goto(f"{site}/page/id/company/nvidia?show=map")
    box = page.locator(".map .centre rect").bounding_box()
    assert box
    assert box["x"] > 0
    assert box["x"] + box["width"] < 390
    page.goto(f"{site}/claims?subject=Nvidia&metric=order+backlog")
    last = max(dot["x"] for dot in (one.bounding_box() for one in page.locator(".chart a.dot").all()) if dot)
    assert last < 390
    page.context.close()


def test_the_neighbourhood_opens_step_by_step(browser: Browser, site: str) -> None:
    page = opened(browser, scripts=False)
    page.goto(f"{site}/page/id/company/nvidia")
    before = page.locator(".map .box").count()
    opener = page.locator(".map .open").first
    name = str(opener.get_attribute("aria-label")).removeprefix("Open ")
    page.goto(site + str(opener.get_attribute("href")))
    assert page.locator(".map .box").count() >= before
    assert page.locator(f'.map .open[aria-label="Close {name}"]').count() == 1
    page.context.close()


def test_an_address_shows_the_same_again(browser: Browser, site: str) -> None:
    page = opened(browser)
    page.goto(f"{site}/queries/who-develops")
    page.get_by_label("thing").fill("Blackwell")
    page.get_by_role("button", name="Ask").click()
    first = page.locator("table").inner_text()
    again = opened(browser)
    again.goto(page.url)
    assert again.locator("table").inner_text() == first
    for one in (page, again):
        one.context.close()


def test_programs_and_people_get_what_they_want_of_an_iri(browser: Browser, site: str) -> None:
    page = opened(browser)
    answer = page.goto(f"{site}/id/company/nvidia")
    assert answer
    before = answer.request.redirected_from
    assert before
    sent = before.response()
    assert sent
    assert (sent.status, answer.status, page.url) == (303, 200, f"{site}/page/id/company/nvidia")
    data = page.request.get(f"{site}/id/company/nvidia", headers={"Accept": "application/ld+json"})
    assert (data.status, data.headers["content-type"]) == (200, "application/ld+json")
    page.context.close()


def test_the_pictures_of_the_tour_can_be_made_anew(browser: Browser, site: str, tmp_path: Path) -> None:
    shoot(browser, site, tmp_path)
    made = {path.name for path in tmp_path.iterdir()}
    assert made == {path.name for path in PICTURES.iterdir()}
    told = (PICTURES.parent / "tour.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\]\(tour/([^)]+)\)", told)) == made


def test_printed_pages_leave_out_what_paper_cannot_do(browser: Browser, site: str) -> None:
    page = opened(browser)
    page.goto(f"{site}/page/id/company/nvidia")
    page.emulate_media(media="print")
    assert not page.locator("header.site").is_visible()
    assert page.locator("h1").is_visible()
    page.context.close()
