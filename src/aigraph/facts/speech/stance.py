"""How a stretch of a sentence is put forward: modality, polarity, and who says so.

The scope of a cue is the clause it stands in, and what hangs on that clause where it is a verb of saying or
thinking. A stretch that holds no verb of its own ("Nvidia's H100" in "Meta may buy Nvidia's H100") is taken for
granted by its sentence: cues around it do not touch it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aigraph.facts.speech.attribution import AttributionReader
from aigraph.facts.speech.cues import load_clauses, load_cues
from aigraph.facts.speech.scopes import Scope
from aigraph.facts.speech.spoken import Attribution, covering
from aigraph.facts.words.sentences import Word, covered, read_words
from aigraph.records import BlockKind, Claimant, Document, Mention, Modality, Polarity, ReadBlock, Sentence, Span

WEAKEST_FIRST = (Modality.HYPOTHETICAL, Modality.REPORTED, Modality.FORECAST, Modality.OPINION, Modality.ASSERTED)
"""Of several modalities the first of these holds."""


@dataclass(frozen=True, slots=True)
class Stance:
    """How something is put forward; `cues` are the words that tell, in order of the text."""

    modality: Modality = Modality.ASSERTED
    polarity: Polarity = Polarity.AFFIRMED
    claimant: Claimant | None = None
    cues: tuple[Span, ...] = ()


class StanceReader:
    """Reads stances; one instance serves any number of articles."""

    def __init__(self, attributions: AttributionReader) -> None:
        self._cues = load_cues()
        self._clauses = load_clauses()
        self._attributions = attributions
        # rules ask for the same stretches of a sentence one after the other: those of the last one are kept
        self._sentence: tuple[Document | None, Sequence[Mention], Sequence[Word]] = None, (), ()
        self._known: dict[Span, Stance] = {}

    def read(
        self, document: Document, block: ReadBlock, sentence: Sentence, focus: Span, mentions: Sequence[Mention]
    ) -> Stance:
        """The stance of a relation whose words, from its subject to its object, are `focus`.

        `mentions` are best those of the whole article, by which "he says" is resolved.
        """
        words = read_words(block, sentence, mentions)
        if not all(a is b for a, b in zip(self._sentence, (document, mentions, words), strict=True)):
            self._sentence, self._known = (document, mentions, words), {}
        if focus not in self._known:
            said = covering(self._attributions.find(document, block, mentions), focus)
            self._known[focus] = self._read(block, words, focus, said)
        return self._known[focus]

    def _read(self, block: ReadBlock, words: Sequence[Word], focus: Span, said: Sequence[Attribution]) -> Stance:
        within = covered(words, focus)
        if not within:
            return Stance()
        scope = Scope(words, self._clauses, self._cues, within, whole=False)
        if scope.granted:
            return Stance(claimant=said[0].claimant if said else None)
        return self._stance(block, scope, said)

    def read_clause(
        self,
        block: ReadBlock,
        sentence: Sentence,
        at: Span,
        mentions: Sequence[Mention],
        said: Sequence[Attribution],
        *,
        alone: bool = False,
    ) -> Stance:
        """The stance of the whole clause around `at`, a figure say: cues behind it count as well.

        `said` are the attributions that cover it, as `covering` gives them; with `alone` the clauses that embed it make
        nothing of it.
        """
        words = read_words(block, sentence, mentions)
        within = covered(words, at)
        if not within:
            return Stance()
        return self._stance(block, Scope(words, self._clauses, self._cues, within, whole=True), said, alone=alone)

    def _stance(self, block: ReadBlock, scope: Scope, said: Sequence[Attribution], *, alone: bool = False) -> Stance:
        speaker = said[0] if said else None
        found = scope.read(speaker, alone=alone)
        modalities = [*found.modalities, *(attribution.modality for attribution in said)]
        denials = found.denials + (speaker.denied if speaker else 0)
        if block.block.kind == BlockKind.QUESTION or scope.asks:
            modalities.append(Modality.HYPOTHETICAL)
        return Stance(
            modality=min(modalities, key=WEAKEST_FIRST.index, default=Modality.ASSERTED),
            polarity=Polarity.NEGATED if denials % 2 else Polarity.AFFIRMED,
            claimant=speaker.claimant if speaker else None,
            cues=found.cues,
        )
