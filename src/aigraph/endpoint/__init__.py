"""The endpoint: the graph over HTTP, for programs (SPARQL 1.1 Protocol) and for people (pages).

server.py       listens, behind waitress
app.py          the application: routes, headers, errors
protocol.py     /sparql
canned.py       /queries
pages.py        /, /describe, and the graph's own IRIs
negotiation.py  which format a client gets
problems.py     what a client is told when something is wrong
tables.py       terms and rows as pages show them
"""

from aigraph.endpoint.app import create_app
from aigraph.endpoint.server import Server, serve

__all__ = ["Server", "create_app", "serve"]
