"""Sends what would bring a server down to a plain endpoint, while a plain ASK goes on being asked beside.

    aigraph serve --plain &
    python benchmarks/hostile.py http://127.0.0.1:7474/ [--deadline 10] [--random 2000]

Each case has to be answered within the deadline of the service and a second, with no status of 500, and none may reach
the port that this script listens on. Printed are the cases with their statuses and times, and whatever is wrong.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import random
import socket
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode, urlsplit

QUERY, UPDATE, FORM = "application/sparql-query", "application/sparql-update", "application/x-www-form-urlencoded"
TURTLE, XML, JSON_LD, TRIG = "text/turtle", "application/rdf+xml", "application/ld+json", "application/trig"
DEEP = 10_000
SCRIPT = "<script>alert(1)</script>"


@dataclass(frozen=True)
class Case:
    """One request."""

    name: str
    method: str = "POST"
    path: str = "/sparql"
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


def query(name: str, text: str) -> Case:
    """A query as the body of a request."""
    return Case(f"query: {name}", body=text.encode("utf-8", "surrogatepass"), headers={"Content-Type": QUERY})


def update(name: str, text: str) -> Case:
    """An update as the body of a request."""
    return Case(f"update: {name}", body=text.encode(), headers={"Content-Type": UPDATE})


def upload(name: str, body: bytes, kind: str, **more: str) -> Case:
    """A document for a graph."""
    headers = {"Content-Type": kind, **{key.replace("_", "-"): value for key, value in more.items()}}
    return Case(f"upload: {name}", "PUT", "/store?graph=x:hostile", body, headers)


def product(factors: int) -> str:
    """Rows without end."""
    return " ".join(f"VALUES ?v{i} {{ {' '.join(map(str, range(200)))} }}" for i in range(factors))


def endless() -> Iterator[Case]:
    """Queries that take for ever, or all memory."""
    replaced = " ".join(f"BIND(REPLACE(?{chr(97 + i)},'x','{'x' * 100}') AS ?{chr(98 + i)})" for i in range(5))
    texts = {
        "count of a product": f"SELECT (COUNT(*) AS ?n) {{ {product(6)} }}",
        "sorted product": f"SELECT * {{ {product(5)} }} ORDER BY ?v0",
        "distinct product": f"SELECT (COUNT(DISTINCT ?v3) AS ?n) {{ {product(5)} }}",
        "cross join": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
        "star of 160 patterns": f"SELECT * {{ {' '.join(f'?s <x:p{i}> ?o{i} .' for i in range(160))} }}",
        "growing text": f"SELECT (STRLEN(?f) AS ?l) {{ BIND('{'x' * 100}' AS ?a) {replaced} }}",
        "path": "SELECT * { ?a (<x:p>|!<x:p>)* ?b . ?b (<x:p>|!<x:p>)* ?c . ?c (<x:p>|!<x:p>)* ?d }",
        "regular expression": f"SELECT * {{ BIND('{'a' * 5000}!' AS ?a) FILTER REGEX(?a, '(a|a)*(a|aa)*(a|aaa)*$') }}",
        "large repetition": "ASK { FILTER REGEX('a', '((a{1,1000}){1,1000}){1,1000}') }",
        "concatenated groups": f"SELECT (GROUP_CONCAT(?v0; separator='{'x' * 1000}') AS ?x) {{ {product(4)} }}",
    }
    yield from (query(name, text) for name, text in texts.items())
    yield update("product", f"INSERT {{ ?x <x:p> ?v0 }} WHERE {{ {product(5)} BIND(UUID() AS ?x) }}")
    yield update("deleted product", f"DELETE {{ ?s ?p ?v0 }} WHERE {{ ?s ?p ?o {product(6)} }}")


def nested() -> Iterator[Case]:
    """Every kind of nesting."""
    kinds = {
        "brackets": ("SELECT (", "(", "1", ")", " AS ?x) {}"),
        "groups": ("ASK ", "{", "", "}", ""),
        "blank nodes": ("ASK { ", "[ <x:p> ", "1", "]", " }"),
        "lists": ("ASK { ?s ?p ", "(", "1", ")", " }"),
        "negations": ("ASK { FILTER(", "!", "true", "", ") }"),
        "signs": ("ASK { FILTER(", "-", "1", "", ") }"),
        "optionals": ("ASK { ", "OPTIONAL { ", "?s ?p ?o", " }", " }"),
        "graphs": ("ASK { ", "GRAPH ?g { ", "?s ?p ?o", " }", " }"),
        "minus": ("ASK { ", "MINUS { ", "?s ?p ?o", " }", " }"),
        "unions": ("ASK { ", "{} UNION { ", "?s ?p ?o", " }", " }"),
        "not exists": ("ASK { ", "FILTER NOT EXISTS { ", "?s ?p ?o", " }", " }"),
        "selects": ("SELECT * { ", "{ SELECT * { ", "?s ?p ?o", " } }", " }"),
        "functions": ("ASK { FILTER(", "STR(", "1", ")", ") }"),
        "ifs": ("ASK { FILTER(", "IF(true, ", "1", ", 1)", ") }"),
        "in": ("ASK { FILTER(1", " IN (1", "", ")", ") }"),
        "path brackets": ("ASK { ?s ", "(", "<x:p>", ")", " ?o }"),
        "inverse paths": ("ASK { ?s ", "^(", "<x:p>", ")", " ?o }"),
        "repeated paths": ("ASK { ?s ", "(", "<x:p>", ")*", " ?o }"),
        "negated paths": ("ASK { ?s ", "!(", "<x:p>", ")", " ?o }"),
        "quoted triples": ("ASK { ", "<< ", "?s ?p ?o", " ?p ?o >>", " ?p ?o }"),
        "triple terms": ("ASK { ?s ?p ", "<<( ?s ?p ", "?o", " )>>", " }"),
        "annotations": ("ASK { ?s ?p ?o ", "{| ?p ?o ", "", " |}", " }"),
        "sums": ("SELECT (1", "+1", "", "", " AS ?x) {}"),
        "conjunctions": ("ASK { FILTER(true", "&&true", "", "", ") }"),
        "sequences": ("ASK { ?s <x:p>", "/<x:p>", "", "", " ?o }"),
        "alternatives": ("ASK { ?s <x:p>", "|<x:p>", "", "", " ?o }"),
        "joined groups": ("ASK { ", "{} ", "", "", " }"),
        "joined unions": ("ASK { {}", " UNION {}", "", "", " }"),
        "datatypes": ("ASK { ?s ?p '1'", "^^<x:p>", "", "", " }"),
        "escapes": ("ASK { ", "\\u007B", "", "\\u007D", " }"),
        "comments": ("ASK { ", "#\n{", "", "}", " }"),
    }
    for name, (begin, opening, middle, closing, end) in kinds.items():
        for depth in (DEEP, 90):
            text = begin + opening * depth + middle + closing * depth + end
            yield query(f"{depth:,} {name}", text)
        yield query(f"{DEEP:,} {name}, unclosed", begin + opening * DEEP)
    yield update(f"{DEEP:,} groups", "DELETE WHERE " + "{" * DEEP + "}" * DEEP)
    yield update(f"{DEEP:,} blank nodes", "INSERT DATA { <x:s> <x:p> " + "[ <x:p> " * DEEP + "1" + "]" * DEEP + " }")
    yield update(f"{DEEP:,} operations", "CLEAR DEFAULT ;" * DEEP)
    for name, body, kind in (
        ("Turtle blank nodes", "<x:s> <x:p> " + "[ <x:p> " * DEEP + "1" + "]" * DEEP + " .", TURTLE),
        ("Turtle lists", "<x:s> <x:p> " + "(" * DEEP + ")" * DEEP + " .", TURTLE),
        ("TriG triples", "<x:s> <x:p> " + "<<( <x:s> <x:p> " * DEEP + "1" + " )>>" * DEEP + " .", TRIG),
        ("RDF/XML elements", "<a xmlns='x:'>" * DEEP + "</a>" * DEEP, XML),
        ("JSON-LD lists", "[" * DEEP + "]" * DEEP, JSON_LD),
        ("JSON-LD objects", '{"x:p":' * DEEP + "1" + "}" * DEEP, JSON_LD),
    ):
        yield upload(f"{DEEP:,} {name}", body.encode(), kind)


def large() -> Iterator[Case]:
    """Long texts, long bodies, bombs."""
    megabyte = 1 << 20
    text = b"SELECT * { ?s ?p '" + b"x" * (20 * megabyte) + b"' }"
    yield Case("20 MB query", body=text, headers={"Content-Type": QUERY})
    yield Case("20 MB update", body=b"INSERT DATA { <x:s> <x:p> '" + b"x" * (20 * megabyte) + b"' }",
               headers={"Content-Type": UPDATE})  # fmt: skip
    yield Case("20 MB form", body=b"query=" + b"x" * (20 * megabyte), headers={"Content-Type": FORM})
    yield Case("form of 300,000 fields", body=b"a=1&" * 300_000, headers={"Content-Type": FORM})
    yield query("90,000 blanks", "SELECT" + " " * 90_000 + "* {}")
    yield query("90,000 openings of a string", "SELECT * { ?s ?p " + "'" * 90_000)
    yield query("halves of characters", "ASK { ?s ?p '\ud800' }")
    yield Case("100 MB query", body=b"x" * (100 * megabyte), headers={"Content-Type": QUERY})
    yield Case("100 MB without type", body=b"x" * (100 * megabyte))
    yield upload("100 MB of Turtle", b"<x:s> <x:p> 1 .\n" * (100 * megabyte // 16), TURTLE)
    yield upload("30 MB of one literal", b"<x:s> <x:p> '" + b"x" * (30 * megabyte) + b"' .", TURTLE)
    bomb = gzip.compress(b"\0" * (200 * megabyte))
    yield upload("gzip bomb", bomb, TURTLE, Content_Encoding="gzip")
    yield Case("gzip bomb as a query", body=bomb, headers={"Content-Type": QUERY, "Content-Encoding": "gzip"})
    names = "".join(f"<!ENTITY e{i} '{f'&e{i - 1};' * 10}'>" for i in range(1, 12))
    laughs = f"<!DOCTYPE x [<!ENTITY e0 'ha'>{names}]>"
    head = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:x='x:'>"
    tail = "<rdf:Description rdf:about='x:s'><x:p>{}</x:p></rdf:Description></rdf:RDF>"
    yield upload("entity bomb", (laughs + head + tail.format("&e11;")).encode(), XML)
    yield upload("entity bomb that is not used", (laughs + head + tail.format("1")).encode(), XML)
    quadratic = f"<!DOCTYPE x [<!ENTITY e '{'x' * 100_000}'>]>"
    yield upload("quadratic entities", (quadratic + head + tail.format("&e;" * 10_000)).encode(), XML)
    yield Case("long address", "GET", "/sparql?query=" + "x" * 300_000)
    yield Case("200 kB of headers", "GET", "/sparql", headers={"X-Long": "x" * 200_000})
    yield Case("20,000 formats", "GET", "/sparql?query=ASK%7B%7D", headers={"Accept": "a/b;q=0.1," * 20_000})
    yield Case("50,000 ranges of tags", "GET", "/sparql?query=ASK%7B%7D", headers={"If-None-Match": '"a",' * 50_000})


def other_servers(port: int) -> Iterator[Case]:
    """What would call another server: this script listens on that port."""
    hosts = ("127.0.0.1", "localhost", "[::1]", "0x7f000001", "2130706433", "127.1", "0177.0.0.1",
             "0.0.0.0",  # noqa: S104
             "[::ffff:127.0.0.1]", "[::]", "user@127.0.0.1", "LOCALHOST.", "①②⑦.0.0.1")  # fmt: skip
    for host in hosts:
        iri = f"http://{host}:{port}/"
        for text in (
            f"SELECT * {{ SERVICE <{iri}> {{ ?s ?p ?o }} }}",
            f"SELECT * {{ SERVICE SILENT <{iri}> {{ ?s ?p ?o }} }}",
            f"SELECT * {{ \\u0053ERVICE <{iri}> {{ ?s ?p ?o }} }}",
            f"SELECT * {{ BIND(<{iri}> AS ?x) SERVICE ?x {{ ?s ?p ?o }} }}",
            f"PREFIX s: <{iri}> SELECT * {{ {{true}} SERVICE s: {{ ?s ?p ?o }} }}",
            f"PREFIX s: <{iri}> SELECT * {{ FILTER(1 < 2)SERVICE s:{{ ?s ?p ?o }} }}",
            f"SELECT * FROM <{iri}> FROM NAMED <{iri}> {{ ?s ?p ?o }}",  # noqa: S608
            f"DESCRIBE <{iri}>",
        ):
            yield query(f"SSRF by {host}", text)
        for text in (
            f"LOAD <{iri}>",
            f"LOAD SILENT <{iri}> INTO GRAPH <x:g>",
            f"CLEAR ALL; \\u004COAD <{iri}>",
            f"INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE <{iri}> {{ ?s ?p ?o }} }}",
            f"INSERT {{ ?s ?p ?o }} USING <{iri}> WHERE {{ ?s ?p ?o }}",
        ):
            yield update(f"SSRF by {host}", text)
        named = urlencode({"query": "ASK {}", "default-graph-uri": iri, "named-graph-uri": iri})
        yield Case(f"SSRF by {host}, as a graph", "GET", f"/sparql?{named}")
        yield upload(f"SSRF by {host}, as a context", f'{{"@context": "{iri}", "a": 1}}'.encode(), JSON_LD)
        outside = f"<!DOCTYPE x SYSTEM '{iri}' [<!ENTITY % e SYSTEM '{iri}'> %e;]><x xmlns='x:'/>"
        yield upload(f"SSRF by {host}, as a DTD", outside.encode(), XML)
        yield Case(f"SSRF by {host}, as a source", "PUT", f"/store?graph={quote(iri)}", b"", {"Content-Type": TURTLE})
    for path in ("/etc/passwd", "file:///etc/passwd"):
        yield update("a file", f"LOAD <{'' if path.startswith('file') else 'file://'}{path}>")


def addresses() -> Iterator[Case]:
    """Paths that lead elsewhere, and scripts that may not come back as such."""
    for path in (
        "/../../etc/passwd", "/static/../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc/passwd",
        "/static/..%5c..%5cetc/passwd", "//etc/passwd", "/store/../../etc/passwd", "/queries/..%2f..%2fpyproject",
        "/%00", "/static/%00", "/sparql%00", "/ontology/../../etc/passwd",
    ):  # fmt: skip
        yield Case(f"path {path}", "GET", path)
    page = {"Accept": "text/html"}
    for path in ("/sparql?query=", "/sparql?format=", "/queries/", "/", "/describe?iri=", "/store?graph=", "/problems/",
                 "/sparql?default-graph-uri=", "/ontology/", "/explain?iri=", "/sparql?snapshot="):  # fmt: skip
        yield Case(f"script in {path}", "GET", path + quote(SCRIPT), headers=page)
    yield Case("script in a header", "GET", "/sparql?query=ASK", headers={**page, "Host": SCRIPT})


@dataclass
class Told:
    """What came back: nothing has status 0."""

    status: int
    seconds: float
    body: bytes = b""
    why: str = ""


def send(host: str, case: Case, patience: float) -> Told:
    """Sends a request and reads the answer, also where the server answers before it has read all."""
    start = time.monotonic()
    connection = http.client.HTTPConnection(host, timeout=patience)
    status, body, why = 0, b"", ""
    try:
        connection.putrequest(case.method, case.path, skip_host="Host" in case.headers)
        for name, value in {**case.headers, "Content-Length": str(len(case.body)), "Connection": "close"}.items():
            connection.putheader(name, value)
        try:
            connection.endheaders(case.body)
        except (BrokenPipeError, ConnectionResetError) as error:
            why = type(error).__name__
        response = connection.getresponse()
        status = response.status
        body = response.read()
    except (OSError, http.client.HTTPException, UnicodeError, ValueError) as error:
        why = f"{type(error).__name__}: {error}"[:100]
    finally:
        connection.close()
    return Told(status, time.monotonic() - start, body, why)


class Beside(threading.Thread):
    """Asks a plain ASK again and again."""

    def __init__(self, host: str) -> None:
        super().__init__(daemon=True)
        self._host = host
        self.waits: list[float] = []
        self.failed = 0
        self.over = False

    def run(self) -> None:
        """Asks until it is over."""
        while not self.over:
            case = query("ASK", f"ASK {{}} # {time.monotonic()}")
            told = send(self._host, case, 30)
            self.failed += told.status != 200
            self.waits.append(told.seconds)
            time.sleep(0.1)


def slow_clients(host: str, seconds: float) -> str:
    """Clients that send a byte a second, that never finish, and that do not read: for some time, all at once."""
    name, _, port = host.partition(":")
    text = quote("SELECT * { ?s ?p ?o . ?a ?b ?c } LIMIT 100000")
    opened = []
    for number in range(150):
        one = socket.create_connection((name, int(port)))
        if number % 3 == 0:
            one.sendall(f"GET /sparql?query={text} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        elif number % 3 == 1:
            one.sendall(b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n")
        opened.append(one)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for one in opened[2::3]:
            with suppress(OSError):
                one.send(b"G")
        time.sleep(1)
    for one in opened:
        one.close()
    return f"{len(opened)} slow clients for {seconds:g} s"


def random_cases(count: int) -> Iterator[Case]:
    """Requests that mean nothing."""
    chance = random.Random(8)  # noqa: S311
    words = ["SELECT", "ASK", "*", "{", "}", "(", ")", "?s", "<x:>", "'a'", "\\", "\0", "é", "\ud800", "WHERE", "#",
             "[", "INSERT DATA", "DELETE", "GRAPH", ";", ".", "<<", "|}", "^^", "@en", "1e9", "_:b", "FILTER",
             "%"]  # fmt: skip
    keys = ["query", "update", "format", "output", "default-graph-uri", "snapshot", "iri", "graph", "default", "x"]
    paths = ["/sparql", "/", "/describe", "/queries", "/ontology", "/store", "/.well-known/void", "/problems", "/%ff",
             "/store/x", "/explain", "/openapi.json", "/page/x", "/data/x.ttl", "/queries/x/values/y"]  # fmt: skip
    methods = ["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW"]
    kinds = [QUERY, UPDATE, FORM, "multipart/form-data; boundary=x", "", TURTLE, XML, JSON_LD, TRIG, "a;b=c;;"]
    for number in range(count):
        text = " ".join(chance.choices(words, k=chance.randint(0, 12)))
        pairs = [(chance.choice(keys), text) for _ in range(chance.randint(0, 3))]
        tail = urlencode(pairs, errors="surrogatepass")
        accept = chance.choice(["*/*", "text/html", "text/csv;q=2", ",;,", "\xff", "image/png", "application/json"])
        noise = bytes(chance.randrange(256) for _ in range(chance.randint(0, 60)))
        body = chance.choice([b"", tail.encode(), text.encode("utf-8", "surrogatepass"), noise])
        path = f"{chance.choice(paths)}?{chance.choice([tail, '', '%', '&=&', '%ff'])}"
        headers = {"Accept": accept, "Content-Type": chance.choice(kinds)}
        yield Case(f"random {number}", chance.choice(methods), path, body, headers)


def judged(case: Case, told: Told, deadline: float) -> str:
    """What is wrong with an answer; "" where nothing is."""
    if told.status in (500, 502):
        return f"status {told.status}"
    if told.status == 0 and not (told.why.startswith("IncompleteRead") or case.name.startswith("random")):
        return f"no answer: {told.why}"
    if told.seconds > deadline + 1:
        return f"{told.seconds:.1f} s"
    if SCRIPT.encode() in told.body or b"root:" in told.body:
        return "what was sent comes back, or a file"
    return ""


def main() -> None:
    """Sends all cases, one after the other."""
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("--deadline", type=float, default=10.0)
    parser.add_argument("--random", type=int, default=2000)
    options = parser.parse_args()
    host = urlsplit(options.url).netloc
    other = socket.create_server(("0.0.0.0", 0))  # noqa: S104 - so that every spelling of this machine reaches it
    other.setblocking(False)
    beside = Beside(host)
    beside.start()
    wrong: list[str] = []
    groups: list[tuple[str, Callable[[], Iterator[Case]]]] = [
        ("queries without end", endless),
        ("nesting", nested),
        ("length", large),
        ("other servers", lambda: other_servers(other.getsockname()[1])),
        ("addresses", addresses),
        ("random", lambda: random_cases(options.random)),
    ]
    for name, cases in groups:
        statuses: Counter[int] = Counter()
        slowest = 0.0
        for case in cases():
            told = send(host, case, options.deadline + 30)
            statuses[told.status] += 1
            slowest = max(slowest, told.seconds)
            if problem := judged(case, told, options.deadline):
                wrong.append(f"{case.name}: {problem}")
        print(f"{name}: statuses {dict(sorted(statuses.items()))}, slowest {slowest:.1f} s", flush=True)
    print(slow_clients(host, options.deadline), flush=True)
    beside.over = True
    beside.join()
    with suppress(BlockingIOError):
        wrong.append(f"something reached this script: {other.accept()[1]}")
    waits = sorted(beside.waits)
    print(f"ASK beside: {len(waits)} asked, {beside.failed} failed, median {statistics.median(waits):.3f} s, "
          f"99 % within {waits[int(len(waits) * 0.99)]:.2f} s, longest {waits[-1]:.2f} s")  # fmt: skip
    print(f"{len(wrong)} wrong", *wrong, sep="\n  ")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
