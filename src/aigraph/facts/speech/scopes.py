"""Which cues of a sentence reach a stretch of it, and what they make of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aigraph.facts.speech.cues import Cues, Phrase, load_speech
from aigraph.facts.speech.spoken import Attribution
from aigraph.facts.words.clauses import ClauseKind, ClauseReader
from aigraph.facts.words.grammar import function_words
from aigraph.facts.words.sentences import Word
from aigraph.records import TECHNOLOGY, Modality, Span

_MODALITIES = (
    ("hypothetical", Modality.HYPOTHETICAL),
    ("reported", Modality.REPORTED),
    ("forecast", Modality.FORECAST),
    ("opinion", Modality.OPINION),
)
_EXCLUDED = 6
"""Words up to which "instead of" before the end of a stretch cuts that end off."""
_REASONS, _PAST = frozenset({"how", "when", "why"}), frozenset({"did", "had", "has", "have", "was", "were"})
_TEMPORAL = frozenset({"once", "when", "until", "after", "before"})
_SAID = {"forecast": Modality.FORECAST, "opinion": Modality.OPINION, "doubt": Modality.OPINION}
_CLAUSE_SIGNS = frozenset({",", '"', "—", ":", ";", "and", "but", "or", "even", "only"})


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase of a list in the sentence, by the indices of its first and last word."""

    first: int
    last: int
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """What the cues that reach a stretch make of it: modalities, the number of denials, where the cues stand."""

    modalities: tuple[Modality, ...]
    denials: int
    cues: tuple[Span, ...]


def _technology(word: Word) -> bool:
    return word.mention is not None and word.mention.type in TECHNOLOGY


class Scope:
    """One sentence seen from one stretch of it, given by the indices of its words.

    With `whole` the stretch stands for its clause, and cues behind it count too.
    """

    def __init__(
        self, words: Sequence[Word], clauses: ClauseReader, cues: Cues, within: Sequence[int], *, whole: bool
    ) -> None:
        self._words = words
        self._clauses = clauses.split(words)
        self._cues = cues
        self._within = within
        self._whole = whole
        verbs = [i for i in within if words[i].mention is None and clauses.verbs.verbal(words[i].text)]
        self._verb = verbs[-1] if verbs else None
        anchor = within[-1] if self._verb is None else self._verb
        self._at = next(i for i, clause in enumerate(self._clauses) if anchor in clause.words)

    @property
    def granted(self) -> bool:
        """True where the stretch has neither a verb nor a noun of doing: the sentence takes it for granted."""
        return self._verb is None and not any(self._words[i].text in self._cues.words("events") for i in self._within)

    @property
    def asks(self) -> bool:
        """True for a question, unless it takes for granted what it is about: "Why did Acme buy Beta?"."""
        asked = any(word.text == "?" for word in self._words[-3:])
        first, second = ([word.text for word in self._words if word.solid] + ["", ""])[:2]
        return asked and (self._whole or first not in _REASONS or second not in _PAST)

    def read(self, said: Attribution | None, *, alone: bool = False) -> Found:
        """What the cues make of the stretch, apart from the verb of saying that `said` accounts for.

        With `alone` the clauses above count for nothing.
        """
        found = [(m, c) for name, m in _MODALITIES for c in self._reaching(name) if not self._accounted(c, said)]
        found = [(m, c) for m, c in found if not (c.text == "should" and c.first == self._clause(self._at)[0])]
        negations = [cue for cue in self._negations() if not self._accounted(cue, said)]
        above = [] if alone else list(self._from_matrices(said))
        modalities = [self._weighed(m, c, said) for m, c in found] + self._conditional(said) + [m for m, _ in above]
        cues = sorted({self._span(cue) for cue in [c for _, c in found] + negations})
        return Found(tuple(modalities), len(negations) + sum(denied for _, denied in above), tuple(cues))

    # --- cues of the clause --------------------------------------------------------------------------------

    def _clause(self, at: int) -> tuple[int, ...]:
        return self._clauses[at].words

    def _texts(self, at: int) -> list[str]:
        return [self._words[i].text for i in self._clause(at)]

    def _span(self, cue: Cue) -> Span:
        return Span(self._words[cue.first].span.start, self._words[cue.last].span.end)

    def _find(self, name: str, at: int) -> Iterator[Cue]:
        """Cues of a list in one clause."""
        indices = self._clause(at)
        words = [self._words[i] for i in indices]
        excepted = self._cues.find("not_negation", words) if name == "negation" else ()
        blocked = {i for first, end, _ in excepted for i in range(first, end)}
        behind = 0
        for first, end, cue in self._cues.find(name, words):
            if first >= behind and first not in blocked and self._fits(cue, words, first, end):
                behind = end
                yield Cue(indices[first], indices[end - 1], cue.text)

    def _fits(self, cue: Phrase, words: Sequence[Word], first: int, end: int) -> bool:
        """Leave out look-alikes: the noun "will", "No. 1", "is to" without a verb, the month May."""
        following = words[end].text if end < len(words) else ""
        previous = words[first - 1].text if first else ""
        determiners = function_words("determiners")
        if cue.text == "no":
            return following[:1].isalpha()
        if cue.text == "will":
            return previous not in determiners | {"free", "good", "at"}
        if cue.text == "{be} to":
            return following.isalpha() and following not in determiners | {"blame", "date"}
        if cue.text == "@plan" and previous in determiners:
            return not any(w.text in self._cues.words("over") for w in words[end:])
        if cue.text == "may":
            forbidden = following == "not" and self._ordered  # "dealers may not sell them, the ministry said"
            return (
                not forbidden
                and not following.isdigit()
                and previous
                not in function_words("prepositions")
                | {
                    "since",
                    "until",
                    "last",
                }
            )
        return True

    @property
    def _ordered(self) -> bool:
        """Does the sentence name a rule, or somebody who makes rules, so that what may not be is forbidden?"""
        return any(word.text in self._cues.words("orders") for word in self._words)

    def _reaching(self, name: str) -> Iterator[Cue]:
        """Cues of a list that stand in the clause of the stretch and reach it."""
        return (cue for cue in self._find(name, self._at) if self._whole or self._reaches(cue))

    def _reaches(self, cue: Cue) -> bool:
        start, end = self._within[0], self._within[-1]
        inside = cue.first >= start and cue.last <= end
        if inside or self._verb is None:
            return True
        if cue.first > end:
            return cue.text in self._cues.words("trailing")
        bare = start == self._verb
        auxiliary = cue.text in self._cues.words("auxiliary") or cue.text.endswith(" to")
        return bare or not auxiliary or cue.first == self._clause(self._at)[0]

    def _negations(self) -> list[Cue]:
        found = list(self._reaching("negation"))
        if {cue.text for cue in found} & {"neither", "not", "n't", "no"}:
            found = [cue for cue in found if cue.text != "nor"]
        if not self._whole:
            found = [cue for cue in found if not self._turned(cue)]
            start, end = self._within[0], self._within[-1]
            found += [c for c in self._reaching("exclusion") if c.first > start and end - c.last <= _EXCLUDED]
        return found

    def _turned(self, cue: Cue) -> bool:
        """Does "but" stand between a negation and the end of the stretch ("not A but B")?"""
        between = range(cue.last + 1, self._within[-1] + 1)
        return any(self._words[i].text in ("but", "rather", "instead") for i in between)

    def _weighed(self, modality: Modality, cue: Cue, said: Attribution | None) -> Modality:
        """ "Would" and "should" in somebody's mouth are the future as seen from there."""
        future = cue.text in ("should", "would")
        if cue.text == "should" and not self._conditions() and self._is_thing(cue.first - 1):
            return Modality.FORECAST
        return Modality.FORECAST if said is not None and future and not self._conditions() else modality

    def _is_thing(self, at: int) -> bool:
        """Does "should" behind a word tell what a thing is expected to do, rather than what somebody ought to?"""
        clause = self._clause(self._at)
        if at < clause[0] or self._words[at].text in ("and", "but", "or"):
            at = next((i - 1 for i in range(at, 0, -1) if self._words[i].text in ("it", "puts", "holds")), at)
            return any(word.text == "it" or _technology(word) for word in self._words[: at + 2])
        word = self._words[at]
        if word.mention is not None:
            return word.mention.type in TECHNOLOGY
        plural = word.text.endswith("s") or word.text in function_words("plural_subjects")
        return word.solid and not plural and word.text not in ("he", "she", "government", "company", "firm")

    def _accounted(self, cue: Cue, said: Attribution | None) -> bool:
        return said is not None and self._span(cue).overlaps(said.cue)

    # --- conditions ----------------------------------------------------------------------------------------

    def _conditions(self) -> list[int]:
        """Clauses of the sentence that are conditions."""
        return [at for at in range(len(self._clauses)) if self._is_condition(at)]

    def _is_condition(self, at: int) -> bool:
        words = [self._words[i] for i in self._clause(at)]
        first = next((n for n, w in enumerate(words) if w.text not in _CLAUSE_SIGNS), 0)
        if self._cues.begins("conditions", words, first):
            return True
        inverted = words[first].text in self._cues.words("inverted_conditions") and words[first].mention is None
        joined = first > 0 and words[first - 1].text in ("and", "but", "or")
        following = words[first + 1] if first + 1 < len(words) else None
        subject = following is not None and (
            following.mention is not None or following.text in function_words("determiners")
        )
        inverted = inverted and (subject or not joined)
        return inverted and not self.asks and len(words) > first + 2

    def _conditional(self, said: Attribution | None) -> list[Modality]:
        """Hypothetical for a condition and for a consequence in the conditional; a plain one is a forecast."""
        conditions = self._conditions()
        if self._at in conditions:
            return [Modality.HYPOTHETICAL]
        near = any(self._beside(i) for i in conditions)
        texts = set(self._texts(self._at))
        ability = "could" in texts and not self._whole and not conditions
        if ability or (near and texts & self._cues.words("conditional")):
            return [Modality.HYPOTHETICAL]
        if said is not None and "could" in texts and self._whole and not self._negates(self._at):
            return [Modality.FORECAST]
        return [Modality.FORECAST] if near and texts & {"will", "'ll", "can"} else []

    def _negates(self, at: int) -> bool:
        return any(True for _ in self._find("negation", at))

    def _beside(self, condition: int) -> bool:
        """Does the clause stand right beside a condition, but for what hangs on that?"""
        if abs(condition - self._at) == 1 or self._clauses[condition].matrix == self._at:
            return True
        between = range(condition + 1, self._at)
        hanging = (ClauseKind.RELATIVE, ClauseKind.COMPLEMENT)
        return bool(between) and all(self._clauses[i].kind in hanging for i in between)

    # --- clauses above -------------------------------------------------------------------------------------

    def _from_matrices(self, said: Attribution | None) -> Iterator[tuple[Modality, int]]:
        """What the clauses above make of this one: (modality, 1 where they deny it)."""
        at = self._at
        while (matrix := self._clauses[at].matrix) is not None and matrix < at:
            kind = self._clauses[at].kind
            if kind == ClauseKind.ADVERBIAL and self._clauses[at].opener in _TEMPORAL:
                if any(True for _ in self._find("forecast", matrix)):
                    yield Modality.FORECAST, 0
                return
            if kind not in (ClauseKind.COMPLEMENT, ClauseKind.COORDINATE):
                return
            accounted = said is not None and any(self._words[i].span.overlaps(said.cue) for i in self._clause(matrix))
            yield self._grounds(matrix, said) if accounted else self._embedded(at, matrix)
            at = matrix

    def _grounds(self, matrix: int, said: Attribution | None) -> tuple[Modality, int]:
        """What a clause with a verb of saying makes of the one below, the verb left out: "sees no sign that …"."""
        if not self._cues.words("denied_grounds") & set(self._texts(matrix)):
            return Modality.ASSERTED, 0
        return Modality.ASSERTED, sum(not self._accounted(cue, said) for cue in self._find("negation", matrix)) % 2

    def _embedded(self, at: int, matrix: int) -> tuple[Modality, int]:
        """What a clause makes of the one that it embeds."""
        texts = self._texts(matrix)
        negated = len(list(self._find("negation", matrix))) % 2
        kinds = {load_speech().kinds[r.lemma] for t in texts for r in load_speech().verbs.readings(t) if not r.particle}
        open_ = self._clauses[at].opener.split()[-1:] == ["whether"] or self._is_condition(matrix)
        believed = next((m for kind, m in _SAID.items() if kind in kinds), None)
        rumoured = bool(self._cues.words("rumour_nouns") & set(texts)) or any(
            True for _ in self._find("reported", matrix)
        )
        modality = Modality.ASSERTED
        if open_ or kinds & {"wish", "silence"}:
            modality, negated = Modality.HYPOTHETICAL, 0
        elif self._cues.words("denied_grounds") & set(texts) or "denial" in kinds:
            pass
        elif negated and rumoured:
            modality, negated = Modality.REPORTED, 0  # "would not comment on reports that …"
        elif negated:
            modality = believed or Modality.HYPOTHETICAL
        elif rumoured:
            modality = Modality.REPORTED
        elif believed:
            modality = believed
        return modality, negated
