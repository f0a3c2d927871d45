"""Building on a cluster of Dask: a real scheduler and worker processes, one of them killed; the graph is the same."""

from __future__ import annotations

import gzip
import json
import os
import re
import signal
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from distributed import Client, LocalCluster

from aigraph import articles, pipeline
from aigraph.cli import main
from aigraph.cluster import Manifest, Shards, load_shards, read_on_cluster
from aigraph.cluster.sources import sources
from aigraph.errors import ArticleError, ClusterError
from aigraph.pipeline import Limits, Recipe
from aigraph.store import latest_snapshot
from aigraph.vocab import DEFAULT_BASE

RECIPE = Recipe(DEFAULT_BASE)
PAGE = (
    "<html lang=en><head><title>{0} unveils a chip</title></head><body><article><h1>{0} unveils a chip</h1>"
    "<p>{0} unveiled the {1}, a chip for inference, in Dresden on Wednesday. Analysts expect revenue of $2 billion.</p>"
    "<p>The company, which has its seat in Austin, competes with Nvidia, and says that it will ship this year.</p>"
    "</article></body></html>"
)


def warc(path: Path, pages: list[tuple[str, str, str]]) -> None:
    """A packed archive with some answers: address, status, page."""
    with path.open("wb") as stream:
        for address, status, page in pages:
            answer = f"HTTP/1.1 {status} OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page}".encode()
            head = (
                f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {address}\r\nWARC-Date: 2026-03-18T12:00:00Z\r\n"
                "WARC-Record-ID: <urn:uuid:6f2b6b1e-6b1e-4b1e-8b1e-6b1e6b1e6b1e>\r\n"
                f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
            )
            stream.write(gzip.compress(head.encode() + answer + b"\r\n\r\n"))


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Articles of four kinds of files, with two that share an identifier, one in German, and a broken line."""
    folder = tmp_path_factory.mktemp("news")
    for name in ("Acme", "Velora", "Corvane"):
        text = f"{name} shows a chip\n\n{name} unveiled the {name[:3]}-1, a chip. Nvidia invested in {name}.\n"
        (folder / f"{name.lower()}.txt").write_text(text, encoding="utf-8")
    (folder / "german.txt").write_text("---\nlanguage: de\n---\nEin Chip ist da. Er ist schnell.\n", encoding="utf-8")
    lines = [json.dumps({"id": f"line-{n}", "text": f"Nimbra launched the N{n}, a chip, in March."}) for n in range(3)]
    with gzip.open(folder / "many.jsonl.gz", "wt") as stream:
        stream.write("\n".join([*lines, "no json", json.dumps({"id": "acme", "text": "Acme again."})]) + "\n")
    pages = [
        ("https://news.example/orrin", "200", PAGE.format("Orrin", "Zephyr")),
        ("https://news.example/x", "404", "no"),
    ]
    warc(folder / "crawl.warc.gz", pages)
    return folder


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def local(news: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, pipeline.BuildReport]:
    """What a build on this machine makes of the articles."""
    store = tmp_path_factory.mktemp("local") / "store"
    return store, pipeline.build([news], store, base=DEFAULT_BASE)


@pytest.fixture(scope="module")
def read(news: Path, cluster: LocalCluster, tmp_path_factory: pytest.TempPathFactory) -> tuple[Shards, Manifest]:
    """What the cluster makes of them, where a worker is killed as soon as the first file is done."""
    shards = Shards(str(tmp_path_factory.mktemp("shards")))
    killed: list[int] = []

    def kill(done: int, total: int, name: str) -> None:
        del done, total, name
        if not killed:
            with Client(cluster.scheduler_address) as client:
                busy = {worker: len(tasks) for worker, tasks in client.processing().items()}
                (pid,) = client.run(os.getpid, workers=[max(busy, key=lambda worker: busy[worker])]).values()
            os.kill(pid, signal.SIGKILL)
            killed.append(pid)

    manifest = read_on_cluster([str(news)], shards, RECIPE, cluster=cluster.scheduler_address, progress=kill)
    assert killed
    return shards, manifest


def test_a_cluster_that_loses_a_worker_makes_the_same_graph(
    read: tuple[Shards, Manifest], local: tuple[Path, pipeline.BuildReport], tmp_path: Path
) -> None:
    shards, manifest = read
    report = load_shards(manifest, shards, RECIPE, tmp_path / "store")
    store, expected = local
    assert latest_snapshot(tmp_path / "store").id == latest_snapshot(store).id
    assert report.added == expected.added
    assert "https://news.example/orrin" in report.added
    assert [skip.identifier for skip in report.skipped] == ["german"]
    assert len(report.failures) == len(expected.failures) == 2
    told = " ".join(failure.reason for failure in report.failures)
    assert "line 4" in told
    assert "have one identifier, 'acme'" in told
    again = load_shards(manifest, shards, RECIPE, tmp_path / "store")
    assert (again.unchanged, again.changed) == (expected.added, False)


def test_the_manifest_has_hashes_and_counts(read: tuple[Shards, Manifest]) -> None:
    shards, manifest = read
    told = json.loads((Path(shards.address) / "manifest.json").read_text(encoding="utf-8"))
    assert [shard["source"] for shard in told["shards"]] == sorted(shard["source"] for shard in told["shards"])
    assert len(told["shards"]) == 6
    assert told["totals"] == manifest.totals
    assert (told["totals"]["articles"], told["totals"]["skipped"], told["totals"]["failures"]) == (8, 1, 1)
    assert all(re.fullmatch("[0-9a-f]{64}", shard["sha256"]) for shard in told["shards"])


def test_shards_that_are_whole_are_not_made_again(read: tuple[Shards, Manifest], news: Path, tmp_path: Path) -> None:
    """Nothing is asked of a cluster then: at this address there is none."""
    shards, manifest = read
    again = read_on_cluster([str(news)], shards, RECIPE, cluster="tcp://127.0.0.1:9")
    assert again.shards == manifest.shards
    count = shards.merge(again.shards, tmp_path / "all.nq.gz")
    lines = gzip.decompress((tmp_path / "all.nq.gz").read_bytes()).splitlines()
    assert count == len(lines) == len(set(lines)) > 100
    assert b"graph/acme>" not in b"".join(lines)  # of two with one identifier none is taken


def test_a_damaged_shard_is_told(read: tuple[Shards, Manifest], tmp_path: Path) -> None:
    _, manifest = read
    with pytest.raises(ClusterError, match=r"not there.*--shards"):
        list(Shards(str(tmp_path)).outcomes(manifest.shards))
    for shard in manifest.shards:
        (tmp_path / shard["file"]).write_bytes(b"(\xb5/\xfd\x04\x00\x01\x00\x00")
    with pytest.raises(ClusterError, match="build again"):
        list(Shards(str(tmp_path)).outcomes(manifest.shards))


def test_articles_are_read_over_http(news: Path, cluster: LocalCluster, tmp_path: Path) -> None:
    handler = partial(_Quiet, directory=str(news))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}/velora.txt"
        shards = Shards(str(tmp_path / "shards"))
        manifest = read_on_cluster([address], shards, RECIPE, cluster=cluster.scheduler_address)
        missing = f"http://127.0.0.1:{server.server_address[1]}/nothing.txt"
        with pytest.raises(ArticleError, match=r"nothing\.txt: it cannot be reached"):
            sources([missing])
        server.shutdown()
    (outcome,) = shards.outcomes(manifest.shards)
    assert outcome.identifier == "velora"
    assert address.encode() in outcome.quads  # as its source


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        del format, args


def test_an_article_beyond_its_limit_is_a_failure_of_its_own(cluster: LocalCluster, tmp_path: Path) -> None:
    lines = [json.dumps({"id": f"a{n}", "text": "Acme unveiled the A1, a chip. " * 400}) for n in range(1)]
    (tmp_path / "one.jsonl").write_text("\n".join(lines), encoding="utf-8")
    shards = Shards(str(tmp_path / "shards"))
    limits = Limits(seconds=0.001)
    manifest = read_on_cluster(
        [str(tmp_path / "one.jsonl")], shards, RECIPE, cluster=cluster.scheduler_address, limits=limits
    )
    outcomes = list(shards.outcomes(manifest.shards))
    assert [(each.identifier, each.poisonous) for each in outcomes] == [("a0", True)]
    assert all("seconds of processor time" in each.failure.reason for each in outcomes if each.failure)


def test_a_warc_file_gives_its_pages(news: Path, tmp_path: Path) -> None:
    (found,) = articles.find(news / "crawl.warc.gz")
    assert isinstance(found, articles.Found)
    article = articles.article_of(found)
    assert (article.identifier, article.source) == ("https://news.example/orrin",) * 2
    assert article.title == "Orrin unveils a chip"
    assert "unveiled the Zephyr" in article.text
    (tmp_path / "other.warc.gz").write_bytes(b"nothing of that kind")
    (error,) = articles.find(tmp_path / "other.warc.gz")
    assert isinstance(error, ArticleError)
    assert "other.warc.gz" in str(error)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--shards", "x"], "go with --dask"),
        (["https://news.example/a.txt"], "add --dask local"),
        (["--dask", "local", "nowhere/"], "no such file or folder"),
        (["--dask", "local", "gopher2://x/a.txt"], "Protocol not known"),
        (["--dask", "local", "--extractor", "llm", "--llm-model", "m"], "rules alone"),
        (["--dask", "nonsense://127.0.0.1:1"], "No scheduler of Dask answers"),
    ],
)
def test_what_cannot_be_is_told(words: list[str], told: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["build", "--store", str(tmp_path / "store"), *words])
    assert done.exit_code != 0
    assert told in " ".join(done.output.split())
    assert "Traceback" not in done.output


def test_the_command_builds_on_a_cluster(news: Path, cluster: LocalCluster, tmp_path: Path) -> None:
    words = ["build", str(news / "velora.txt"), "--dask", cluster.scheduler_address, "--store", str(tmp_path / "store")]
    only = CliRunner().invoke(main, [*words, "--only-shards", "--merged", str(tmp_path / "all.nq")])
    assert only.exit_code == 0, only.output
    assert "1 files, 1 articles" in only.output
    assert not (tmp_path / "store" / "data").exists()
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    assert "1 added" in done.output
