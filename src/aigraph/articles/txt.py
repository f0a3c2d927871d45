"""Plain text, with or without front matter."""

from __future__ import annotations

from pathlib import Path

from aigraph.articles import frontmatter
from aigraph.articles.drafts import Draft, Reader


def draft(text: str, source: Path) -> Draft:
    """The body as it stands."""
    matter = frontmatter.split(text, source)
    return frontmatter.fill(Draft(matter.body), matter)


READER = Reader("text", (".txt",), draft)
