"""Plain text, with or without front matter."""

from __future__ import annotations

from pathlib import Path

from aigraph.articles import frontmatter
from aigraph.articles.drafts import Draft, Reader
from aigraph.articles.files import text_files


def draft(text: str, source: Path) -> Draft:
    """The body as it stands."""
    matter = frontmatter.split(text, source)
    return frontmatter.fill(Draft(matter.body), matter)


READER = Reader("text", (".txt",), text_files(draft))
