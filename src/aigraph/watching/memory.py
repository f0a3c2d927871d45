"""What was seen of each address: kept in a file beside the articles, so that nothing is fetched in vain."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from aigraph.errors import FeedError

_NAME = ".watch.json"  # hidden, so that no build takes it for an article


@dataclass(slots=True)
class Seen:
    """One address: how to ask whether it has changed, and when it may be asked again after failures.

    `stamp` is what a feed said of it and `date` its day, `file` the file that its article is in, `sitemaps` those that
    it names, `failures` how often in a row it failed,
    `not_before` the time (seconds since 1970) before which it is left alone.
    """

    etag: str = ""
    modified: str = ""
    stamp: str = ""
    date: str = ""
    file: str = ""
    sitemaps: list[str] = field(default_factory=list)
    failures: int = 0
    not_before: float = 0.0


@dataclass(slots=True)
class Memory:
    """All addresses that were seen."""

    folder: Path
    seen: dict[str, Seen] = field(default_factory=dict)

    @classmethod
    def of(cls, folder: Path) -> Memory:
        """The memory of a folder.

        Raises:
            FeedError: its file is damaged.
        """
        try:
            content = json.loads((folder / _NAME).read_text(encoding="utf-8"))
            return cls(folder, {url: Seen(**about) for url, about in content.items()})
        except FileNotFoundError:
            return cls(folder)
        except (ValueError, TypeError, AttributeError) as error:
            raise FeedError(
                f"{folder / _NAME} is damaged ({error}). Delete it: then everything is fetched again."
            ) from error

    def __getitem__(self, url: str) -> Seen:
        return self.seen.setdefault(url, Seen())

    def save(self) -> None:
        """Write the file, in one step."""
        self.folder.mkdir(parents=True, exist_ok=True)
        beside = self.folder / f"{_NAME}.new"
        content = {url: asdict(about) for url, about in sorted(self.seen.items())}
        beside.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        beside.replace(self.folder / _NAME)
