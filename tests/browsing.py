"""A real browser for the tests of the site: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
"""The tags of the rules of axe-core that pages have to keep."""
SEEN = ("color-contrast",)
"""The rules whose outcome depends on the theme: the slowest, and the only ones to ask again in another theme."""
WIDTHS = (390, 1024, 1600)
THEMES = ("light", "dark")
_NOWHERE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


def chromium() -> str | None:
    """The browser of this machine, if it has one."""
    return next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)


@contextmanager
def browsing() -> Iterator[Browser]:
    """A browser that reaches this machine alone."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=chromium(),
            # the sandbox of Chromium needs rights that containers lack; only our own pages are shown
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", _NOWHERE],
        )
        try:
            yield browser
        finally:
            browser.close()


def keeping() -> bool:
    """True where pictures are kept."""
    return bool(os.environ.get("AIGRAPH_SCREENSHOTS"))


def picture(page: Page, name: str) -> None:
    """Keeps a picture of the whole page where AIGRAPH_SCREENSHOTS names a folder."""
    if folder := os.environ.get("AIGRAPH_SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def violations(page: Page, *, rules: tuple[str, ...] = (), without: str | None = None) -> list[str]:
    """What axe-core finds wrong on a page by `RULES`, or by the rules named; `without` a selector's content."""
    only = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": list(RULES)}
    context = {"exclude": [without]} if without else None
    options = {"runOnly": only, "resultTypes": ["violations"], "elementRef": False}
    found = Axe().run(page, context, options).response["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"][:3]]
