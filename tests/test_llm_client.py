"""Asking the server: patience with what passes, plain words for what does not, and a key that nobody sees."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from aigraph.errors import ExtractorMissing, NotExtracted, ServerAway, SettingsError
from aigraph.llm import LlmOptions, Secret, read_key
from aigraph.llm.client import ChatClient
from stubllm import Json, Reply, Stub, completion, error, serving

MESSAGES = ({"role": "system", "content": "Answer in JSON."}, {"role": "user", "content": '{"sentences": []}'})
SCHEMA: Json = {"type": "object", "properties": {}, "required": [], "additionalProperties": False, "$defs": {}}
KEY = "sk-very-secret-123"


def options(url: str, **more: Any) -> LlmOptions:
    return LlmOptions(url, "stub-1", Path("unused"), **{"timeout": 5.0, "retries": 2, **more})


def ask(stub: Stub, **more: Any) -> tuple[str, list[float]]:
    """The content that comes, and the pauses that were made."""
    pauses: list[float] = []
    client = ChatClient(options(stub.url, **more), sleep=pauses.append)
    try:
        return client.ask(MESSAGES, SCHEMA).content, pauses
    finally:
        client.close()


def test_a_request_is_what_the_protocol_says() -> None:
    with serving(Stub(answer=lambda _: "{}")) as stub:
        content, pauses = ask(stub, key=Secret(KEY), seed=7, answer_size=99)
    assert (content, pauses) == ("{}", [])
    (request,), (headers,) = stub.requests, stub.headers
    assert headers["authorization"] == f"Bearer {KEY}"
    assert {name: request[name] for name in ("model", "temperature", "seed", "stream", "max_tokens")} == {
        "model": "stub-1",
        "temperature": 0,
        "seed": 7,
        "stream": False,
        "max_tokens": 99,
    }
    assert request["messages"] == list(MESSAGES)
    assert request["response_format"]["json_schema"]["schema"] == SCHEMA


def test_without_a_key_none_is_sent() -> None:
    with serving() as stub:
        ask(stub)
    assert "authorization" not in stub.headers[0]


@pytest.mark.parametrize(
    "trouble",
    [
        error(429, "slow down"),
        error(500, "oops"),
        Reply("<html>bad gateway</html>", 502),
        error(503, "loading model"),
        Reply('{"choices": [{"mess', cut=10),
        Reply("{}", cut=0),
    ],
    ids=["429", "500", "502", "503", "cut in the answer", "cut before it"],
)
def test_what_passes_is_met_with_patience(trouble: Reply) -> None:
    with serving(Stub(replies=[trouble, trouble])) as stub:
        content, pauses = ask(stub)
    assert content == '{"claims": []}'
    assert len(stub.requests) == 3
    assert 0.25 <= pauses[0] <= 0.5 < 1.0 * pauses[1] + 1e-9 <= 1.0


def test_a_server_says_when_to_come_back() -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    replies = [error(429, "later", ("Retry-After", "7")), error(503, "later", ("Retry-After", soon))]
    with serving(Stub(replies=replies)) as stub:
        _, pauses = ask(stub)
    assert pauses[0] == 7.0
    assert 25 < pauses[1] <= 30


@pytest.mark.parametrize("value", ["soon", "-1", "", "1e9", "٣", "Wed, 99 Foo 2026"])
def test_a_pause_that_is_none_is_passed_over(value: str) -> None:
    with serving(Stub(replies=[error(429, "later", ("Retry-After", value.encode().decode("latin-1")))])) as stub:
        _, pauses = ask(stub)
    assert pauses[0] <= 0.5


def test_who_wants_us_to_wait_for_an_hour_is_away() -> None:
    with (
        serving(Stub(replies=[error(429, "quota", ("Retry-After", "3600"))])) as stub,
        pytest.raises(ServerAway, match="quota, and asks to wait for 3600 seconds"),
    ):
        ask(stub)
    assert len(stub.requests) == 1


def test_patience_ends_and_says_what_to_do() -> None:
    with serving(Stub(answer=lambda _: error(500, "out of memory"))) as stub, pytest.raises(ServerAway) as raised:
        ask(stub)
    assert len(stub.requests) == 3
    for part in (stub.url, "stub-1", "500: out of memory (3 tries)", "--llm-offline", "Nothing was published"):
        assert part in str(raised.value)


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (error(401, "Incorrect API key provided"), "401: Incorrect API key"),
        (error(403, "not yours"), "403: not yours"),
        (error(404, "The model does not exist"), "404: The model does not exist"),
        (Reply("gone", 410), "410: gone"),
        (Reply("", 302, (("Location", "http://127.0.0.1:1/v1"),)), "302"),
        (Reply("<html>Welcome</html>"), "no chat completion"),
        (Reply('{"object": "list", "data": []}'), "no chat completion"),
        (Reply('{"choices": []}'), "no chat completion"),
        (Reply('{"choices": [{"message": {"content": 7}}]}'), "no chat completion"),
        (Reply("[" * 100_000), "no chat completion"),
        (Reply(b"\xff\xfe"), "no chat completion"),
        (Reply("x" * 8_100_000), "larger than"),
    ],
)
def test_what_will_not_get_better_is_told_at_once(reply: Reply, words: str) -> None:
    with serving(Stub(answer=lambda _: reply)) as stub, pytest.raises(ServerAway, match=words):
        ask(stub)
    assert len(stub.requests) == 1


def test_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        with pytest.raises(ServerAway, match=r"the connection failed.*\(3 tries\)"):
            ask(Stub(url=url))


@pytest.mark.parametrize("reply", [Reply(completion("{}").content, slow=3), Reply(completion("{}").content, drip=0.05)])
def test_an_answer_that_takes_too_long_is_asked_for_again_and_then_given_up(reply: Reply) -> None:
    with serving(Stub(answer=lambda _: reply)) as stub, pytest.raises(ServerAway, match=r"within 0\.3 seconds"):
        ask(stub, timeout=0.3, retries=1)
    assert len(stub.requests) == 2


def test_a_server_without_schemas_gets_the_schema_in_words_from_then_on() -> None:
    def answer(request: Json) -> Json | Reply:
        if request["response_format"]["type"] == "json_schema":
            return error(400, "response_format json_schema is not supported")
        return {"claims": []}

    with serving(Stub(answer=answer)) as stub:
        client = ChatClient(options(stub.url))
        for _ in range(2):
            assert client.ask(MESSAGES, SCHEMA).content == '{"claims": []}'
        client.close()
    kinds = [request["response_format"]["type"] for request in stub.requests]
    assert kinds == ["json_schema", "json_object", "json_object"]
    assert '"additionalProperties": false' in stub.requests[1]["messages"][0]["content"]


def test_a_server_that_calls_the_limit_otherwise_gets_it_so() -> None:
    def answer(request: Json) -> Json | Reply:
        if "max_tokens" in request:
            return error(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.")
        return {"claims": []}

    with serving(Stub(answer=answer)) as stub:
        assert ask(stub)[0] == '{"claims": []}'
    assert stub.requests[1]["max_completion_tokens"] == 8000
    assert stub.requests[1]["response_format"]["type"] == "json_schema"


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_request_that_is_refused_twice_is_the_articles_own_trouble(status: int) -> None:
    with (
        serving(Stub(answer=lambda _: error(status, "context length exceeded"))) as stub,
        pytest.raises(NotExtracted, match=r"context length exceeded.*lower llm_request_size"),
    ):
        ask(stub)
    assert len(stub.requests) == 2


def test_a_refusal_of_the_model_and_a_cut_answer_are_told_apart() -> None:
    replies = [completion(None, refusal="I cannot"), completion('{"cla', ended="length")]
    with serving(Stub(replies=replies)) as stub:
        client = ChatClient(options(stub.url))
        assert [client.ask(MESSAGES, SCHEMA).ended for _ in range(2)] == ["refusal", "length"]
        client.close()


@pytest.mark.parametrize(
    "reply",
    [
        error(401, f"Incorrect API key provided: {KEY}. \x1b[31mGet another\x1b[0m"),
        error(400, f"bad header Authorization: Bearer {KEY}"),
        error(500, f"could not check {KEY}"),
        Reply(f'{{"choices": "{KEY}"}}'),
    ],
)
def test_the_key_shows_nowhere(
    reply: Reply, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(Stub(answer=lambda _: reply)) as stub, pytest.raises((ServerAway, NotExtracted)) as raised:
        ask(stub, key=Secret(KEY))
    told = [str(raised.value), repr(raised.value), caplog.text, *capfd.readouterr()]
    told += [repr(options(stub.url, key=Secret(KEY))), repr(raised.value.__context__), str(raised.value.__context__)]
    assert not any(KEY in text for text in told)
    assert "\x1b" not in str(raised.value)


def test_the_key_goes_to_no_other_server() -> None:
    with serving() as other, serving() as stub:
        stub.replies = [Reply("", 307, (("Location", f"{other.url}/chat/completions"),))]
        with pytest.raises(ServerAway, match="307"):
            ask(stub, key=Secret(KEY))
    assert not other.requests


def test_whoever_waits_gives_up_when_the_client_is_closed() -> None:
    with serving(Stub(answer=lambda _: error(503, "loading", ("Retry-After", "50")))) as stub:
        client = ChatClient(options(stub.url))
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(client.ask, MESSAGES, SCHEMA)
            while not stub.requests:
                threading.Event().wait(0.01)
            client.close()
            assert isinstance(waiting.exception(timeout=10), ServerAway)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: options("ftp://127.0.0.1/v1"), "OpenAI-compatible"),
        (lambda: options("127.0.0.1:8080"), "OpenAI-compatible"),
        (lambda: options("http://127.0.0.1:99999/v1"), "OpenAI-compatible"),
        (lambda: options("http://user:word@127.0.0.1/v1"), "Leave them out"),
        (lambda: options("http://127.0.0.1/v1?key=1"), "Leave them out"),
        (lambda: LlmOptions("http://127.0.0.1/v1", "", Path()), "--llm-model"),
        (lambda: LlmOptions("http://127.0.0.1/v1", "a\nb", Path()), "no name of a model"),
        (lambda: options("http://127.0.0.1/v1", timeout=0.0), "llm_timeout"),
        (lambda: options("http://127.0.0.1/v1", retries=-1), "llm_retries"),
        (lambda: options("http://127.0.0.1/v1", key=Secret("sk-é")), "no key has"),
        (lambda: read_key(None, "/no/such/file"), "cannot be read"),
    ],
)
def test_wrong_settings_are_named(make: Callable[[], object], words: str) -> None:
    with pytest.raises(SettingsError, match=words) as raised:
        make()
    assert "sk-" not in str(raised.value)
    assert "word@" not in str(raised.value)


def test_a_key_comes_from_the_environment_else_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(f"{KEY}\n", encoding="utf-8")
    assert read_key(None, str(file)).reveal() == KEY
    assert read_key("other", str(file)).reveal() == "other"
    assert not read_key(None, "")
    file.write_text("\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="is empty"):
        read_key(None, str(file))
    file.write_bytes(b"\xff\xff")
    with pytest.raises(SettingsError, match="no text"):
        read_key(None, str(file))


def test_without_httpx_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "httpx", None)
    with pytest.raises(ExtractorMissing, match=r"pip install 'aigraph\[llm\]'"):
        ChatClient(options("http://127.0.0.1:1/v1"))
