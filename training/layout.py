"""Documents of the corpus as articles: their lines in paragraphs."""

from __future__ import annotations

import random
import re

from corpus import CorpusDocument

from aigraph.records import Block, BlockKind, Span


def laid_out(document: CorpusDocument) -> tuple[str, list[int], tuple[Block, ...]]:
    """The text of a document in paragraphs of two to four lines, where each line begins, and the blocks."""
    chance = random.Random(document.id)
    text, starts, blocks = "", [], []
    room = 0
    for number, line in enumerate(document.lines):
        heading = number == 0 or not re.search(r"[.!?:…]['\"”’)]*\Z", line.text)
        alone = heading or re.match(r"[-*•|]|\d+[.)] ", line.text) is not None
        if alone or room == 0:
            text += "\n\n" if text else ""
            room = 0 if alone else chance.randint(2, 4)
            kind = BlockKind.TITLE if number == 0 else BlockKind.HEADING if heading else BlockKind.PARAGRAPH
            blocks.append((kind, len(text)))
        else:
            text += " "
        room = max(room - 1, 0)
        starts.append(len(text))
        text += line.text
    ends = [start - 2 for _, start in blocks[1:]] + [len(text)]
    return text, starts, tuple(Block(kind, Span(start, end)) for (kind, start), end in zip(blocks, ends, strict=True))
