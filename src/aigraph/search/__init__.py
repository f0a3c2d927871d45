"""Finding entities, claims, deals and articles by words: an SQLite database with FTS5 beside each snapshot.

words.py      texts as words, and how far two words are apart
documents.py  a store -> what can be found in it
writing.py    the database of a snapshot, out of that of the one before and what has changed since
finding.py    words -> what holds them, ranked; suggestions
indexes.py    the databases of snapshots, opened when they are asked for
form.py       search in a query: SERVICE search:index { … }
"""

from aigraph.search.finding import KINDS, LONGEST, MOST_WORDS, Found, Hit, Kind, Suggestion
from aigraph.search.form import expand
from aigraph.search.indexes import Indexes
from aigraph.search.writing import Changes, is_current, write_index

__all__ = [
    "KINDS",
    "LONGEST",
    "MOST_WORDS",
    "Changes",
    "Found",
    "Hit",
    "Indexes",
    "Kind",
    "Suggestion",
    "expand",
    "is_current",
    "write_index",
]
