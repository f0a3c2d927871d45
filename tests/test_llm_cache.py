"""Answers on disk: whole or not there, whoever is killed, and damaged ones asked for anew."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aigraph.errors import ExtractorError
from aigraph.llm.cache import Answer, Cache, key_of

KEY = key_of({"model": "m", "messages": ["a"]})


def file_of(folder: Path, key: str = KEY) -> Path:
    return folder / key[:2] / f"{key}.json"


@pytest.mark.parametrize("answer", [Answer('{"claims": []}'), Answer("", "refusal"), Answer("\ud800 é \0\n", "length")])
def test_what_is_kept_comes_back(answer: Answer, tmp_path: Path) -> None:
    cache = Cache(tmp_path / "deep" / "cache")
    assert cache.get(KEY) is None
    cache.put(KEY, answer)
    assert Cache(tmp_path / "deep" / "cache").get(KEY) == answer
    assert [path.name for path in file_of(tmp_path / "deep" / "cache").parent.iterdir()] == [f"{KEY}.json"]


@given(st.dictionaries(st.text(), st.text() | st.integers()), st.dictionaries(st.text(), st.text() | st.integers()))
def test_other_requests_have_other_keys(one: dict[str, object], other: dict[str, object]) -> None:
    assert (key_of(one) == key_of(other)) == (one == other)


def damages(whole: bytes) -> dict[str, bytes]:
    stored = json.loads(whole)
    return {
        "empty": b"",
        "cut": whole[: len(whole) // 2],
        "no JSON": b"\xff\x00" + whole,
        "a list": b"[]",
        "nested": b"[" * 100_000,
        "another answer": json.dumps({**stored, "content": '{"claims": [1]}'}).encode(),
        "another end": json.dumps({**stored, "ended": "length"}).encode(),
        "another key": json.dumps({**stored, "key": "0" * 64}).encode(),
        "another format": json.dumps({**stored, "format": 2}).encode(),
        "no text": json.dumps({**stored, "content": 7}).encode(),
        "huge": b" " * 16_000_001,
    }


@pytest.mark.parametrize("kind", damages(b'{"content": "", "ended": ""}'))
def test_a_damaged_answer_counts_as_none_and_is_replaced(kind: str, tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put(KEY, Answer('{"claims": []}'))
    file = file_of(tmp_path)
    file.write_bytes(damages(file.read_bytes())[kind])
    assert cache.get(KEY) is None
    cache.put(KEY, Answer("{}"))
    assert cache.get(KEY) == Answer("{}")


def test_many_may_write_and_read_at_once(tmp_path: Path) -> None:
    keys = [key_of({"n": n}) for n in range(4)]

    def work(number: int) -> bool:
        cache = Cache(tmp_path)
        key = keys[number % 4]
        cache.put(key, Answer("x" * 20_000))
        return cache.get(key) == Answer("x" * 20_000)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(80)))
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".json"]


WRITER = """
import sys
from pathlib import Path
from aigraph.llm.cache import Answer, Cache, key_of
cache = Cache(Path(sys.argv[1]))
number = 0
while True:
    cache.put(key_of({"n": number % 5}), Answer(str(number) * 50_000))
    number += 1
    if number == 5:
        print("begun", flush=True)
"""


def test_a_killed_writer_leaves_whole_answers(tmp_path: Path) -> None:
    for pause in (0.0, 0.013, 0.037):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True
        ) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "begun\n"
            time.sleep(pause)
            writer.send_signal(signal.SIGKILL)
        for number in range(5):
            answer = Cache(tmp_path).get(key_of({"n": number}))
            assert answer is not None
            assert len(answer.content) % 50_000 == 0


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ExtractorError, match="--llm-cache"):
        Cache(tmp_path / "file").put(KEY, Answer("{}"))
    assert Cache(tmp_path / "file").get(KEY) is None
