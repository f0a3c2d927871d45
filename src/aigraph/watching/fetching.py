"""Polite requests: conditional, never faster than a host wants, backing off, from the hosts given alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from urllib.parse import urljoin, urlsplit

from aigraph import __version__
from aigraph.errors import ExtraMissing
from aigraph.watching.memory import Seen
from aigraph.watching.robots import AGENT, Robots

LARGEST = 16 << 20
"""Bytes of a page or feed: what an article may have."""
_REDIRECTS = 5
_TIMEOUT = 30.0
_FIRST_WAIT, _LONGEST_WAIT = 60.0, 86_400.0  # seconds that an address is left alone after a failure


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of a request: new `content`, nothing new, or the reason why there is none."""

    content: bytes | None = None
    kind: str = ""
    charset: str = ""
    url: str = ""
    trouble: str = ""
    gone: bool = False


class Fetcher:
    """Fetches from `hosts` alone ("example.org", or with a port), `delay` seconds apart for each host.

    `clock` and `sleep` are those of the system.

    Raises:
        ExtraMissing: httpx is not installed.
    """

    def __init__(
        self,
        hosts: Iterable[str],
        *,
        delay: float = 1.0,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        try:
            import httpx
        except ModuleNotFoundError as error:
            raise ExtraMissing("Following feeds needs the extra `web`: pip install 'aigraph[web]'.") from error
        self._library = httpx
        self.hosts = frozenset(host.lower() for host in hosts)
        self._delay = delay
        self._clock = clock
        self._sleep = sleep
        self._next: dict[str, float] = {}
        self._robots = Robots(self._robots_file, clock)
        self._http = httpx.Client(headers={"User-Agent": f"{AGENT}/{__version__}"}, timeout=_TIMEOUT)

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._http.close()

    def may_go_to(self, url: str) -> bool:
        """Whether an address is on one of the hosts."""
        return urlsplit(url).netloc.rpartition("@")[2].lower() in self.hosts

    def fetch(self, url: str, seen: Seen) -> Fetched:
        """What an address holds, if it has changed since it was seen; `seen` takes note of the outcome."""
        if seen.not_before > self._clock():
            return Fetched(trouble=f"{url} is left alone until {_clock_time(seen.not_before)} after failures.")
        conditions = {"If-None-Match": seen.etag} if seen.etag else {}
        if seen.modified:
            conditions["If-Modified-Since"] = seen.modified
        asked = url
        for _ in range(_REDIRECTS):
            if not self.may_go_to(asked):
                return Fetched(trouble=f"{asked} is on none of the hosts that were given; add it with --host.")
            if not self._robots.allows(asked):
                return Fetched(trouble=f"{asked} may not be fetched, by the robots.txt of its host.")
            status, headers, content = self._get(asked, conditions)
            if status in (301, 302, 303, 307, 308) and "location" in headers:
                asked = urljoin(asked, headers["location"])
                continue
            return self._judged(asked, seen, status, headers, content)
        return self._failed(seen, f"{url} leads on and on.")

    def _judged(self, url: str, seen: Seen, status: int, headers: dict[str, str], content: bytes) -> Fetched:
        if status == 304:
            seen.failures, seen.not_before = 0, 0.0
            return Fetched(url=url)
        if 200 <= status < 300 and len(content) <= LARGEST:
            seen.failures, seen.not_before = 0, 0.0
            seen.etag, seen.modified = headers.get("etag", ""), headers.get("last-modified", "")
            kind, _, parameters = headers.get("content-type", "").partition(";")
            charset = parameters.partition("charset=")[2].partition(";")[0].strip(" \"'")
            return Fetched(content, kind.strip().lower(), charset, url)
        if status in (404, 410):
            failed = self._failed(seen, f"{url} is not there ({status}).")
            return Fetched(trouble=failed.trouble, gone=True)
        if len(content) > LARGEST:
            return self._failed(seen, f"{url} is larger than {LARGEST >> 20} MB.")
        what = f"answered {status}" if status else "cannot be reached"
        return self._failed(seen, f"{url} {what}.", wait=self._wanted_wait(headers))

    def _failed(self, seen: Seen, trouble: str, *, wait: float = 0.0) -> Fetched:
        """Leave an address alone for a while, twice as long after each failure."""
        seen.failures += 1
        usual = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** min(seen.failures - 1, 20))
        seen.not_before = self._clock() + max(wait, usual)
        return Fetched(trouble=trouble)

    def _wanted_wait(self, headers: dict[str, str]) -> float:
        """The seconds that Retry-After asks for, at most a day."""
        text = headers.get("retry-after", "").strip()
        if text.isdigit():
            return min(_LONGEST_WAIT, float(text))
        try:
            until = parsedate_to_datetime(text)
        except (ValueError, TypeError):
            return 0.0
        until = until if until.tzinfo else until.replace(tzinfo=UTC)
        return min(_LONGEST_WAIT, max(0.0, until.timestamp() - self._clock()))

    def _robots_file(self, url: str) -> tuple[int, bytes]:
        for _ in range(_REDIRECTS):
            if not self.may_go_to(url):
                return 404, b""  # it leads elsewhere, which is as good as none
            status, headers, content = self._get(url, {}, robots=True)
            if status not in (301, 302, 303, 307, 308):
                return status, content[: 512 << 10]
            url = urljoin(url, headers.get("location", ""))
        return 404, b""

    def _get(self, url: str, headers: dict[str, str], *, robots: bool = False) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and content of one request; status 0 where no answer comes."""
        host = urlsplit(url).netloc
        wait = self._next.get(host, 0.0) - self._clock()
        if wait > 0:
            self._sleep(wait)
        end = time.monotonic() + 4 * _TIMEOUT
        try:
            with self._http.stream("GET", url, headers=headers) as response:
                content = b""
                for part in response.iter_bytes():
                    content += part
                    if len(content) > LARGEST or time.monotonic() > end:
                        break
                return response.status_code, {k.lower(): v for k, v in response.headers.items()}, content
        except (self._library.HTTPError, self._library.InvalidURL):
            return 0, {}, b""
        finally:
            delay = self._delay if robots else max(self._delay, self._robots.delay(url))
            self._next[host] = self._clock() + delay


def _clock_time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")
