"""Verb groups: from the end of a subject to the end of its verb, over auxiliaries, adverbs and asides."""

from __future__ import annotations

from collections.abc import Iterator

from aigraph.facts.patterns.lines import Line
from aigraph.facts.words.inflections import Form
from aigraph.records import TECHNOLOGY

VOICES = ("active", "passive", "base", "gerund", "participle")
_BE = frozenset({"be", "is", "are", "was", "were", "been", "being", "am", "gets", "got"})
_MODALS = frozenset({"will", "'ll", "would", "can", "could", "may", "might", "should", "must", "shall"})
_OPENS_BASE = _MODALS | {"to", "do", "does", "did", "who"}
_RELATIVE = frozenset({"which", "who", "that"})
_PLACING = frozenset({"at", "from", "in", "near", "of"})
_ALSO_CONJUNCTIONS = frozenset({"after", "as", "before", "like", "since", "than", "until", "unlike"})
_WITHIN = frozenset({",", "but", "than"})
"""Words of the class "clause" that do not end the reach of a subject."""
_ASIDE, _REACH, _GROUP = 28, 45, 9


def active_ends(line: Line, at: int, lemmas: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Active finite verbs of a subject that ends at a slot: (first slot of the group, slot behind the verb)."""
    for begin, shared, verb, helper, plural in line.keep((active_ends, at), lambda: _places(line, at)):
        for end, form in _read(line, verb, lemmas):
            by = line.word(end) == "by"
            fits = {
                Form.BASE: helper == "base" or ((plural or shared == "base") and not helper),
                Form.THIRD: helper != "be",
                Form.PAST: helper != "be" and not by,
                Form.PARTICIPLE: helper != "be" and verb != begin and not by,
                Form.GERUND: helper in ("be", "control"),
            }
            if fits[form]:
                yield begin, end


def _places(line: Line, at: int) -> Iterator[tuple[int, str, int, str, bool]]:
    """Where a verb of a subject that ends at a slot may stand, whichever it is.

    The first slot of its group, how that hangs on what is before it, the slot of the verb, its last helper, and
    whether the subject is a plural.
    """
    if _is_governed(line, at):
        return
    plural = line.word(at - 1).endswith("s") or (at > 1 and line.within("conjunction", at - 2))
    for begin, shared in _begins(line, at):
        for verb, helper in _group(line, begin):
            yield begin, shared, verb, helper, plural


def passive_ends(line: Line, at: int, lemmas: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Passive verbs of a subject that ends at a slot, with a form of "be" or as a bare participle."""
    for begin, verb in line.keep((passive_ends, at), lambda: _passive_places(line, at)):
        for end, form in _read(line, verb, lemmas):
            if form == Form.PARTICIPLE:
                yield begin, end


def _passive_places(line: Line, at: int) -> Iterator[tuple[int, int]]:
    """Where a participle of a subject that ends at a slot may stand: the first slot of its group, its own."""
    begins = [at + 1] if line.word(at) == "," else []
    begins += [begin for begin, _ in _begins(line, at)]
    for begin in begins:
        for verb, helper in _group(line, begin):
            if helper == "be" or verb == begin or line.within("adverb", verb - 1):
                yield begin, verb


def bare_ends(line: Line, at: int, lemmas: frozenset[str], form: Form) -> Iterator[tuple[int, int]]:
    """One form of a verb right here, adverbs before it allowed."""
    verb = at
    while line.within("adverb", verb):
        verb += 1
    for end, found in _read(line, verb, lemmas):
        if found == form:
            yield at, end


def _read(line: Line, at: int, lemmas: frozenset[str]) -> Iterator[tuple[int, Form]]:
    """The verbs that a slot may be, over "designed and built" and with particles."""
    for reading in line.lexicon.verbs.readings(line.word(at)):
        if reading.lemma in lemmas:
            if not reading.particle:
                yield at + 1, reading.form
            elif line.word(at + 1) == reading.particle:
                yield at + 2, reading.form
        following = at + 2
        if line.word(at + 1) in ("and", "or") and not line.within("determiner", following):
            for second in line.lexicon.verbs.readings(line.word(following)):
                if second.lemma in lemmas and second.form == reading.form and not second.particle:
                    yield following + 1, second.form


def _group(line: Line, begin: int) -> Iterator[tuple[int, str]]:
    """Slots where the main verb may stand, and the last helper before it: "be", "base" (to), "have", "control"."""
    helper = ""
    skipped = begin
    for verb in range(begin, min(begin + _GROUP, len(line))):
        if verb < skipped:
            continue
        yield verb, helper
        word = line.word(verb)
        if word in _BE:
            helper = "be"
        elif word in _OPENS_BASE:
            helper = "base"
        elif line.within("auxiliary", verb):
            helper = "have"
        elif length := line.phrase("control", verb):
            helper, skipped = "control", verb + length
        elif not line.within("adverb", verb):
            return


def _is_governed(line: Line, at: int) -> bool:
    """True where a preposition governs the name that ends at a slot: no subject, but "shares of A", "made by A"."""
    word = line.word(_before(line, at))
    mention = line.slots[at - 1].mention if at else None
    owner = mention is not None and mention.type not in TECHNOLOGY  # "a preview of the SDK" may stand for the SDK
    return (word == "of" and owner) or (line.lexicon.has("preposition", word) and word not in _ALSO_CONJUNCTIONS)


def _before(line: Line, at: int) -> int:
    """The slot before a name or pair of names that ends at a slot, determiners passed over."""
    before = at - 1
    while line.within("device", before):
        before -= 1
    before -= 1
    while line.within("conjunction", before) and before > 0 and line.slots[before - 1].mention:
        before -= 2
    while line.within("determiner", before) and line.word(before) not in _RELATIVE:
        before -= 1
    return before


def _begins(line: Line, at: int) -> Iterator[tuple[int, str]]:
    """Slots where the verb group of a subject may begin, nearest first; "base" where it hangs on an earlier "to"."""
    starts = list(_near(line, at))
    yield from ((start, "") for start in starts)
    main = next((s for s in starts if _verbal(line, s) or line.word(s).endswith(("s", "ed"))), None)
    if main is None or line.word(_before(line, at)) in _RELATIVE:
        return
    base, segment = False, main
    for index in range(main, min(main + _REACH, len(line) - 1)):
        word = line.word(index)
        base = base or word in _OPENS_BASE
        if index > main and line.within("clause", index) and word not in _WITHIN:
            return
        if word in ("and", "but", "then", ",") and index > main:
            # a stretch that begins with no verb is an aside: what follows it has another subject
            if _verbal(line, index + 1) and (segment == main or _verbal(line, segment)):
                yield index + 1, "base" if base else ""
            segment = index + 1 if word == "," or _verbal(line, index + 1) else segment


def _near(line: Line, at: int) -> Iterator[int]:
    """The slot itself, or behind a relative pronoun, a place ("Mount Blue in Porto runs"), an aside."""
    yield at
    word = line.word(at)
    if word in _RELATIVE:
        yield at + 1
    if word == "," and line.word(at + 1) in _RELATIVE:
        yield at + 2
    if word in _PLACING:
        for index in range(at + 1, min(at + 4, len(line))):
            if line.slots[index].mention and _verbal(line, index + 1):
                yield index + 1
                return
    closing = {",": ",", "(": ")", "—": "—"}.get(word)
    if closing:
        for index in range(at + 1, min(at + _ASIDE, len(line))):
            if line.word(index) == ";":
                return
            if line.word(index) == closing and _verbal(line, index + 1):
                yield index + 1
                return


def _verbal(line: Line, at: int) -> bool:
    """True where a verb group can begin: a finite verb, an auxiliary, a control verb, an adverb before one of them."""
    while line.within("adverb", at):
        at += 1
    if line.finite(at) or line.within("control", at):
        return True
    return any(r.form == Form.BASE for r in line.lexicon.verbs.readings(line.word(at)))
