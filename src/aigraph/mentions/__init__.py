"""Who and what a text is about: names found, typed and linked, and what stands for them."""

from __future__ import annotations

from aigraph.mentions.finder import MentionFinder

__all__ = ["MentionFinder"]
