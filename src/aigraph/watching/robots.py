"""What a host lets us fetch: its robots.txt, read once a day."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urljoin
from urllib.robotparser import RobotFileParser

AGENT = "aigraph"
"""What we call ourselves, in requests and in what robots.txt says of us."""
_DAY = 86_400.0


class Robots:
    """The rules of hosts. `fetch` gives status and content of an address, 0 where the host cannot be reached."""

    def __init__(self, fetch: Callable[[str], tuple[int, bytes]], clock: Callable[[], float]) -> None:
        self._fetch = fetch
        self._clock = clock
        self._known: dict[str, tuple[float, RobotFileParser]] = {}

    def allows(self, url: str) -> bool:
        """Whether we may fetch an address."""
        return self._rules(url).can_fetch(AGENT, url)

    def delay(self, url: str) -> float:
        """The seconds that the host wants between two requests; 0 where it says nothing."""
        wanted = self._rules(url).crawl_delay(AGENT)
        try:
            return float(wanted or 0)
        except ValueError:
            return 0.0

    def _rules(self, url: str) -> RobotFileParser:
        place = urljoin(url, "/robots.txt")
        known = self._known.get(place)
        if known is None or self._clock() - known[0] > _DAY:
            rules = RobotFileParser(place)
            status, content = self._fetch(place)
            # RFC 9309: no such file allows everything, a host in trouble nothing
            if 200 <= status < 300:
                rules.parse(content.decode("utf-8", "replace").splitlines())
            elif 400 <= status < 500 and status != 429:
                rules.parse([])
            else:
                rules.parse(["User-agent: *", "Disallow: /"])
            known = self._known[place] = (self._clock(), rules)
            if not 200 <= status < 500:
                del self._known[place]  # asked again the next time
        return known[1]
