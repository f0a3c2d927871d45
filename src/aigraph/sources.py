"""Which articles stand in the sources: a first look that holds identifiers alone, then one article at a time.

A file of JSON Lines may be larger than the memory, so no text is kept from the first look to the second.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from aigraph import articles
from aigraph.articles import Found
from aigraph.errors import ArticleError, DuplicateIdentifier
from aigraph.records import Article

_LANGUAGES = {
    "ar": "Arabic", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "es": "Spanish", "fi": "Finnish",
    "fr": "French", "he": "Hebrew", "hi": "Hindi", "hu": "Hungarian", "id": "Indonesian", "it": "Italian",
    "ja": "Japanese", "ko": "Korean", "nb": "Norwegian", "nl": "Dutch", "nn": "Norwegian", "no": "Norwegian",
    "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sv": "Swedish", "th": "Thai",
    "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Failure:
    """A source that could not be read, and why, in words for the user."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Skip:
    """An article that aigraph does not read, and why, in words for the user: no failure."""

    identifier: str
    reason: str

    @classmethod
    def of(cls, article: Article, found: Found) -> Skip | None:
        """Why the article is skipped; None for one to read."""
        language = article.language.casefold().split("-")[0]
        if language in ("en", "eng"):
            return None
        name = f"{_LANGUAGES[language]} ({language})" if language in _LANGUAGES else f"the language {language!r}"
        return cls(
            article.identifier,
            f"{found.place}: the article is in {name}, and aigraph reads English alone. "
            'If it is English, say so with "language: en" in its front matter (in JSON Lines, the key "language").',
        )


@dataclass(frozen=True, slots=True)
class Survey:
    """What a first look at the sources found: the place of each article whose identifier no other has; the failures."""

    sources: tuple[Path, ...]
    unique: dict[str, str]
    failures: tuple[Failure, ...]

    def __len__(self) -> int:
        return len(self.unique)

    def places(self) -> Iterator[Found]:
        """The articles in the order of the sources, read anew, one at a time."""
        for source in self.sources:
            for found in articles.find(source):
                if isinstance(found, Found) and self.unique.get(found.identifier) == found.place:
                    yield found


def survey(sources: Sequence[Path]) -> Survey:
    """Look for the articles in the sources, and name what cannot be read.

    Two articles with one identifier are a failure of both: neither can be told to be the right one.
    """
    places: dict[str, list[str]] = defaultdict(list)
    failures: list[Failure] = []
    for source in sources:
        for found in articles.find(source):
            if isinstance(found, Found):
                places[found.identifier].append(found.place)
            else:
                failures.append(Failure(str(source), str(found)))
    failures += [_twins(identifier, named) for identifier, named in sorted(places.items()) if len(named) > 1]
    unique = {identifier: named[0] for identifier, named in places.items() if len(named) == 1}
    return Survey(tuple(sources), unique, tuple(failures))


def read_sources(sources: Sequence[Path]) -> tuple[tuple[Article, ...], tuple[Failure, ...]]:
    """Read files into articles, sorted by identifier, and name those that fail: for sources that fit into memory."""
    found = survey(sources)
    read: list[Article] = []
    failures = list(found.failures)
    for place in found.places():
        try:
            read.append(articles.article_of(place))
        except ArticleError as error:
            failures.append(Failure(place.place, str(error)))
    return tuple(sorted(read, key=lambda article: article.identifier)), tuple(failures)


def _twins(identifier: str, places: Sequence[str]) -> Failure:
    names = " and ".join(places[:5]) + (f" and {len(places) - 5} more" if len(places) > 5 else "")
    error = DuplicateIdentifier(
        f"{names} have one identifier, {identifier!r}; none of them was read. Give each another one: a front matter "
        'line "identifier: …", the key "id" of JSON Lines, or another file name.'
    )
    return Failure(" and ".join(places), str(error))
