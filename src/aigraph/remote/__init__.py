"""SPARQL 1.1 stores elsewhere: read and filled over HTTP, by the protocols of the standard alone (extra `web`).

opening   one way to a graph, wherever it is
client    requests: queries, updates, whole graphs; who asks; errors
pool      queries as `aigraph.store.QueryPool` answers them
marks     what aigraph notes there of what it wrote
fetching  graphs from there into a store on this machine
sending   graphs from here into a store there, no more than has changed
copying   copies between any two stores
"""

from aigraph.remote.client import Client, credentials
from aigraph.remote.copying import copy
from aigraph.remote.fetching import fetch, fetched
from aigraph.remote.opening import base_of, open_pool, open_reader
from aigraph.remote.pool import RemotePool
from aigraph.remote.sending import Sent, send

__all__ = [
    "Client",
    "RemotePool",
    "Sent",
    "base_of",
    "copy",
    "credentials",
    "fetch",
    "fetched",
    "open_pool",
    "open_reader",
    "send",
]
