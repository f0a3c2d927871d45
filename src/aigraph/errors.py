"""Every error that aigraph raises on purpose.

AigraphError                  anything a user can be told about in plain words
├── ArticleError              an article cannot be read or identified
│   ├── UnreadableArticle     missing, empty, binary or wrongly encoded file
│   ├── UnknownFormat         no reader for this kind of file
│   └── DuplicateIdentifier   two sources claim one identifier
├── ExtractorError            an extractor cannot do its work
│   ├── ExtractorMissing      it needs a library that is not installed
│   ├── ServerAway            the server that it asks cannot be reached, or refuses to work for us
│   └── NotExtracted          it could not read one article; others may go on
├── ReadersLost               the processes that read articles cannot do their work
├── ClusterError              a cluster, or the place where its shards lie, cannot be used
├── DataError                 a data file of the installation is wrong (ontology, knowledge, rules)
├── StoreError                the store cannot be used
│   ├── StoreMissing          there is no store at that place
│   ├── StoreUnreadable       it is no store, is damaged or may not be read
│   ├── StoreTooNew           written by a newer version of aigraph
│   ├── StoreTooOld           written in a layout that is not read any more
│   ├── StoreLocked           another process is writing to it
│   └── IndexMissing          it was published without an index of its texts
├── QueryError                a query cannot be answered
│   ├── QuerySyntaxError      malformed SPARQL, with line and column
│   ├── QueryForbidden        it asks for what this service does not do (SERVICE, updates)
│   ├── UnknownFunction       it calls a function that the engine does not have
│   ├── QueryFailed           the engine gave up on it (memory, crash of the worker)
│   ├── LimitExceeded         it ran into a limit, which the error names
│   │   ├── QueryTooLarge     its text is too long or too deeply nested
│   │   ├── QueryTimeout      it ran into its deadline
│   │   ├── QueryBusy         no worker is free for it
│   │   ├── TooManyQueries    who asks has too much running, or has used up its time
│   │   └── AnswerTooLarge    its answer is longer than it may be
│   ├── UnknownQuery          no canned query of that name
│   └── ParameterError        a parameter is missing, unknown or ill-typed
├── FormatError               a result cannot be written in the format asked for
├── SettingsError             an unknown or ill-typed setting
├── ExtraMissing              a library that only an extra brings is not installed
├── FeedError                 a feed or sitemap cannot be read
├── GoldError                 gold annotations cannot be read
└── ServerError               the server cannot start (port in use, …)

Each message says what happened, where, and what to do about it.
"""

from __future__ import annotations


class AigraphError(Exception):
    """Anything that went wrong in a way a user can be told about; `str()` of it is the whole message."""


class ArticleError(AigraphError):
    """An article cannot be read or identified."""


class UnreadableArticle(ArticleError):
    """The file is missing, empty, binary or wrongly encoded."""


class UnknownFormat(ArticleError):
    """No reader is registered for this kind of file."""


class DuplicateIdentifier(ArticleError):
    """Two sources claim one article identifier."""


class ExtractorError(AigraphError):
    """An extractor cannot do its work."""


class ExtractorMissing(ExtractorError):
    """An extractor needs a library that is not installed."""


class ServerAway(ExtractorError):
    """The server that an extractor asks cannot be reached, or refuses to work for us."""


class NotExtracted(ExtractorError):
    """An extractor could not read one article; others may go on."""


class ReadersLost(AigraphError):
    """The processes that read articles cannot do their work."""


class ClusterError(AigraphError):
    """A cluster, or the place where its shards lie, cannot be used."""


class DataError(AigraphError):
    """A data file of the installation (ontology, knowledge, rules) is wrong."""


class StoreError(AigraphError):
    """The store cannot be used."""


class StoreMissing(StoreError):
    """There is no store at that place."""


class StoreUnreadable(StoreError):
    """The folder is no store, is damaged, or may not be read or written."""


class StoreTooNew(StoreError):
    """The store was written by a newer version of aigraph."""


class StoreTooOld(StoreError):
    """The store was written in a layout that is not read any more."""


class StoreLocked(StoreError):
    """Another process is writing to the store."""


class IndexMissing(StoreError):
    """The store was published without an index of its texts, by an earlier version."""


class QueryError(AigraphError):
    """A query cannot be answered."""


class QuerySyntaxError(QueryError):
    """The query is malformed; `line` and `column` count from 1 and are None where the position is unknown."""

    def __init__(self, message: str, *, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


class QueryForbidden(QueryError):
    """The query asks for what this service does not do: SERVICE, updates."""


class UnknownFunction(QueryError):
    """The query calls a function that the engine does not have."""


class QueryFailed(QueryError):
    """The engine gave up on the query: out of memory, or its worker died."""


class LimitExceeded(QueryError):
    """The query ran into a limit: `limit` is its name and `allowed` its value, `retry_after` the seconds to wait."""

    def __init__(
        self,
        message: str,
        *,
        limit: str | None = None,
        allowed: float | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(message)
        self.limit = limit
        self.allowed = allowed
        self.retry_after = retry_after


class QueryTooLarge(LimitExceeded):
    """The text of the query is too long, or too deeply nested."""


class QueryTimeout(LimitExceeded):
    """The query ran into its deadline and was stopped."""


class QueryBusy(LimitExceeded):
    """No worker is free for the query."""


class TooManyQueries(LimitExceeded):
    """Who asks has too many queries running, or has used up the time that they may take."""


class AnswerTooLarge(LimitExceeded):
    """The answer is longer than it may be."""


class UnknownQuery(QueryError):
    """There is no canned query of that name."""


class ParameterError(QueryError):
    """A parameter of a canned query is missing, unknown or ill-typed."""


class FormatError(AigraphError):
    """A result cannot be written in the format that was asked for."""


class SettingsError(AigraphError):
    """A setting is unknown or ill-typed."""


class ExtraMissing(AigraphError):
    """A library that only an extra of this package brings is not installed."""


class FeedError(AigraphError):
    """A feed or sitemap cannot be read, or what was seen of it before."""


class GoldError(AigraphError):
    """Gold annotations cannot be read."""


class ServerError(AigraphError):
    """The server cannot start."""
