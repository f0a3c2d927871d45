"""Following sources of articles: feeds and sitemaps, fetched politely into a folder that builds read (extra `web`).

feeds     RSS, Atom and sitemaps -> where articles are
robots    what a host lets us fetch, and how often
fetching  one request after the other: conditional, slow enough, backing off, from the hosts given alone
memory    what was seen of each address, kept beside the articles
rounds    one round over all sources
"""

from aigraph.watching.fetching import Fetcher
from aigraph.watching.memory import Memory
from aigraph.watching.rounds import Round, Watch

__all__ = ["Fetcher", "Memory", "Round", "Watch"]
