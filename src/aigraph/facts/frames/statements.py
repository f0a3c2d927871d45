"""Statements of the frame rules."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode

from aigraph.facts.frames.context import Context
from aigraph.facts.frames.phrases import Thing
from aigraph.facts.frames.reader import FrameMatch, FrameReader
from aigraph.facts.frames.rules import FrameBook, load_frames
from aigraph.facts.frames.stance import weighed
from aigraph.facts.speech.stance import StanceReader
from aigraph.records import Document, Polarity, Statement
from aigraph.vocab import AIG

_SYMMETRIC = frozenset({AIG.competesWith})
_BESIDE = frozenset({AIG.worksFor, AIG.founded, AIG.locatedIn, AIG.develops})
"""Told beside a name, these hold whatever the clause around denies: "denied, its chair, A, said"."""
_NO_ROLE = frozenset({"a", "an", "the", "its", "their", "new", "current", "longtime", "long-time", "our"})
_WITHIN_ROLE = frozenset("-/&")
"""The signs that a post may hold; others, above all quotation marks, part it from what stands before."""
_FIELD = 4
"""How many words a field of work may take up behind "of"."""
_DENIALS = frozenset({"not", "n't", "never", "no", "nor"})


class FrameStatements:
    """Finds the statements of a sentence by its tree; one instance serves any number of articles."""

    def __init__(self, stances: StanceReader) -> None:
        self.book: FrameBook = load_frames("relations")
        self._reader = FrameReader(self.book)
        self._stances = stances

    def read(self, document: Document, context: Context) -> Iterator[tuple[Statement, tuple[NamedNode, NamedNode]]]:
        """Each statement with the classes of its subject and object."""
        block, sentence, mentions = context.block, context.sentence, context.mentions.mentions
        for match in self._reader.read(context):
            stance = self._stances.read(document, block, sentence, match.focus, mentions)
            stance = weighed(stance, match.tree, match.anchor)
            for template in match.rule.states:
                polarity = stance.polarity
                if template.predicate in _BESIDE and not match.verbal and not _is_denied(match):
                    polarity = Polarity.AFFIRMED
                for subject, object_ in _pairs(match, template.subject, str(template.object)):
                    first, second = _ordered(template.predicate, subject, object_)
                    statement = Statement(
                        subject=first.iri,
                        predicate=template.predicate,
                        object=second.iri,
                        role=_post(match) if match.rule.posts else None,
                        evidence=(sentence.span,),
                        extractor=f"relation/{match.rule.id}",
                        confidence=match.confidence,
                        modality=stance.modality,
                        polarity=polarity,
                        claimant=stance.claimant,
                    )
                    yield statement, (AIG[first.type], AIG[second.type])


def _pairs(match: FrameMatch, subject: str, object_: str) -> Iterator[tuple[Thing, Thing]]:
    for first in match.arguments[subject]:
        for second in match.arguments[object_]:
            if first.iri != second.iri:
                yield first, second


def _ordered(predicate: NamedNode, subject: Thing, object_: Thing) -> tuple[Thing, Thing]:
    """A symmetric relation is stated once, whichever side the text names first."""
    if predicate in _SYMMETRIC and object_.iri.value < subject.iri.value:
        return object_, subject
    return subject, object_


def _is_denied(match: FrameMatch) -> bool:
    tree = match.tree
    return any(tree.texts[kid] in _DENIALS for kid in tree.kids[match.at])


def _post(match: FrameMatch) -> str:
    """The words of a post, as the article has them: "chief executive", "head of research"."""
    tree = match.tree
    first = match.at
    while (
        first > 0
        and tree.labels[first - 1] in ("amod", "compound", "punct", "nmod", "nmod:unmarked")
        and tree.mentions[first - 1] is None
        and tree.texts[first - 1] not in _NO_ROLE
        and (tree.labels[first - 1] != "punct" or tree.texts[first - 1] in _WITHIN_ROLE)
    ):
        first -= 1
    last = match.at
    if last + 1 < len(tree) and tree.texts[last + 1] == "of":  # "head of research", but not "head of Acme"
        field = tree.heads[last + 1]
        if tree.mentions[field] is None and 0 < field - last <= _FIELD:
            last = field
    return match.text(first, last)
