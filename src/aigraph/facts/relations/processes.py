"""Manufacturing processes: a chip made in one has no architecture by it; who has it made there uses the process."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pyoxigraph import NamedNode

from aigraph.records import Document, EntityType, MentionKind, Mentions, Modality, Polarity, Statement
from aigraph.vocab import AIG

PROCESS_RULE = "maker-uses-process"
PROCESS_CONFIDENCE = 0.7
_BEHIND = re.compile(
    r"[ -](?:fabrication |manufacturing |production )?(?:process|node|wafers?|lines?|capacity)\b", re.I
)


def processes_used(statements: Sequence[Statement], document: Document, mentions: Mentions) -> list[Statement]:
    """The statements with chips on processes as uses of these by their makers, where an article states one maker."""
    processes = _processes(document, mentions)
    makers: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    for statement in statements:
        firm = statement.polarity == Polarity.AFFIRMED and statement.modality != Modality.HYPOTHETICAL
        if statement.predicate == AIG.develops and firm:
            makers[statement.object].add(statement.subject)
    return [read for statement in statements for read in _read(statement, processes, makers[statement.subject], makers)]


def _read(
    statement: Statement,
    processes: frozenset[NamedNode],
    makers: set[NamedNode],
    made: dict[NamedNode, set[NamedNode]],
) -> Iterator[Statement]:
    if statement.predicate != AIG.usesArchitecture or statement.object not in processes:
        yield statement
        return
    for maker in sorted(makers - made[statement.object], key=lambda iri: iri.value):
        yield replace(
            statement,
            subject=maker,
            predicate=AIG.uses,
            extractor=f"relation/{PROCESS_RULE}",
            confidence=PROCESS_CONFIDENCE,
            chance=None,
        )


def _processes(document: Document, mentions: Mentions) -> frozenset[NamedNode]:
    """The architectures that the article calls a process, a node or lines of a plant."""
    text = document.article.text
    return frozenset(
        mention.entity
        for mention in mentions.mentions
        if mention.type is EntityType.ARCHITECTURE
        and mention.kind == MentionKind.NAME
        and _BEHIND.match(text, mention.span.end)
    )
