"""A server on loopback that speaks chat completions as OpenAI and local servers do; tests say what it answers."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """One answer over HTTP. `cut` breaks the connection after so many bytes, `slow` waits so long before the body."""

    content: str | bytes = ""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    cut: int | None = None
    slow: float = 0.0
    drip: float = 0.0


@dataclass
class Stub:
    """What the server was asked, and where it is. `replies` are used up one by one, then `answer` decides."""

    url: str = ""
    requests: list[Json] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    answer: Callable[[Json], Json | str | Reply] = lambda request: {"claims": []}
    most_at_once: int = 0
    faults: list[str] = field(default_factory=list)
    _at_once: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    stopped: threading.Event = field(default_factory=threading.Event)

    def reply(self, request: Json, headers: dict[str, str]) -> Reply:
        with self._lock:
            self.requests.append(request)
            self.headers.append(headers)
            if self.replies:
                return self.replies.pop(0)
        given = self.answer(request)
        if isinstance(given, Reply):
            return given
        return completion(given if isinstance(given, str) else json.dumps(given), model=request["model"])


def completion(content: str | None, *, model: str = "stub", ended: str = "stop", **message: Any) -> Reply:
    """A chat completion as the protocol has it."""
    body = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1764000000,
        "model": model,
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": content, **message},
                "logprobs": None,
                "finish_reason": ended,
            }
        ],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }
    return Reply(json.dumps(body))


def error(status: int, message: str, *headers: tuple[str, str], **more: Any) -> Reply:
    """An error as the protocol has it."""
    body = {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": None, **more}}
    return Reply(json.dumps(body), status, headers)


def data_of(request: Json) -> Json:
    """The passage of a request: the first user message."""
    content = next(message["content"] for message in request["messages"] if message["role"] == "user")
    found: Json = json.loads(content)
    return found


def ids(request: Json) -> dict[str, str]:
    """The ids of the mentions of a request by their words; of words that stand twice the first."""
    found: dict[str, str] = {}
    for sentence in data_of(request)["sentences"]:
        for mention in sentence["mentions"]:
            found.setdefault(mention["words"], mention["id"])
    return found


@contextmanager
def serving(given: Stub | None = None) -> Iterator[Stub]:
    """The stub, served on a free port of the loopback interface."""
    stub = Stub() if given is None else given

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10

        def do_POST(self) -> None:
            with stub._lock:
                stub._at_once += 1
                stub.most_at_once = max(stub.most_at_once, stub._at_once)
            try:
                self._answer()
            except OSError:
                self.close_connection = True
            finally:
                with stub._lock:
                    stub._at_once -= 1

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path != "/v1/chat/completions":
                self._send(error(404, f"no route {self.path}"))
                return
            request = json.loads(body)
            stub.faults += _faults(request, dict(self.headers))
            self._send(stub.reply(request, {k.lower(): v for k, v in self.headers.items()}))

        def _send(self, reply: Reply) -> None:
            content = reply.content.encode() if isinstance(reply.content, str) else reply.content
            self.send_response(reply.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            for name, value in reply.headers:
                self.send_header(name, value)
            self.end_headers()
            if reply.slow:
                stub.stopped.wait(reply.slow)
            if reply.cut is not None:
                self.wfile.write(content[: reply.cut])
                self.wfile.flush()
                self.close_connection = True
                self.connection.close()
                return
            if reply.drip:
                for at in range(len(content)):
                    if stub.stopped.wait(reply.drip):
                        return
                    self.wfile.write(content[at : at + 1])
                    self.wfile.flush()
                return
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False  # all are waited for when the server closes, so that no socket is left behind
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    stub.url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield stub
    finally:
        stub.stopped.set()
        server.shutdown()
        server.server_close()
        thread.join()
    assert not stub.faults, stub.faults


def _faults(request: Json, headers: dict[str, str]) -> list[str]:
    """What a strict server would find wrong with a request."""
    faults = []
    if not headers.get("Content-Type", "").startswith("application/json"):
        faults.append("the request is not declared to be JSON")
    known = {"model", "messages", "response_format", "temperature", "seed", "stream", "max_tokens"}
    if strange := set(request) - known - {"max_completion_tokens"}:
        faults.append(f"unknown parameters {strange}")
    if request.get("stream") is not False:
        faults.append("streaming is asked for")
    for message in request.get("messages", ()):
        if set(message) != {"role", "content"} or message["role"] not in {"system", "user", "assistant"}:
            faults.append(f"bad message {message}")
    wanted = request["response_format"]
    if wanted["type"] == "json_schema":
        named = wanted["json_schema"]
        if not named["strict"] or named["name"] != "facts":
            faults.append("no strict schema")
        faults += _schema_faults(named["schema"], named["schema"].get("$defs", {}), root=True)
    elif wanted != {"type": "json_object"}:
        faults.append(f"bad response_format {wanted}")
    elif "JSON" not in request["messages"][0]["content"]:
        faults.append("json_object without the word JSON in the messages")
    return faults


def _schema_faults(schema: Json, defs: Json, *, root: bool = False) -> list[str]:
    """What strict structured output refuses in a schema."""
    faults: list[str] = []
    if root and schema.get("type") != "object":
        faults.append("the root is no object")
    if schema.get("type") == "object":
        if schema.get("additionalProperties") is not False:
            faults.append("additionalProperties is not false")
        if sorted(schema["required"]) != sorted(schema["properties"]):
            faults.append("not every property is required")
    if "$ref" in schema and schema["$ref"].removeprefix("#/$defs/") not in defs:
        faults.append(f"dangling {schema['$ref']}")
    if "enum" in schema and not schema["enum"]:
        faults.append("empty enum")
    inner = [*schema.get("properties", {}).values(), *schema.get("anyOf", ())]
    inner += [schema["items"]] if "items" in schema else []
    inner += list(defs.values()) if root else []
    for each in inner:
        faults += _schema_faults(each, defs)
    return faults
