"""Attributions by words alone: verbs of saying and their neighbours, where there is no syntax tree to go by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aigraph.facts.speech.cues import load_clauses, load_speakers, load_speech
from aigraph.facts.speech.scenes import (
    Scene,
    around,
    before_group,
    below,
    group_start,
    names_follow,
    person_before,
    region,
    same_speaker,
)
from aigraph.facts.speech.speakers import SpeakerReader, spoken_company
from aigraph.facts.speech.spoken import Attribution
from aigraph.facts.words.clauses import ClauseKind
from aigraph.facts.words.grammar import function_words
from aigraph.facts.words.inflections import Form, Reading
from aigraph.facts.words.sentences import read_words, stretches
from aigraph.records import (
    BlockKind,
    Claimant,
    EntityType,
    Mention,
    MentionKind,
    Modality,
    ReadBlock,
    Sentence,
    Span,
    UnnamedGroup,
)

_MODALITIES = {
    "forecast": Modality.FORECAST,
    "opinion": Modality.OPINION,
    "doubt": Modality.OPINION,
    "reported": Modality.REPORTED,
}
_DENIALS = frozenset({"denial", "doubt"})
_MUTE = frozenset({"silence", "wish"})
_VIEWED = frozenset(
    {
        "brand",
        "call",
        "characterise",
        "characterize",
        "deem",
        "describe",
        "dismiss",
        "hail",
        "label",
        "regard",
        "see",
        "view",
    }
)
_NEGATORS = frozenset({"not", "n't", "never", "neither", "nor"})
_GENERIC = frozenset({"both companies", "both parties", "both sides", "the company", "the firm", "the group"})
_UNSURE = frozenset({"can", "could", "may", "might"})
_STOPS = frozenset({",", ";", ":", ".", "—", "but", "while", "and", "(", ")"})
_OBJECT_STARTS = _STOPS | {"of", "than", "to", "above", "below"}
_HEARERS = frozenset({"reporters", "analysts", "investors", "journalists"})
_NOT_CALLED = frozenset({"time", "for", "on", "off", "up", "in"})


@dataclass(frozen=True, slots=True)
class _Saying:
    """A verb of saying in its clause: indices of the verb and of its first auxiliary."""

    clause: int
    verb: int
    group: int
    reading: Reading
    kind: str


class WordedSayings:
    """Finds the attributions of a sentence by words alone; one instance serves any number of articles."""

    def __init__(self) -> None:
        self._speech = load_speech()
        self._clauses = load_clauses()
        self._speakers = SpeakerReader()
        self._rumour = load_speakers().rumour
        self._auxiliaries = function_words("auxiliaries")

    def find(
        self, block: ReadBlock, sentence: Sentence, mentions: Sequence[Mention], earlier: Sequence[Attribution]
    ) -> list[Attribution]:
        """The attributions of a sentence; `earlier` are those of the sentences before it in its block."""
        words = read_words(block, sentence, mentions)
        scene = Scene(words, self._clauses.split(words), mentions, tuple(earlier), block.block.span.start)
        found = [*self._sayings(scene), *self._passives(scene), *self._quoted(scene), *self._sources(scene)]
        return [*found, *self._outlooks(scene), *self._headline(block, scene)]

    # --- verbs of saying -----------------------------------------------------------------------------------

    def _sayings(self, scene: Scene) -> Iterator[Attribution]:
        for at, clause in enumerate(scene.clauses):
            for index in clause.words:
                saying = self._saying(scene, at, index)
                claimant = self._speaker(scene, saying) if saying else None
                if saying is None or claimant is None:
                    continue
                content, clausal = self._content(scene, saying, claimant)
                if content:
                    yield self._attribution(scene, saying, claimant, content, clausal=clausal)
                    break

    def _passives(self, scene: Scene) -> Iterator[Attribution]:
        """ "Sales are expected by analysts to rise": the speaker stands behind "by"."""
        if all(word.text != "by" for word in scene.words):
            return
        for clause in scene.clauses:
            for index in clause.words:
                by = scene.text(index + 1) == "by" and before_group(scene.words, index) in function_words("be")
                readings = [r for r in self._readings(scene, index) if r.form == Form.PARTICIPLE] if by else []
                if not readings:
                    continue
                claimant = self._speakers.after(scene.words, list(range(index + 2, len(scene.words))), scene.mentions)
                kind = self._speech.kinds[readings[0].lemma]
                group = group_start(scene.words, index)
                own = [i for i in clause.words if not group <= i <= index + 1]
                if claimant is not None and kind not in _MUTE and own:
                    saying = _Saying(scene.clauses.index(clause), index, group, readings[0], kind)
                    yield self._attribution(scene, saying, claimant, own, clausal=True)

    def _quoted(self, scene: Scene) -> Iterator[Attribution]:
        """ "X is quoted as saying that …"."""
        if all(word.text != "saying" for word in scene.words):
            return
        for index in range(1, len(scene.words) - 3):
            phrase = [scene.text(i) for i in range(index, index + 3)]
            if phrase[0] not in ("quoted", "cited") or phrase[1:] != ["as", "saying"]:
                continue
            group = group_start(scene.words, index)
            while group and scene.text(group - 1) in function_words("be"):
                group -= 1
            start = next((i + 1 for i in range(group - 1, -1, -1) if scene.text(i) in _STOPS), 0)
            claimant = self._speakers.before(scene.words, list(range(start, group)), scene.mentions)
            if claimant is not None:
                cue = Span(scene.words[group].span.start, scene.words[index + 2].span.end)
                content = stretches(scene.words, range(index + 3, len(scene.words)))
                yield Attribution(claimant, content, cue, "source")

    def _attribution(
        self, scene: Scene, saying: _Saying, claimant: Claimant, content: Sequence[int], *, clausal: bool
    ) -> Attribution:
        negated = any(scene.text(i) in _NEGATORS for i in range(saying.group, saying.verb))
        modality = _MODALITIES.get(saying.kind, Modality.ASSERTED)
        if isinstance(claimant, UnnamedGroup) and set(claimant.label.split()) & self._rumour:
            modality = Modality.REPORTED
        elif saying.kind == "promise":
            factor = not clausal and any(scene.text(i) in ("%", "times", "x", "percent") for i in content)
            modality = Modality.ASSERTED if factor else Modality.FORECAST
        return Attribution(
            claimant=claimant,
            content=stretches(scene.words, content),
            cue=Span(scene.words[saying.group].span.start, scene.words[saying.verb].span.end),
            kind=saying.kind,
            modality=modality,
            denied=(saying.kind in _DENIALS) != negated,
            past=saying.reading.form in (Form.PAST, Form.PARTICIPLE),
            clausal=clausal,
        )

    def _saying(self, scene: Scene, at: int, index: int) -> _Saying | None:
        """The verb of saying that a word is, finite or behind its auxiliaries; None where it leaves all open."""
        reading = self._reading(scene, index)
        if reading is None:
            return None
        kind = self._speech.kinds[reading.lemma]
        group = group_start(scene.words, index)
        group_words = {scene.text(i) for i in range(group, index)}
        negated = bool(group_words & _NEGATORS)
        open_ = kind in _MUTE or (negated and kind not in ("forecast", "opinion", "denial")) or group_words & _UNSURE
        called = reading.lemma == "call" and scene.text(index + 1) in _NOT_CALLED
        return None if open_ or called else _Saying(at, index, group, reading, kind)

    def _reading(self, scene: Scene, index: int) -> Reading | None:
        if not self._speech.verbs.readings(scene.words[index].text):
            return None
        readings = [r for r in self._readings(scene, index) if r.form != Form.GERUND]
        best = next((r for r in readings if r.particle), readings[0] if readings else None)
        if best is None:
            return None
        before = before_group(scene.words, index)
        passive = before in function_words("be") and best.form != Form.BASE
        base = best.form == Form.BASE
        if passive or before == "to":
            return None
        if before in self._auxiliaries or self._clauses.verbs.finite(scene.words, index):
            return best
        inverted = not base and scene.text(index - 1) in (",", '"') and names_follow(scene.words, index)
        return best if inverted else None

    def _readings(self, scene: Scene, index: int) -> Iterator[Reading]:
        """The verbs of saying that a word may be; a particle must follow, at once or where the verb allows it later."""
        word = scene.words[index]
        if word.mention is not None:
            return
        readings = self._speech.verbs.readings(word.text)
        later = {w.text for w in scene.words[index + 1 : index + 12]} if readings else frozenset[str]()
        for reading in readings:
            late = reading.lemma in self._speech.present_only and reading.form not in (Form.THIRD, Form.BASE)
            apart = reading.lemma in self._speech.apart and reading.particle in later
            if not late and (not reading.particle or apart or scene.text(index + 1) == reading.particle):
                yield reading

    def _speaker(self, scene: Scene, saying: _Saying) -> Claimant | None:
        """The subject of a verb: before it, behind it ("says X"), or that of the clause before ("and says")."""
        clause = scene.clauses[saying.clause]
        opener = clause.opener.split()
        before = [i for i in clause.words if i < saying.group]
        solid = [i for i in before if scene.words[i].solid and scene.text(i) not in opener]
        subject = [scene.text(i) for i in solid]
        pronoun = scene.words[solid[0]].mention if len(solid) == 1 else None
        resolved = pronoun is not None and pronoun.kind == MentionKind.PRONOUN and pronoun.type == EntityType.PERSON
        reporting = clause.kind == ClauseKind.REPORTING and not resolved
        if reporting and (same := same_speaker(scene, subject)) is not None:
            return same
        bodied = subject == ["it"] and clause.kind == ClauseKind.REPORTING
        generic = bodied or " ".join(subject) in _GENERIC
        described = len(solid) > 1 and self._speakers.unnamed(subject)
        if generic or described:
            company = spoken_company(scene.words, scene.mentions, scene.start, generic=generic, strict=bodied)
            if company is not None:
                return company
        if subject in (["it"], ["this"], ["that"]) and saying.reading.lemma in self._speech.personal:
            return None
        claimant = self._speakers.before(scene.words, before, scene.mentions)
        if claimant is not None or solid:
            return claimant
        return self._elsewhere(scene, saying)

    def _elsewhere(self, scene: Scene, saying: _Saying) -> Claimant | None:
        clause = scene.clauses[saying.clause]
        if names_follow(scene.words, saying.verb):
            behind = [i for i in clause.words if i > saying.verb]
            claimant = self._speakers.after(scene.words, behind, scene.mentions)
            if claimant is not None:
                return claimant
        if clause.kind == ClauseKind.RELATIVE:
            if clause.opener.split()[-1:] == ["who"] and (person := person_before(scene.words, clause.words[0])):
                return person.entity
            return self._speakers.before(scene.words, list(range(clause.words[0])), scene.mentions)
        if not saying.clause or not clause.opener:
            return None
        earlier = scene.clauses[saying.clause - 1]
        verb = next((i for i in earlier.words if self._clauses.verbs.finite(scene.words, i)), None)
        group = group_start(scene.words, verb) if verb is not None else 0
        return self._speakers.before(scene.words, [i for i in earlier.words if i < group], scene.mentions)

    def _content(self, scene: Scene, saying: _Saying, claimant: Claimant) -> tuple[list[int], bool]:
        """Indices of what is said, and whether it has a verb of its own."""
        clause, lemma = scene.clauses[saying.clause], saying.reading.lemma
        rest = [i for i in clause.words if i > saying.verb]
        if rest and saying.reading.particle and scene.text(rest[0]) == saying.reading.particle:
            rest = rest[1:]
        hanging = below(scene.clauses, saying.clause)
        complement = [i for c in hanging for i in scene.clauses[c].words if i > saying.verb]
        direct = any(
            scene.clauses[c].kind == ClauseKind.COMPLEMENT and scene.clauses[c].matrix == saying.clause for c in hanging
        )
        following = scene.text(rest[0]) if rest else ""
        antecedent = self._antecedent(scene, saying, rest)
        quoted = [i for i in rest if scene.text(i) == '"']
        content: list[int] = []
        clausal = True
        if direct:
            content = complement
        elif following == "that":
            content = rest[1:] + complement
        elif antecedent:
            content, clausal = antecedent, False
        elif following == "to" and lemma in self._speech.with_infinitive:
            content = rest + complement
        elif not rest and scene.text(clause.words[-1] + 1) == ":":
            content = list(range(clause.words[-1] + 2, len(scene.words)))
        elif clause.kind == ClauseKind.REPORTING or self._trails(scene, saying, rest):
            content = around(scene, saying.clause)
        elif rest and (lemma in self._speech.with_object or self._told_by_person(scene, lemma, claimant)):
            infinitive = lemma in self._speech.with_infinitive and any(scene.text(i) == "to" for i in rest[1:])
            content, clausal = rest + complement, infinitive or lemma in _VIEWED
        elif quoted or following in (":", ","):
            content = [i for i in rest if not quoted or i >= quoted[0]] + complement
        return content, clausal

    def _told_by_person(self, scene: Scene, lemma: str, claimant: Claimant) -> bool:
        """Is an object what is said because a person says it: "Ann Lee confirmed a $2 billion backlog"?"""
        persons = {m.entity for m in scene.mentions if m.type == EntityType.PERSON}
        return lemma in self._speech.with_object_of_person and claimant in persons

    def _antecedent(self, scene: Scene, saying: _Saying, rest: Sequence[int]) -> list[int]:
        """What a relative clause of forecasting speaks of: "the $17 billion that analysts had expected"."""
        clause = scene.clauses[saying.clause]
        solid = [i for i in rest if scene.words[i].solid and scene.text(i) != saying.reading.particle]
        opened = clause.opener.split()[-1:] in (["that"], ["which"])
        if solid or not opened or saying.kind not in ("forecast", "promise"):
            return []
        start = begin = clause.words[0]
        while begin and scene.text(begin - 1) not in _OBJECT_STARTS:
            begin -= 1
        return list(range(begin, start))

    def _trails(self, scene: Scene, saying: _Saying, rest: Sequence[int]) -> bool:
        """Is there nothing behind the verb but the speaker, a hearer or a place: ", X said in a statement"?"""
        told = [i for i in rest if scene.text(i) not in (",", ".", '"')]
        if not told:
            return True
        first = told[0]
        word = scene.words[first]
        verbal = self._clauses.verbs.any_finite(scene.words, rest)
        if saying.reading.lemma == "tell" and (word.mention is not None or word.text in _HEARERS):
            return not verbal
        before = scene.text(saying.verb - 1)
        ahead = [i for i in scene.clauses[saying.clause].words if i < saying.group and scene.words[i].solid]
        inverted = not ahead and rest[0] == first and before in (",", '"') and names_follow(scene.words, saying.verb)
        venue = word.text in function_words("aside_openers") | {"to", "via", "this", "last", "earlier", "late"}
        venue = venue and len(told) > 1
        return inverted or (venue and not verbal)

    # --- other sources -------------------------------------------------------------------------------------

    def _sources(self, scene: Scene) -> Iterator[Attribution]:
        """ "According to X", "in X's view", "by X's account"."""
        words = scene.words
        for index, word in enumerate(words[:-1]):
            modality = Modality.ASSERTED
            if not word.named and word.text == "according" and scene.text(index + 1) == "to":
                claimant, end = self._speakers.phrase(words, index + 2, scene.mentions)
                if {w.text for w in words[index + 2 : end]} & self._rumour:
                    modality = Modality.REPORTED
            elif not word.named and word.text in ("in", "by", "on"):
                claimant, end = self._speakers.possessive(words, index + 1, scene.mentions)
                if scene.text(end - 1) in ("view", "opinion", "eyes"):
                    modality = Modality.OPINION
            else:
                continue
            reach = [i for i in region(words, index) if not index <= i < end]
            if claimant is not None and reach:
                cue = Span(word.span.start, words[end - 1].span.end)
                yield Attribution(claimant, stretches(words, reach), cue, "source", modality)

    def _outlooks(self, scene: Scene) -> Iterator[Attribution]:
        """ "Its own guidance of $3 billion": the figure behind is what the owner expected."""
        words = scene.words
        for index, word in enumerate(words[:-1]):
            claimant = self._speakers.outlook(words, index, scene.mentions)
            if claimant is None or scene.text(index + 1) not in ("of", "for"):
                continue
            end = next((i for i in range(index + 1, len(words)) if words[i].text in _STOPS), len(words))
            content = stretches(words, range(index + 1, end))
            yield Attribution(claimant, content, word.span, "outlook", Modality.FORECAST, clausal=False)

    def _headline(self, block: ReadBlock, scene: Scene) -> Iterator[Attribution]:
        """A headline that opens with a quotation and names its speaker behind a colon."""
        words = scene.words
        if block.block.kind not in (BlockKind.TITLE, BlockKind.HEADING) or scene.text(0) != '"':
            return
        end = next((i for i in range(1, len(words)) if words[i].text == '"'), len(words))
        speaker = words[end + 2].mention if end + 2 < len(words) and scene.text(end + 1) in (":", "—", ",") else None
        if speaker is not None and speaker.type == EntityType.PERSON:
            yield Attribution(speaker.entity, stretches(words, range(1, end)), words[end + 2].span, "source")
