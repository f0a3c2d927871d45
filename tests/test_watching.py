"""Feeds and sitemaps followed politely, against a server on this machine."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from aigraph import pipeline
from aigraph.articles import find_sources
from aigraph.cli import main
from aigraph.errors import FeedError
from aigraph.sources import survey
from aigraph.store import latest_snapshot
from aigraph.vocab import DEFAULT_BASE
from aigraph.watching import Fetcher, Round, Watch
from aigraph.watching.feeds import Entry, read_listing
from aigraph.watching.rounds import file_name

PAGE = b"<html><head><title>A page</title></head><body><article><h1>A page</h1><p>%s</p></article></body></html>"
STORY = PAGE % b"Meridian Systems buys chips from Nvidia, and Nvidia develops Blackwell in Santa Clara this year."


@dataclass
class Site:
    """A site of some pages: status, headers, body by path. Notes each request with the headers that matter."""

    url: str = ""
    pages: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    now: float = 1_800_000_000.0
    slept: list[float] = field(default_factory=list)

    def put(self, path: str, body: bytes, status: int = 200, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = (status, {"Content-Type": "text/html", **named}, body)

    def feed(self, *paths: str, stamp: str = "Wed, 01 Apr 2026 08:00:00 GMT", etag: str = "") -> None:
        items = "".join(f"<item><link>{path}</link><pubDate>{stamp}</pubDate></item>" for path in paths)
        body = f"<rss version='2.0'><channel><title>News</title>{items}</channel></rss>"
        self.put("/feed.xml", body.encode(), 200, **({"ETag": etag} if etag else {}))

    def asked_anew(self) -> list[str]:
        asked, self.asked = self.asked, []
        return asked

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    @property
    def host(self) -> str:
        return self.url.removeprefix("http://")

    def watch(self, folder: Path, *sources: str, most: int = 200, hosts: tuple[str, ...] = ()) -> Round:
        """A round of a watch that was just started."""
        wanted = (self.host, *hosts)
        with Fetcher(wanted, delay=2.0, clock=lambda: self.now, sleep=self.sleep) as fetcher:
            return Watch([f"{self.url}{source}" for source in sources], folder, fetcher, most).round()


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, headers, body = made.pages.get(self.path, (404, {}, b""))
            tags = (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified"))
            if any(self.headers.get(sent) and self.headers[sent] == headers.get(own) for sent, own in tags):
                status, body = 304, b""
            made.asked.append(f"{self.path} {status}")
            made.agents.add(self.headers["User-Agent"])
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


def articles(folder: Path) -> dict[str, dict[str, str]]:
    found = (json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*/*.jsonl")))
    return {each["url"]: each for each in found}


def test_new_articles_become_files_that_a_build_reads(site: Site, tmp_path: Path) -> None:
    site.feed("/news/one.html", "news/two.html")
    site.put("/news/one.html", STORY)
    site.put("/news/two.html", "Zürich".encode("latin-1"), Content_Type="text/html; charset=ISO-8859-1")
    done = site.watch(tmp_path, "/feed.xml")
    assert (len(done.written), done.troubles) == (2, [])
    found = articles(tmp_path)
    assert found[f"{site.url}/news/one.html"]["date"] == "2026-04-01"
    assert found[f"{site.url}/news/two.html"]["html"] == "Zürich"
    sources = survey(find_sources([tmp_path]))
    assert len(sources) == 2
    assert not sources.failures
    assert site.agents == {f"aigraph/{__import__('aigraph').__version__}"}


def test_what_has_not_changed_is_not_sent_again(site: Site, tmp_path: Path) -> None:
    site.feed("/a.html", etag='"1"')
    site.put("/a.html", STORY, ETag='"a"', Last_Modified="Wed, 01 Apr 2026 08:00:00 GMT")
    assert len(site.watch(tmp_path, "/feed.xml").written) == 1
    assert site.asked_anew() == ["/robots.txt 404", "/feed.xml 200", "/a.html 200"]
    # the feed is as before: nothing else is asked
    assert not site.watch(tmp_path, "/feed.xml").written
    assert site.asked_anew() == ["/robots.txt 404", "/feed.xml 304"]
    # another feed without news: the article is not asked for
    site.feed("/a.html", etag='"2"')
    assert site.watch(tmp_path, "/feed.xml").unchanged == 1
    assert site.asked_anew()[1:] == ["/feed.xml 200"]
    # the feed says that it has changed, the page says that it has not
    site.feed("/a.html", stamp="Thu, 02 Apr 2026 08:00:00 GMT", etag='"3"')
    assert not site.watch(tmp_path, "/feed.xml").written
    assert site.asked_anew()[1:] == ["/feed.xml 200", "/a.html 304"]
    # and now it has
    site.feed("/a.html", stamp="Fri, 03 Apr 2026 08:00:00 GMT", etag='"4"')
    site.put("/a.html", STORY + b"<!-- more -->", ETag='"b"')
    (path,) = site.watch(tmp_path, "/feed.xml").written
    assert "more" in path.read_text(encoding="utf-8")


def test_robots_are_heeded(site: Site, tmp_path: Path) -> None:
    site.put("/robots.txt", b"User-agent: aigraph\nDisallow: /private/\nCrawl-delay: 7\n")
    site.feed("/private/a.html", "/b.html")
    for path in ("/private/a.html", "/b.html"):
        site.put(path, STORY)
    done = site.watch(tmp_path, "/feed.xml")
    assert list(articles(tmp_path)) == [f"{site.url}/b.html"]
    assert "robots.txt" in "".join(done.troubles)
    assert not any("/private/" in each for each in site.asked)
    # two seconds after robots.txt, then what it wants between requests
    assert [round(each) for each in site.slept] == [2, 7]


@pytest.mark.parametrize(("status", "allowed"), [(404, True), (403, True), (500, False), (429, False)])
def test_robots_that_are_not_there_or_in_trouble(site: Site, tmp_path: Path, status: int, allowed: bool) -> None:
    site.put("/robots.txt", b"", status)
    site.feed("/a.html")
    site.put("/a.html", STORY)
    assert bool(site.watch(tmp_path, "/feed.xml").written) is allowed


def test_only_the_hosts_given_are_asked(site: Site, tmp_path: Path) -> None:
    site.feed("http://127.0.0.1:1/a.html", "http://169.254.169.254/latest/", "/moved.html")
    site.put("/moved.html", b"", 302, Location="http://127.0.0.1:1/b.html")
    done = site.watch(tmp_path, "/feed.xml")
    assert not done.written
    assert sum("on none of the hosts" in each for each in done.troubles) == 3
    assert site.asked_anew() == ["/robots.txt 404", "/feed.xml 200", "/moved.html 302"]
    site.put("/moved.html", b"", 301, Location="/there.html")
    site.put("/there.html", STORY)
    assert len(site.watch(tmp_path, "/feed.xml").written) == 1


def test_a_host_in_trouble_is_left_alone_longer_each_time(site: Site, tmp_path: Path) -> None:
    site.feed("/a.html", etag='"1"')
    site.put("/a.html", b"", 503)
    waits = []
    for _ in range(4):
        begun = site.now
        while not any("/a.html" in each for each in site.asked_anew()):
            site.watch(tmp_path, "/feed.xml")
            site.now += 15
        waits.append(site.now - begun)
    assert waits == sorted(waits)
    assert waits[-1] > 3 * waits[1]
    site.put("/a.html", b"", 429, Retry_After="7200")
    site.now += 3600
    site.watch(tmp_path, "/feed.xml")
    site.put("/a.html", STORY)
    site.now += 7000
    assert "left alone until" in site.watch(tmp_path, "/feed.xml").troubles[0]
    site.now += 300
    assert len(site.watch(tmp_path, "/feed.xml").written) == 1


def test_sitemaps_within_sitemaps(site: Site, tmp_path: Path) -> None:
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    site.put("/sitemap.xml", f"<sitemapindex {space}><sitemap><loc>/one.xml.gz</loc></sitemap></sitemapindex>".encode())
    pages = f"<urlset {space}><url><loc>/a.html</loc><lastmod>2026-04-01</lastmod></url></urlset>"
    site.put("/one.xml.gz", gzip.compress(pages.encode()))
    site.put("/a.html", STORY)
    assert len(site.watch(tmp_path, "/sitemap.xml").written) == 1
    # one that names itself is looked at once a round, also when nothing has changed
    itself = f"<sitemapindex {space}><sitemap><loc>/sitemap.xml</loc></sitemap></sitemapindex>"
    site.put("/sitemap.xml", itself.encode(), ETag='"1"')
    site.asked_anew()
    for _ in range(2):
        site.watch(tmp_path, "/sitemap.xml")
    assert [each for each in site.asked if "sitemap" in each] == ["/sitemap.xml 200", "/sitemap.xml 304"]
    # a day of change is no day of publication
    assert "date" not in articles(tmp_path)[f"{site.url}/a.html"]


def test_a_round_fetches_so_many_and_the_next_one_goes_on(site: Site, tmp_path: Path) -> None:
    paths = [f"/{n}.html" for n in range(5)]
    site.feed(*paths, etag='"1"')
    for path in paths:
        site.put(path, STORY + path.encode())
    first = site.watch(tmp_path, "/feed.xml", most=3)
    assert len(first.written) == 3
    assert first.troubles == ["2 more articles come with the next rounds."]
    assert len(site.watch(tmp_path, "/feed.xml", most=3).written) == 2
    assert len(articles(tmp_path)) == 5


def test_what_is_gone_or_no_page_is_not_asked_for_again(site: Site, tmp_path: Path) -> None:
    site.feed("/gone.html", "/film.mp4")
    site.put("/film.mp4", b"\x00", Content_Type="video/mp4")
    done = site.watch(tmp_path, "/feed.xml")
    assert not done.written
    assert len(done.troubles) == 2
    site.asked_anew()
    site.now += 100_000
    site.watch(tmp_path, "/feed.xml")
    assert site.asked_anew() == ["/robots.txt 404", "/feed.xml 200"]


def test_what_is_no_feed_is_named(site: Site, tmp_path: Path) -> None:
    site.put("/feed.xml", b"<html><body>Welcome</body></html>")
    assert "neither a feed nor a sitemap" in site.watch(tmp_path, "/feed.xml").troubles[0]
    assert "not there (404)" in site.watch(tmp_path, "/nothing.xml").troubles[0]
    (tmp_path / ".watch.json").write_text("[", encoding="utf-8")
    with pytest.raises(FeedError, match="Delete it"):
        site.watch(tmp_path, "/feed.xml")


def test_feeds_of_all_kinds() -> None:
    atom = b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><link rel="edit" href="/no"/><link href="/a#top"/>
      <published>2026-03-01T10:00:00Z</published><updated>2026-03-02T10:00:00Z</updated></entry></feed>"""
    base = "https://example.org/feed"
    assert read_listing(atom, base).entries == (Entry("https://example.org/a", "2026-03-02T10:00:00Z", "2026-03-01"),)
    rdf = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
      xmlns:dc="http://purl.org/dc/elements/1.1/"><item><link>https://example.org/b</link>
      <dc:date>2026-03-01</dc:date></item></rdf:RDF>"""
    assert read_listing(rdf, base).entries == (Entry("https://example.org/b", "2026-03-01", "2026-03-01"),)
    guid = b"<rss><channel><item><guid>https://example.org/c</guid></item><item><link>mailto:x</link></item></channel></rss>"
    assert read_listing(guid, base).entries == (Entry("https://example.org/c"),)


def test_a_feed_cannot_read_files_or_blow_up(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    doctype = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{tmp_path}/secret"><!ENTITY y "{"z" * 99}">]>'
    text = f"{doctype}<rss><channel><item><link>https://example.org/&x;&y;</link></item></channel></rss>"
    assert "secret" not in str(read_listing(text.encode(), "https://example.org/"))
    with pytest.raises(FeedError, match="cannot be unpacked"):
        read_listing(b"\x1f\x8bxxxx", "https://example.org/s.xml.gz")
    with pytest.raises(FeedError, match="no XML"):
        read_listing(b"", "https://example.org/")


def test_names_of_files_tell_addresses_apart() -> None:
    names = {
        file_name(url)
        for url in (
            "http://a.example/x.html",
            "http://a.example/x.html?y",
            "http://a.example/",
            "http://b.example:80/ü/..",
        )
    }
    assert len(names) == 4
    assert all(name.count("/") == 1 and ".." not in name for name in names)


def test_the_command_fetches_and_builds(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[list[Path]] = []

    def build(paths: tuple[Path, ...], store: Path, **_: object) -> pipeline.BuildReport:
        built.append(list(paths))
        return pipeline.BuildReport(added=("x",))

    monkeypatch.setattr(pipeline, "build", build)
    site.feed("/a.html", "/b.html")
    site.put("/a.html", STORY)
    (tmp_path / "news").mkdir()
    common = ("--once", "--delay", "0", "--store", str(tmp_path / "store"), "--articles", str(tmp_path / "fetched"))
    done = CliRunner().invoke(main, ["watch", str(tmp_path / "news"), f"{site.url}/feed.xml", *common])
    assert done.exit_code == 0, done.output
    assert "1 articles fetched, 0 as before." in done.output
    assert "Not fetched: " in done.output
    assert "1 added" in done.output
    assert built == [[tmp_path / "news", tmp_path / "fetched"]]
    (tmp_path / "file").touch()
    full = CliRunner().invoke(main, ["watch", f"{site.url}/feed.xml", *common[:-1], str(tmp_path / "file" / "x")])
    assert full.exit_code == 1
    assert "cannot be used" in full.output
    wrong = CliRunner().invoke(main, ["watch", str(tmp_path / "nothing"), *common])
    assert "no folder, and no address" in wrong.output
    assert wrong.exit_code == 2


def test_a_story_that_was_fetched_is_read_into_the_graph(site: Site, tmp_path: Path) -> None:
    site.feed("/a.html")
    site.put("/a.html", STORY)
    site.watch(tmp_path / "fetched", "/feed.xml")
    report = pipeline.build([tmp_path / "fetched"], tmp_path / "store", base=DEFAULT_BASE)
    assert len(report.added) == 1
    assert latest_snapshot(tmp_path / "store").quads
