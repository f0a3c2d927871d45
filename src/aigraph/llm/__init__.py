"""Facts from a language model that is asked over HTTP, every answer verified; see docs/llm.md.

The flow of one article: `passages` cuts it, `prompt` and `schema` put a passage into a request, `client` asks the
server (or `cache` remembers), `answers` reads what comes back, `verification` lets through what the text bears out.
"""

from __future__ import annotations

from aigraph.llm.extractor import LlmExtractor, described
from aigraph.llm.options import LlmOptions, Secret, read_key

__all__ = ["LlmExtractor", "LlmOptions", "Secret", "described", "read_key"]
