"""Makes the pictures of docs/tour.md anew, from the seeds: `python tests/tour.py [folder]`, with Chromium installed."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import Browser

from aigraph import pipeline
from aigraph.endpoint import create_app
from aigraph.queries import load_queries
from aigraph.resources import folder
from aigraph.store import QueryPool
from aigraph.vocab import DEFAULT_BASE
from browsing import browsing
from serving import running

PICTURES = Path(__file__).parents[1] / "docs" / "tour"
WIDTH, MARGIN = 960, 16
SHOTS: Mapping[str, tuple[str, str, int]] = {
    "start": ("/", "main", 640),
    "thing": ("/page/id/company/nvidia", "main", 640),
    "map": ("/page/id/company/nvidia?show=map", "section.map .wide", 340),
    "claims": ("/claims?metric=order+backlog", "section.chart", 536),
    "article": ("/page/article/inference-secondary-growth", ".passage:has(mark)", 560),
}
"""For each picture the address, where on the page it begins, and how many pixels high it is."""
TYPED = "infe"
"""What is typed into the box of the start page for the picture of its suggestions."""


def shoot(browser: Browser, site: str, to: Path) -> None:
    """Takes all pictures from a site that shows the seeds with their texts."""
    to.mkdir(parents=True, exist_ok=True)
    page = browser.new_page(viewport={"width": WIDTH, "height": 1000}, color_scheme="light")
    for name, (path, what, height) in SHOTS.items():
        page.goto(site + path)
        box = page.locator(what).first.bounding_box()
        assert box, f"{path} has no {what}"
        left = max(0.0, box["x"] - MARGIN)
        clip = {**box, "x": left, "width": min(WIDTH - left, box["width"] + 2 * MARGIN), "height": height}
        page.screenshot(path=to / f"{name}.png", full_page=True, clip=clip)  # type: ignore[arg-type]
    page.goto(site)
    page.locator("main").get_by_role("combobox").press_sequentially(TYPED)
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.screenshot(path=to / "search.png", clip={"x": 0, "y": 60, "width": WIDTH, "height": 700})
    page.close()


def main(to: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        store = Path(scratch) / "store"
        pipeline.build([folder("seeds")], store, base=DEFAULT_BASE)
        with QueryPool(store, size=1, timeout=60) as pool:
            app = create_app(pool, load_queries(folder("queries")), base=DEFAULT_BASE, texts="full")
            with running(app) as client, browsing() as browser:
                shoot(browser, client.url.rstrip("/"), to)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURES)
