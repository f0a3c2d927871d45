"""Attributions by syntax: the subject of a verb of saying and the clauses that hang on it, wherever they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from aigraph.facts.speech.bounds import nobody
from aigraph.facts.speech.cues import load_speakers, load_speech
from aigraph.facts.speech.heard import Hearing
from aigraph.facts.speech.refuted import belied, verdicts
from aigraph.facts.speech.said import holds_sum, said_by
from aigraph.facts.speech.saying_verbs import (
    DENIALS,
    MUTE,
    TELLING,
    Saying,
    is_unspoken,
    known_verb,
    saying_of,
    speaking_one,
)
from aigraph.facts.speech.sources import find_sources
from aigraph.facts.speech.speakers import AGENTS
from aigraph.facts.speech.spoken import Attribution
from aigraph.facts.speech.unnamed import mute
from aigraph.facts.speech.voices import voice
from aigraph.facts.words.inflections import Form
from aigraph.facts.words.trees import (
    child,
    children,
    is_negated,
    is_relative,
    own_subject,
    preposition,
    subtree,
)
from aigraph.records import Claimant, EntityType, Modality, Span, UnnamedGroup

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token


MODALITIES = {
    "forecast": Modality.FORECAST,
    "opinion": Modality.OPINION,
    "doubt": Modality.OPINION,
    "reported": Modality.REPORTED,
    "promise": Modality.FORECAST,
}
_NEAR = 5
_ADVERBS = 2
_WITHIN = frozenset({"flat", "compound", "appos", "nmod", "obl", "obl:agent", "acl", "acl:relcl"})
"""How words hang within a noun phrase on what stands before them."""


def find_sayings(hearing: Hearing) -> list[Attribution]:
    """The attributions of one sentence, in order of their cues."""
    found: list[Attribution] = []
    for token in hearing.tree.tokens:
        if (noun := _mistaken(hearing, token)) is not None:
            found.append(noun)
        saying = saying_of(hearing, token)
        if saying is not None:
            found += _attributions(hearing, saying)
    found += find_sources(hearing)
    return sorted(found, key=lambda a: a.cue)


def other_senses(hearing: Hearing) -> list[Span]:
    """Where words that may be verbs of saying are none, leave open what they tell, or tell what is not so."""
    known = ((t, known_verb(hearing, t)) for t in hearing.tree.tokens)
    return [
        hearing.tree.span(t)
        for t, verb in known
        if verb is not None and (is_unspoken(t, *verb) or belied(hearing.tree, t))
    ]


def _attributions(hearing: Hearing, saying: Saying) -> Iterator[Attribution]:
    verb = saying.verb
    content, clausal = said_by(hearing, saying)
    refuted = next((v for v in verdicts(hearing.tree) if v.source is not None and v.source.i == verb.i), None)
    if not content or _instructed(verb) or belied(hearing.tree, verb):
        return
    loose = clausal and saying.kind not in ("forecast", "valued") and not hearing.headline
    # in the present, what "shows" or "suggests" something is a fact more often than somebody
    loose = loose and not (saying.lemma in load_speech().personal and verb.tag_ in ("VBZ", "VBP"))
    claimant = _speaker(hearing, saying, loose=loose)
    if claimant is None:
        return
    persons = {m.entity for m in hearing.mentions if m.type == EntityType.PERSON}
    if not clausal and hearing.headline:
        return
    values = isinstance(claimant, UnnamedGroup) or claimant in persons or _deal(verb)
    if saying.lemma == "value_at" and not values:
        return
    speech = load_speech()
    spoken = saying.lemma in speech.with_object | speech.by_tree_with_object | speech.findings
    if not clausal and not spoken and claimant not in persons:
        return
    negated = is_negated(verb)
    yield Attribution(
        claimant=claimant,
        content=refuted.content if refuted is not None else hearing.tree.stretches(content),
        cue=_cue(hearing, verb),
        kind=saying.kind,
        modality=_modality(saying, claimant, content, clausal=clausal),
        denied=(saying.kind in DENIALS) != negated,
        past=verb.tag_ in ("VBD", "VBN"),
        clausal=clausal,
        refuted=refuted is not None and refuted.denied,
    )


def _cue(hearing: Hearing, verb: Token) -> Span:
    """The verb, with the "not" right before it: that is its own, and denies nothing else."""
    span = hearing.tree.span(verb)
    before = [t for t in hearing.tree.tokens if verb.i - _ADVERBS <= t.i < verb.i and t.head.i == verb.i]
    denial = next((t for t in before if t.lower_ in ("not", "n't", "n’t", "never")), None)
    return Span(hearing.tree.span(denial).start, span.end) if denial is not None else span


def _deal(verb: Token) -> bool:
    """Is it a deal that somebody values, rather than a firm that an investor buys into?"""
    thing = child(verb, "obj")
    return thing is not None and thing.lemma_ in ("agreement", "contract", "deal", "lease", "order", "pact")


def _instructed(verb: Token) -> bool:
    """Does somebody only hear what to think: "investors are told to expect …"?"""
    told = verb.dep_ == "xcomp" and verb.head.lemma_ in TELLING | {"advise", "lead"}
    return told and child(verb.head, "aux:pass", "nsubj:pass") is not None


def _modality(saying: Saying, claimant: Claimant, content: Sequence[Token], *, clausal: bool) -> Modality:
    rumour = isinstance(claimant, UnnamedGroup) and set(claimant.label.split()) & load_speakers().rumour
    if rumour:
        return Modality.REPORTED
    if saying.kind == "promise" and not clausal and any(t.lower_ in ("%", "times", "x", "percent") for t in content):
        return Modality.ASSERTED
    if saying.lemma == "see" and holds_sum([t for thing in children(saying.verb, "obj") for t in subtree(thing)]):
        return Modality.FORECAST
    return MODALITIES.get(saying.kind, Modality.ASSERTED)


def _speaker(hearing: Hearing, saying: Saying, *, loose: bool) -> Claimant | None:
    verb = saying.verb
    passive = any(t.dep_ in ("aux:pass", "nsubj:pass") for t in verb.children) or (
        verb.tag_ == "VBN" and verb.dep_ in ("acl", "acl:relcl") and child(verb, "nsubj") is None
    )
    passive = passive and not _aside(hearing, verb)
    if passive:
        agent = child(verb, "obl:agent") or next((t for t in children(verb, "obl") if preposition(t) == "by"), None)
        return voice(hearing, agent, loose=loose) if agent is not None else None
    behind = _named_behind(hearing, verb)
    own = children(verb, "nsubj") or children(verb, "nsubj:pass")
    subject = behind or (speaking_one(verb, own) if verb.dep_ == "parataxis" or own else hearing.tree.subject(verb))
    subject = (_before_that(verb) if not own else None) or subject or _named_before(hearing, verb)
    if subject is not None and _dateline(hearing, subject):
        subject = _phrase_before(hearing, verb)
    # ", citing bankers, that …": whom the tree takes for the subject does not speak
    cited = verb.tag_ == "VBG" and bool(own) and all(t.i > verb.i for t in own)
    if subject is None or cited or is_relative(subject) or not subject.pos_ or (own and nobody(own[0])):
        return None
    if subject.dep_ in ("csubj", "expl") or (subject.pos_ in ("VERB", "AUX") and subject.dep_ != "nsubj"):
        return None
    if mute(subject):
        return None
    if saying.lemma in load_speech().personal and subject.lower_ in ("it", "this", "that", "these", "they"):
        return None
    return voice(hearing, subject, loose=loose)


def _dateline(hearing: Hearing, subject: Token) -> bool:
    """Is a subject the place that a wire opens with: "PORTO, May 3 – …"?"""
    mention = hearing.tree.mention(subject)
    opens = subject.i == hearing.tree.tokens[0].i
    return opens and mention is not None and mention.type == EntityType.PLACE and mention.form.isupper()


def _phrase_before(hearing: Hearing, verb: Token) -> Token | None:
    """The noun at the top of the phrase right before a verb: ", the group founded by Ann Lee said"."""
    token = next((t for t in reversed(hearing.tree.tokens) if t.i < verb.i), None)
    while token is not None and token.dep_ in _WITHIN and token.head.i < token.i:
        token = token.head
    return token if token is not None and token.pos_ in ("NOUN", "PROPN", "PRON") else None


def _aside(hearing: Hearing, verb: Token) -> bool:
    """Is a verb without an auxiliary put behind its subject and a sign, as no passive is: ", one of them added."?"""
    subject = child(verb, "nsubj:pass")
    if subject is None or child(verb, "aux:pass", "aux") is not None or verb.dep_ != "parataxis" or subject.i > verb.i:
        return False
    left = min(t.i for t in subtree(subject))
    before = next((t for t in reversed(hearing.tree.tokens) if t.i < left), None)
    return before is not None and before.dep_ == "punct"


def _named_before(hearing: Hearing, verb: Token) -> Token | None:
    """The name right before a finite verb that the tree has left without a subject."""
    before = next((t for t in reversed(hearing.tree.tokens) if t.i < verb.i), None)
    finite = verb.tag_ in ("VBD", "VBZ", "VBP") or (verb.dep_ == "ROOT" and child(verb, "aux", "aux:pass") is None)
    if before is None or not finite:
        return None
    mention = hearing.tree.mention(before)
    if mention is not None and mention.type in AGENTS:
        return before
    first = hearing.tree.mention(hearing.tree.tokens[0])
    if before.text != "," or first is None or first.type not in AGENTS:
        return None
    name = hearing.tree.within(first.span)
    return name[-1] if name[-1].nbor().text == "," and name[-1].i + 1 < before.i else None


def _before_that(verb: Token) -> Token | None:
    """The subject before a verb without one that the tree gives to the clause behind: "and the utility says that"."""
    clauses = [t for t in children(verb, "ccomp") if t.i > verb.i and child(t, "mark") is not None]
    found = [t for clause in clauses for t in children(clause, "nsubj") if t.i < verb.i]
    return found[0] if found else None


def _strayed(hearing: Hearing, verb: Token) -> Token | None:
    """The noun right behind a verb that the tree has made the subject of what is said before it."""
    token = next((t for t in hearing.tree.tokens if t.i > verb.i), None)
    for _ in range(_NEAR):
        if token is None or token.head.i <= token.i or token.head.i - verb.i > _NEAR:
            break
        token = token.head
    return token if token is not None and token.dep_ == "nsubj" and token.head.i < verb.i else None


def _named_behind(hearing: Hearing, verb: Token) -> Token | None:
    """The speaker of "…, says Ann Lee" where the tree takes it for something else than the subject."""
    if own_subject(verb) is not None or verb.tag_ not in ("VBD", "VBZ", "VBP"):
        return None
    before = [t for t in hearing.tree.tokens if t.i < verb.i]
    stray = _strayed(hearing, verb)
    if stray is not None and before and before[-1].dep_ == "punct":
        return stray
    named = [t for t in children(verb, "obj", "dep", "obl:unmarked", "iobj", "xcomp", "flat") if t.i > verb.i]
    named += [verb.head] if verb.dep_ in ("compound", "amod") and verb.head.i == verb.i + 1 else []
    for token in named[:1]:
        mention = hearing.tree.mention(token)
        agent = mention is not None and mention.type in AGENTS
        if agent and before and before[-1].dep_ == "punct" and token.i - verb.i < _NEAR:
            return token
    return None


def _mistaken(hearing: Hearing, token: Token) -> Attribution | None:
    """A verb of saying that was taken for a noun: ", Orrin claims,"."""
    speech, tree = load_speech(), hearing.tree
    if token.pos_ not in ("NOUN", "PROPN") or tree.named(token) or not token.text.endswith("s"):
        return None
    readings = [r for r in speech.verbs.readings(token.lower_) if r.form == Form.THIRD and not r.particle]
    place = next((n for n, t in enumerate(tree.tokens) if t.i == token.i), 0)
    if not readings or place < 2 or place + 1 >= len(tree.tokens) or tree.tokens[place + 1].dep_ != "punct":
        return None
    mention = tree.mention(tree.tokens[place - 1])
    if mention is None or mention.type not in AGENTS:
        return None
    before = [t for t in tree.tokens[:place] if tree.span(t).end <= mention.span.start]
    kind = speech.kinds[readings[0].lemma]
    if not before or before[-1].dep_ != "punct" or kind in MUTE:
        return None
    content = [t for t in tree.tokens if t.i != token.i and not tree.span(t).overlaps(mention.span)]
    modality = MODALITIES.get(kind, Modality.ASSERTED)
    return Attribution(mention.entity, tree.stretches(content), tree.span(token), kind, modality)
