"""The endpoint: the graph over HTTP, for programs (SPARQL 1.1 Protocol) and for people (pages).

server.py       listens
waiting.py      what waitress is told to do otherwise
tasks.py        requests and their answers as waitress has them; sending.py what clients have not taken yet
shortcut.py     the shortest way: queries by GET, without WSGI
gateway.py      stands before the framework: queries of programs, and the answers that are kept
requests.py     what a request asks
answers.py      answers: format, validators, compression, parts
cache.py, clients.py, compression.py   answers that are kept; what a client may take; gzip and br
app.py          the application: routes, headers, errors
protocol.py     /sparql: pages and the description of the service
description.py  what the description says
writing.py      updates, and /store: the Graph Store Protocol
editor.py       the query editor: its page, its bundle, what it completes
canned.py       /queries
choices.py      what parameters of canned queries may be; paging.py their answers page by page
openapi.py      /openapi.json: the queries as OpenAPI; examples.py as examples for editors of SPARQL
searching.py    /search, and suggestions for search boxes
pages.py        /, /describe, and the graph's own IRIs
negotiation.py  which format a client gets
problems.py     what a client is told when something is wrong
tables.py       terms and rows as pages show them
"""

from aigraph.endpoint.app import create_app
from aigraph.endpoint.server import Server, serve, serve_plain

__all__ = ["Server", "create_app", "serve", "serve_plain"]
