"""Clauses of a sentence, found by punctuation, conjunctions and verbs; there is no syntax tree to go by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from aigraph.facts.words.finite import VerbReader
from aigraph.facts.words.grammar import function_words
from aigraph.facts.words.inflections import Form, Inflections
from aigraph.facts.words.sentences import SEPARATORS, Word

_ENDS = frozenset({",", ";", ":", ".", "—", '"'})
_PLACED = frozenset({"in", "on", "at", "last", "this", "earlier", "during"})
_SPEAKER = 12
_HEARER = 3
_HEARERS = frozenset({"the", "reporters", "analysts", "investors", "journalists", "us"})
_AHEAD = 14


class ClauseKind(StrEnum):
    """How a clause hangs together with the one before it."""

    MAIN = "main"
    COORDINATE = "coordinate"
    COMPLEMENT = "complement"
    RELATIVE = "relative"
    ADVERBIAL = "adverbial"
    REPORTING = "reporting"  # a speaker with a verb of saying and nothing else: ", analysts say"


@dataclass(frozen=True, slots=True)
class Clause:
    """A verb with what belongs to it: indices of its words in order, which may leave out a clause in between.

    `opener` is the conjunction or relative pronoun that it begins with; `matrix` is the index of the clause that it
    hangs on.
    """

    words: tuple[int, ...]
    kind: ClauseKind
    opener: str = ""
    matrix: int | None = None


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch between separators and conjunctions; `verb` is its first finite verb."""

    start: int
    end: int
    separator: str
    opener: str
    verb: int | None

    @property
    def indices(self) -> list[int]:
        return list(range(self.start, self.end))


_KEPT = 256
"""Sentences whose clauses are kept."""


@dataclass(slots=True)
class _Draft:
    """A clause in the making; `finite` is false while its verb is still to come."""

    words: list[int]
    kind: ClauseKind
    opener: str = ""
    matrix: int | None = None
    finite: bool = True


class ClauseReader:
    """Splits sentences into clauses; `speech` are the verbs that "that" may be left off behind."""

    def __init__(self, speech: Inflections) -> None:
        self.verbs = VerbReader(speech)
        self._speech = speech
        self._kept: dict[int, tuple[Sequence[Word], tuple[Clause, ...]]] = {}
        self._coordinators = function_words("coordinators")
        self._relatives = function_words("relatives")
        self._adverbials = function_words("adverbial_openers")
        self._doubtful = function_words("doubtful_openers")
        self._prepositions = function_words("prepositions")

    def split(self, words: Sequence[Word]) -> tuple[Clause, ...]:
        """The clauses of a sentence in order; every word belongs to exactly one (the last sentences are kept)."""
        kept = self._kept.get(id(words))
        if kept is not None and kept[0] is words:
            return kept[1]
        if len(self._kept) >= _KEPT:
            self._kept.clear()
        clauses = self._split(words)
        self._kept[id(words)] = words, clauses
        return clauses

    def _split(self, words: Sequence[Word]) -> tuple[Clause, ...]:
        drafts: list[_Draft] = []
        pending: list[int] = []
        for piece in self._with_subjects(list(_with_openers(self._pieces(words))), words):
            if self._reports(piece, words):
                drafts.append(_Draft(piece.indices, ClauseKind.REPORTING))
            else:
                self._place(piece, words, drafts, pending)
        if pending and drafts:
            drafts[-1].words += pending
        elif pending:
            drafts.append(_Draft(pending, ClauseKind.MAIN))
        return tuple(Clause(tuple(sorted(d.words)), d.kind, d.opener, d.matrix) for d in drafts)

    # --- pieces --------------------------------------------------------------------------------------------

    def _pieces(self, words: Sequence[Word]) -> Iterator[_Piece]:
        """Stretches between separators and before conjunctions."""
        start, separator, opener = 0, "", ""
        for index, word in enumerate(words):
            if not word.named and word.text in SEPARATORS:
                if index > start:
                    yield self._piece(words, start, index, separator, opener)
                start, separator, opener = index, word.text, ""
                continue
            first = index == start or (index == start + 1 and words[start].text in SEPARATORS)
            if not word.named and self._opens(words, index):
                if index > start and not first:
                    yield self._piece(words, start, index, separator, opener)
                    start, separator = index, ""
                opener = f"{opener} {word.text}".strip() if first else word.text
            elif index > start and self._opens_bare_complement(words, index):
                yield self._piece(words, start, index, separator, opener)
                start, separator, opener = index, "", "that"
        if start < len(words):
            yield self._piece(words, start, len(words), separator, opener)

    def _with_subjects(self, pieces: Sequence[_Piece], words: Sequence[Word]) -> Iterator[_Piece]:
        """Join "and its founder", "Ann Lee" and "has promised" where commas part them."""
        at = 0
        while at < len(pieces):
            three = pieces[at : at + 3]
            nominal = len(three) == 3 and three[0].verb is None and three[1].verb is None
            opened = nominal and three[0].opener in self._coordinators and not three[1].opener and not three[2].opener
            if opened and three[2].verb is not None and three[2].verb <= self._first_content(words, three[2]):
                yield replace(three[2], start=three[0].start, separator=three[0].separator, opener=three[0].opener)
                at += 3
            else:
                yield pieces[at]
                at += 1

    def _piece(self, words: Sequence[Word], start: int, end: int, separator: str, opener: str) -> _Piece:
        verb = next((i for i in range(start, end) if self.verbs.finite(words, i)), None)
        return _Piece(start, end, separator, opener, verb)

    def _opens(self, words: Sequence[Word], index: int) -> bool:
        """Does a conjunction or relative pronoun open a new clause?"""
        text = words[index].text
        following = words[index + 1].text if index + 1 < len(words) else ""
        previous = words[index - 1].text if index else ""
        if text in self._coordinators or text in self._relatives:
            return not (text == "which" and previous == "of" and following in SEPARATORS)
        if text == "that":
            return previous not in self._prepositions or self._finite_soon(words, index + 1)
        if text in self._doubtful:
            return self._finite_soon(words, index + 1)
        return text in self._adverbials

    def _finite_soon(self, words: Sequence[Word], index: int) -> bool:
        """Does a finite verb follow before the next separator or conjunction?"""
        stops = SEPARATORS | self._coordinators | self._relatives | {"that"}
        for at in range(index, min(index + _AHEAD, len(words))):
            if not words[at].named and words[at].text in stops:
                return False
            if self.verbs.finite(words, at):
                return True
        return False

    def _opens_bare_complement(self, words: Sequence[Word], index: int) -> bool:
        """Is this the first word of what is said, right behind "says"?"""
        before, word = words[index - 1], words[index]
        if index < 2 or before.mention is not None:
            return False
        readings = self._speech.readings(before.text)
        if not readings or not word.solid:
            return False
        said = any(r.form != Form.GERUND and not r.particle for r in readings)
        closed = word.text in self._prepositions or word.text in self._coordinators or self.verbs.finite(words, index)
        spoken = said and (
            self.verbs.finite(words, index - 1) or words[index - 2].text in function_words("auxiliaries")
        )
        return spoken and not closed and self._finite_soon(words, index + 1)

    # --- clauses -------------------------------------------------------------------------------------------

    def _reports(self, piece: _Piece, words: Sequence[Word]) -> bool:
        """Is a piece nothing but a speaker with a verb of saying: ", analysts say", ", says Keller"?"""
        start = next((i for i in piece.indices if words[i].text not in SEPARATORS | {'"'}), piece.end)
        before = words[start - 1].text if start else ""
        closed = piece.end == len(words) or words[piece.end].text in _ENDS
        if before not in (",", '"', "—") or piece.opener or piece.end - start > _SPEAKER or not closed:
            return False
        spoken = [i for i in piece.indices if words[i].mention is None and self._speech.readings(words[i].text)]
        if not spoken:
            return False
        verb = next((i for i in spoken if i == start or self.verbs.finite(words, i)), spoken[-1])
        rest = [i for i in range(verb + 1, piece.end) if words[i].solid]
        if verb == start:
            texts = [words[i].text for i in rest]
            if "to" in texts or texts[:1] in (["its"], ["his"], ["their"], ["her"], ["them"], ["it"]):
                return False
            speaker = any(words[i].mention or words[i].text.endswith("s") for i in rest)
            return speaker and not self.verbs.any_finite(words, rest)
        if words[verb].text in ("told", "tells", "tell") and len(rest) <= _HEARER:
            heard = all(words[i].mention or words[i].text in _HEARERS for i in rest)
            return heard and self.verbs.finite(words, verb)
        placed = bool(rest) and words[rest[0]].text in _PLACED and not self.verbs.any_finite(words, rest)
        return self.verbs.finite(words, verb) and (not rest or placed)

    def _place(self, piece: _Piece, words: Sequence[Word], drafts: list[_Draft], pending: list[int]) -> None:
        """Make a clause of a piece, or add it to one; `pending` are words that wait for their verb."""
        opener = piece.opener.split()[-1] if piece.opener else ""
        last = len(drafts) - 1
        if piece.verb is None:
            (pending if pending or not drafts else drafts[-1].words).extend(piece.indices)
        elif opener in self._relatives | self._adverbials | {"that"}:
            if pending:
                drafts.append(_Draft(list(pending), ClauseKind.MAIN, finite=False))
                pending.clear()
                last += 1
            matrix = None if last < 0 else last
            drafts.append(_Draft(piece.indices, self._kind(opener, words, piece), piece.opener, matrix))
        elif (host := self._host(piece, words, drafts, pending)) is not None:
            host.words += piece.indices
            host.finite = True
        else:
            coordinate = opener in self._coordinators and bool(drafts)
            kind = ClauseKind.COORDINATE if coordinate else ClauseKind.MAIN
            matrix = _attached(drafts, last) if coordinate else None
            drafts.append(_Draft(pending + piece.indices, kind, piece.opener, matrix))
            pending.clear()

    def _host(
        self, piece: _Piece, words: Sequence[Word], drafts: Sequence[_Draft], pending: Sequence[int]
    ) -> _Draft | None:
        """The clause that a piece without a subject of its own goes on with, behind an aside."""
        if not drafts or pending:
            return None
        last = drafts[-1]
        subject = piece.verb is not None and piece.verb > self._first_content(words, piece)
        if not subject and not piece.opener and last.matrix is not None and piece.separator in {",", ")", "—"}:
            return drafts[last.matrix]
        return last if not last.finite and last.kind == ClauseKind.MAIN else None

    def _first_content(self, words: Sequence[Word], piece: _Piece) -> int:
        skip = SEPARATORS | self._coordinators | {'"', "also", "not", "n't"}
        return next(
            (i for i in piece.indices if words[i].text not in skip and not words[i].text.endswith("ly")), piece.start
        )

    def _kind(self, opener: str, words: Sequence[Word], piece: _Piece) -> ClauseKind:
        if opener in self._relatives:
            return ClauseKind.RELATIVE
        if opener == "that":
            first = next((i for i in piece.indices if words[i].text == "that"), piece.start)
            relative = words[first].text == "that" and piece.verb == first + 1
            return ClauseKind.RELATIVE if relative else ClauseKind.COMPLEMENT
        return ClauseKind.COMPLEMENT if opener in ("whether", "how", "why") else ClauseKind.ADVERBIAL


def _with_openers(pieces: Iterator[_Piece]) -> Iterator[_Piece]:
    """Join "that by 2026" and "that the chips" with what brings the verb: ", X will …", "and boards cost …"."""
    held: _Piece | None = None
    for piece in pieces:
        if held is not None:
            joins = piece.opener in ("and", "or") or (piece.separator == "," and not piece.opener)
            if joins:
                yield replace(piece, start=held.start, separator=held.separator, opener=held.opener)
                held = None
                continue
            yield held
            held = None
        if piece.verb is None and piece.opener.split()[-1:] == ["that"]:
            held = piece
        else:
            yield piece
    if held is not None:
        yield held


def _attached(drafts: Sequence[_Draft], last: int) -> int | None:
    """What a coordinate clause hangs on: the matrix of a complement before it, for "said that A and B"."""
    at: int | None = last
    while at is not None:
        draft = drafts[at]
        if draft.kind == ClauseKind.COMPLEMENT or (draft.kind == ClauseKind.COORDINATE and draft.matrix is not None):
            return draft.matrix
        at = draft.matrix
    return None
