"""Attributions by syntax: the subject of a verb of saying and the clauses that hang on it, wherever they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aigraph.facts.speech.bounds import gives_name, nobody
from aigraph.facts.speech.cues import load_speakers, load_speech
from aigraph.facts.speech.refuted import belied, verdicts
from aigraph.facts.speech.sources import find_sources
from aigraph.facts.speech.speakers import AGENTS
from aigraph.facts.speech.spoken import Attribution
from aigraph.facts.speech.voices import Hearing, mute, voice
from aigraph.facts.words.inflections import Form
from aigraph.facts.words.trees import (
    antecedent,
    child,
    children,
    is_negated,
    is_predicate,
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
_DENIALS = frozenset({"denial", "doubt"})
_MUTE = frozenset({"silence", "wish"})
_UNSURE = frozenset({"can", "could", "may", "might", "must", "should"})
_NEAR = 5
_ADVERBS = 2
_WITHIN = frozenset({"flat", "compound", "appos", "nmod", "obl", "obl:agent", "acl", "acl:relcl"})
"""How words hang within a noun phrase on what stands before them."""
_FRACTIONS = frozenset({"fifth", "half", "quarter", "tenth", "third"})
_YEAR = 4
"""Digits of a year."""
_CLAUSES = ("ccomp", "parataxis", "csubj")
_COMPLETED = frozenset({"let", "make"})
_OTHER = {"agree": frozenset({"on", "to", "with"}), "bet": frozenset({"on"}), "report": frozenset({"to"})}
"""Verbs of saying that are others with a preposition and nothing that is said: "reports to Lee", "agreed on a deal"."""
_EMPTY = frozenset({"no", "nothing"})
"""Objects with which nothing is said: "denies nothing", "said no twice"."""
_REFUSED = frozenset({"dismiss", "reject", "see", "welcome"})
_OFFERS = frozenset(
    {"advance", "appeal", "application", "approach", "bid", "offer", "plan", "proposal", "request", "suit", "takeover"}
)
_QUESTIONS = frozenset({"how", "what", "when", "where", "which", "who", "whose", "why"})
_JUDGED = frozenset({"believe", "calculate", "consider", "estimate", "find", "hold", "judge", "reckon", "think"})
"""Verbs whose object has an infinitive: "found the chip to reach 71%"."""
_TIMES = frozenset({"after", "as", "before", "once", "since", "until", "when", "while"})
_REFUSING = frozenset({"avoid", "cease", "decline", "fail", "forget", "hesitate", "refrain", "refuse", "stop"})
_HEARD = frozenset({"tell", "inform", "remind", "assure", "warn", "notify"})


@dataclass(frozen=True, slots=True)
class _Saying:
    """A verb of saying: its token, its lemma with particle as in `speech.yaml`, and its kind there."""

    verb: Token
    lemma: str
    kind: str


def find_sayings(hearing: Hearing) -> list[Attribution]:
    """The attributions of one sentence, in order of their cues."""
    found: list[Attribution] = []
    for token in hearing.tree.tokens:
        if (noun := _mistaken(hearing, token)) is not None:
            found.append(noun)
        saying = _saying(hearing, token)
        if saying is not None:
            found += _attributions(hearing, saying)
    found += find_sources(hearing)
    return sorted(found, key=lambda a: a.cue)


def other_senses(hearing: Hearing) -> list[Span]:
    """Where words that may be verbs of saying are none, leave open what they tell, or tell what is not so."""
    known = ((t, _known(hearing, t)) for t in hearing.tree.tokens)
    return [
        hearing.tree.span(t)
        for t, verb in known
        if verb is not None and (_unspoken(t, *verb) or belied(hearing.tree, t))
    ]


def _known(hearing: Hearing, token: Token) -> tuple[str, frozenset[str]] | None:
    """The lemma in `speech.yaml` that a verb may be, and the prepositions and particles that go with it."""
    if (
        token.pos_ not in ("VERB", "AUX")
        or token.dep_ in ("amod", "compound", "case", "fixed")
        or hearing.tree.named(token)
    ):
        return None
    objects = children(token, "obj")
    behind = [*objects, *children(token, "obl", "nmod", "advcl"), *(t for o in objects for t in children(o, "nmod"))]
    prepositions = {preposition(t) for t in behind} | {t.lower_ for t in children(token, "compound:prt")}
    prepositions |= {"it" for t in objects if t.lower_ == "it"} | {t.lower_ for t in _completed(token)}
    lemmas = [f"{token.lemma_}_{p}" for p in sorted(prepositions) if p] + [token.lemma_]
    lemma = next((known for known in lemmas if known in load_speech().by_tree), None)
    return (lemma, frozenset(prepositions)) if lemma is not None else None


def _saying(hearing: Hearing, token: Token) -> _Saying | None:
    """The verb of saying that a token is; None for what leaves open whether it is so."""
    known = _known(hearing, token)
    if known is None or _unspoken(token, *known):
        return None
    lemma = known[0]
    kind = "doubt" if _questions(token, lemma) else load_speech().by_tree[lemma]
    modals = {t.lower_ for t in children(token, "aux")}
    negated = is_negated(token) or any(t.lower_ in ("neither", "nor") for t in token.children)
    open_ = kind in _MUTE or modals & _UNSURE or (negated and kind not in ("forecast", "opinion", "denial", "doubt"))
    return None if open_ or _refuses(token) else _Saying(token, lemma, kind)


def _questions(verb: Token, lemma: str) -> bool:
    """Does somebody doubt something in asking: "questioned whether customers would come"?"""
    clause = child(verb, "ccomp")
    return lemma == "question" and clause is not None and _asks(clause)


def _refuses(verb: Token) -> bool:
    """Does somebody not say what the verb of saying has: "declined to confirm that", "stopped short of saying that"?"""
    above = verb.head if verb.dep_ in ("xcomp", "advcl", "ccomp", "acl") else verb
    above = above.head if above.lower_ == "short" else above
    return above.i != verb.i and above.lemma_ in _REFUSING and not is_negated(above)


def _present(verb: Token) -> bool:
    """Is a verb finite and in the present or future: "sees", "will see", but not "a right to see"?"""
    return verb.tag_ in ("VBZ", "VBP") or (verb.tag_ == "VB" and child(verb, "nsubj") is not None)


def _unspoken(verb: Token, lemma: str, prepositions: frozenset[str]) -> bool:
    """Does a verb of saying say nothing here: another verb by its particle ("call on"), "when told", "bets on X"?"""
    speech = load_speech()
    clause, thing = child(verb, "ccomp"), child(verb, "obj")
    phrasal = bool(children(verb, "compound:prt")) and "_" not in lemma and clause is None
    agent = child(verb, "obl:agent") is not None or any(preposition(t) == "by" for t in children(verb, "obl"))
    bare = verb.dep_ == "advcl" and verb.tag_ == "VBN" and child(verb, "nsubj", "nsubj:pass", "aux", "aux:pass") is None
    borne = {preposition(t) for t in children(verb, "obl")}
    other = clause is None and thing is None and _OTHER.get(lemma, frozenset()) & borne
    counted = lemma == "count" and "among" in prepositions  # "it counts the bank among its customers"
    had = lemma == "have_it" and clause is None and child(verb, "advmod", "obl") is not None
    valued = speech.by_tree[lemma] == "valued" and not _at_a_figure(verb, lemma.partition("_")[2])
    offered = lemma in _REFUSED and thing is not None and thing.lemma_ in _OFFERS
    told = speech.by_tree[lemma] == "asserted" and lemma != "describe_how" and clause is not None
    past = lemma in speech.present_only and not _present(verb)
    open_ = told and clause is not None and _open(verb, clause)
    compared = _than(verb) and child(verb, "ccomp", "obj", "xcomp") is None
    pawned = lemma == "pledge" and thing is not None and any(preposition(t) == "as" for t in children(verb, "obl"))
    empty = clause is None and thing is not None and thing.lower_ in _EMPTY
    silent = speech.by_tree[lemma] in _DENIALS and any(t.lower_ == "nor" for t in children(verb, "cc"))
    none = (phrasal, bare and not agent, other, counted, had, valued, offered, past, open_, _asks(verb))
    return any((*none, compared, pawned, empty, silent))


def _than(verb: Token) -> bool:
    """Does a verb only tell what something is compared with: "more than it had promised"?"""
    return any(t.lower_ == "than" for t in children(verb, "mark"))


def _at_a_figure(verb: Token, particle: str) -> bool:
    """Does a verb of valuing have its figure: "puts the cost at $3 billion", not "puts chips into a hall at Porto"?"""
    borne = [t for t in verb.subtree if t.i > verb.i and preposition(t) == particle]
    thing = child(verb, "obj")
    if particle == "at" and thing is not None and (thing.lemma_ == "money" or thing.pos_ in ("NUM", "SYM")):
        return False  # "puts two billion into it, at $87.20 a share"
    return not borne or any(t.pos_ in ("NUM", "SYM") or _numeral(t) for head in borne for t in subtree(head))


def _numeral(token: Token) -> bool:
    return token.text[:1].isdigit() or token.like_num or token.lemma_ in _FRACTIONS


def _completed(verb: Token) -> list[Token]:
    """What completes a verb to one of saying: "made clear", "let it be known"."""
    return children(verb, "xcomp", "ccomp") if verb.lemma_ in _COMPLETED else []


# --- who --------------------------------------------------------------------------------------------------------


def _attributions(hearing: Hearing, saying: _Saying) -> Iterator[Attribution]:
    verb = saying.verb
    content, clausal = _content(hearing, saying)
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
        denied=(saying.kind in _DENIALS) != negated,
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
    told = verb.dep_ == "xcomp" and verb.head.lemma_ in _HEARD | {"advise", "lead"}
    return told and child(verb.head, "aux:pass", "nsubj:pass") is not None


def _modality(saying: _Saying, claimant: Claimant, content: Sequence[Token], *, clausal: bool) -> Modality:
    rumour = isinstance(claimant, UnnamedGroup) and set(claimant.label.split()) & load_speakers().rumour
    if rumour:
        return Modality.REPORTED
    if saying.kind == "promise" and not clausal and any(t.lower_ in ("%", "times", "x", "percent") for t in content):
        return Modality.ASSERTED
    if saying.lemma == "see" and _sum([t for thing in children(saying.verb, "obj") for t in subtree(thing)]):
        return Modality.FORECAST
    return MODALITIES.get(saying.kind, Modality.ASSERTED)


def _speaker(hearing: Hearing, saying: _Saying, *, loose: bool) -> Claimant | None:
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
    subject = behind or (_speaking(verb, own) if verb.dep_ == "parataxis" or own else hearing.tree.subject(verb))
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


def _speaking(verb: Token, subjects: Sequence[Token]) -> Token | None:
    """Of several subjects the speaker: the one behind the verb ("…, says X"), else the nearest one before it."""
    behind = [t for t in subjects if t.i > verb.i]
    subject = behind[0] if behind else subjects[-1] if subjects else None
    return antecedent(subject, verb) if subject is not None else None


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


# --- what -------------------------------------------------------------------------------------------------------


def _content(hearing: Hearing, saying: _Saying) -> tuple[list[Token], bool]:
    """The words that are said, and whether they have a verb of their own."""
    verb = saying.verb
    clauses = [t for t in children(verb, *_CLAUSES) if t.dep_ != "parataxis" or _announced(verb, t)]
    if known := _completed(verb):
        clauses = [t for t in (*clauses, *(c for k in known for c in children(k, "ccomp"))) if t not in known]
    inverted = own_subject(verb)
    if inverted is not None and inverted.i > verb.i:
        clauses = [t for t in clauses if t.i < verb.i or is_predicate(t)]
    if clauses and _when(hearing, verb):
        clauses = clauses[:1]
    quoted = [] if clauses else _behind_colon(hearing, verb)
    if quoted or (clauses and (saying.kind == "doubt" or not _asks(clauses[0]))):
        return quoted or [t for c in (*clauses, *_stray(verb)) for t in subtree(c)], True
    bare = _stray(verb) if not children(verb, "obj", "xcomp", "obl") else []
    if (clauses and saying.kind == "asserted") or bare:
        return [t for part in bare for t in subtree(part)] if not clauses else [], not clauses
    behind = _parenthetical(hearing, verb)
    if behind is not None:
        return [t for t in subtree(behind, without=[verb]) if t.dep_ != "punct" or t.head.i != behind.i], True
    if told := _infinitive(hearing, saying) or _answer(verb, inverted):
        return told, True
    judged = [t for t in children(verb, "xcomp") if t.pos_ in ("ADJ", "NOUN") and child(t, "mark") is None]
    seen = saying.lemma in _SEEN or (saying.lemma == "find" and bool(judged))
    if seen and child(verb, "obj") is not None and not gives_name(hearing.tree, verb):
        return [t for t in subtree(verb) if t.i > verb.i], True
    return [] if gives_name(hearing.tree, verb) else _object(hearing, saying), False


def _behind_colon(hearing: Hearing, verb: Token) -> list[Token]:
    """A quotation that a verb announces right before it, whatever the tree makes of its words: "she commented: "…""."""
    behind = [t for t in hearing.tree.tokens if t.i > verb.i]
    if len(behind) <= _NEAR or behind[0].text != ":" or behind[1].text not in ('"', "“"):
        return []
    end = next((n for n, t in enumerate(behind) if n > 1 and t.text in ('"', "”")), len(behind))
    return behind[2:end]


def _infinitive(hearing: Hearing, saying: _Saying) -> list[Token]:
    """What is told by an infinitive: "claims to have", "expects sales to grow", "found the Q7 to reach 71%"."""
    verb, free = saying.verb, saying.lemma in load_speech().with_infinitive
    thing = child(verb, "obj") if saying.lemma in _JUDGED else None
    definite = thing is not None and (thing.tag_ == "PRP" or hearing.tree.mention(thing) is not None)
    if not free and (thing is None or not (definite or saying.lemma not in ("find", "hold"))):
        return []
    infinitives = [t for t in children(verb, "xcomp") if free or child(t, "mark") is not None]
    objects = children(verb, "obj", "iobj") if infinitives else []
    return [t for part in (*objects, *infinitives) for t in subtree(part)]


def _answer(verb: Token, inverted: Token | None) -> list[Token]:
    """What is answered before a verb and its speaker: "Yes, says Orrin"."""
    bare = inverted is not None and inverted.i > verb.i and child(verb, "obj", "xcomp") is None
    if not bare or inverted is None or not children(verb, "discourse"):
        return []
    return [t for t in subtree(verb, without=[inverted]) if t.i != verb.i]


def _stray(verb: Token) -> list[Token]:
    """A second subject before the speaker belongs to what is said, whatever the tree makes of it."""
    subjects = children(verb, "nsubj", "nsubj:pass")
    speaker = _speaking(verb, subjects)
    return [t for t in subjects if speaker is None or (t.i != speaker.i and not is_relative(t))]


_SEEN = frozenset(
    {"brand", "call", "characterise", "characterize", "consider", "deem", "describe", "dismiss", "hail", "label",
     "regard", "see", "view"}
)  # fmt: skip


def _announced(verb: Token, clause: Token) -> bool:
    """Does what is said stand behind a colon or in quotation marks, as in "She said: …"?"""
    if clause.i < verb.i or child(verb, "obj") is not None:
        return False
    start = min(t.i for t in subtree(clause) if t.dep_ != "punct")
    between = verb.doc[verb.i + 1 : start]
    return any(t.text in (":", '"', "“") for t in between)


def _when(hearing: Hearing, verb: Token) -> bool:
    """Does a sentence open with "When X said that …", so that a second clause is its main one?"""
    first = hearing.tree.tokens[0].i
    return any(t.lower_ in _TIMES and t.i == first for t in children(verb, "advmod", "mark"))


def _asks(clause: Token) -> bool:
    """Is what is said left open: "whether", "how much"?"""
    return any(t.lower_ in ("whether", "if") and t.dep_ == "mark" for t in clause.children)


def _open(verb: Token, clause: Token) -> bool:
    """Is what is told only a question: "told us how it came about", "without saying what became of it"?"""
    first = min((t for t in subtree(clause) if t.dep_ != "punct"), key=lambda t: t.i)
    told = first.lower_ in _QUESTIONS and first.head.i == clause.i and first.dep_ in ("advmod", "nsubj", "obj", "det")
    announced = any(t.text == ":" and t.i > verb.i for t in verb.subtree)
    return told and first.i > verb.i and clause.dep_ == "ccomp" and not announced


def _object(hearing: Hearing, saying: _Saying) -> list[Token]:
    verb, lemma = saying.verb, saying.lemma
    speech = load_speech()
    allowed = speech.with_object | speech.with_object_of_person | speech.by_tree_with_object
    subject = hearing.tree.subject(verb)
    nouns = load_speakers()
    found = lemma in speech.findings and subject is not None and subject.lemma_ in nouns.works
    finders = subject is not None and (subject.lower_ in nouns.groups or _person(hearing, subject))
    measured = lemma == "find" and finders and _sum([t for o in children(verb, "obj") for t in subtree(o)])
    found = found or bool(measured)
    if lemma not in allowed and not found:
        return _quoted(verb)
    particle = lemma.partition("_")[2]
    heads = children(verb, "obj", "obl:unmarked") if lemma not in _HEARD else []
    heads = [t for t in heads if not (verb.dep_ == "acl:relcl" and is_relative(t))]
    heads += [t for t in children(verb, "obl", "xcomp") if t.i > verb.i]
    if particle and not heads:
        heads = [t for t in children(verb, "obl") if preposition(t) == particle]
    if not any(
        t.dep_ in ("obj", "obl:unmarked", "xcomp") or preposition(t) in (particle, "of", "about", "for") for t in heads
    ):
        relative = verb.dep_ == "acl:relcl" and saying.kind in ("forecast", "promise") and not heads
        return subtree(verb.head, without=[verb]) if relative else []
    said = [t for head in heads for t in subtree(head)]
    figures = _sum(said) or any(t.pos_ == "NUM" and _many(t) for t in said)
    return said if lemma not in speech.of_figures or figures else []


def _person(hearing: Hearing, token: Token) -> bool:
    mention = hearing.tree.mention(token)
    return mention is not None and mention.type == EntityType.PERSON


def _sum(tokens: Sequence[Token]) -> bool:
    """Do some words hold a sum or a share?"""
    return any(t.pos_ == "SYM" or t.lower_ in ("%", "percent") for t in tokens)


def _many(token: Token) -> bool:
    """Is a number too large, or too exact, for one of things at hand: "58,000", "3.5", but not "2" or "2027"?"""
    digits = [c for c in token.text if c.isdigit()]
    return len(digits) > 1 and not (len(digits) == _YEAR and token.text.isdigit())


def _quoted(verb: Token) -> list[Token]:
    """What stands in quotation marks right behind a verb that takes no object."""
    parts = [t for t in children(verb, "obj", "obl", "xcomp", "advmod", "dep") if t.i > verb.i]
    quoted = [t for t in parts if any(u.text in '"“”' for u in t.children)]
    return [t for part in quoted for t in subtree(part)]


def _parenthetical(hearing: Hearing, verb: Token) -> Token | None:
    """What a verb without a clause of its own comments on: ", X said", "A, says X, is B", "…," said X."""
    mark = child(verb, "mark")
    relative = any(is_relative(t) for t in verb.children if t.dep_ in ("nsubj", "obj"))
    objects = [t for t in children(verb, "obj", "xcomp") if t.lower_ != "it" and t not in _completed(verb)]
    bare = not objects or verb.lemma_ in _HEARD
    if relative or not bare or verb.head.i == verb.i:
        return None
    if mark is not None:
        comments = mark.lower_ == "as" and verb.dep_ == "advcl" and verb.tag_ != "VBG"
    else:
        comments = (verb.dep_ == "parataxis" and not _afresh(hearing, verb)) or _inserted(hearing, verb)
    return _whole(hearing, verb.head, verb) if comments else None


def _afresh(hearing: Hearing, verb: Token) -> bool:
    """Does a clause begin behind a semicolon, so that it is no comment on the one before?"""
    left = min((t.i for t in subtree(verb) if t.dep_ != "punct"), default=verb.i)
    before = next((t for t in reversed(hearing.tree.tokens) if t.i < left), None)
    return before is not None and before.text == ";"


def _inserted(hearing: Hearing, verb: Token) -> bool:
    """Does a clause with a subject of its own stand behind a sign, and hang on a noun as no clause like it can?"""
    hung = ("acl:relcl", "acl", "dep", "appos", "advcl")
    if verb.dep_ not in hung or child(verb, "nsubj") is None or child(verb, "mark", "advmod") is not None:
        return False
    left = min((t.i for t in subtree(verb) if t.dep_ != "punct"), default=verb.i)
    before = next((t for t in reversed(hearing.tree.tokens) if t.i < left), None)
    return before is not None and before.text in (",", "—", "–", '"', "”", "(")


def _whole(hearing: Hearing, token: Token, verb: Token) -> Token:
    """The clause that a parenthetical speaks of: all of the sentence but what other clauses of it are coordinate."""
    clause = hearing.tree.clause(token)
    while clause.dep_ not in ("conj", "parataxis", "ROOT") and clause.head.i != clause.i:
        if clause.dep_ == "acl:relcl" and verb.i < clause.i:
            break  # "of which a rack, it says, needs two": the clause that it stands in, not what that hangs on
        clause = hearing.tree.clause(clause.head)
    return clause


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
    if not before or before[-1].dep_ != "punct" or kind in _MUTE:
        return None
    content = [t for t in tree.tokens if t.i != token.i and not tree.span(t).overlaps(mention.span)]
    modality = MODALITIES.get(kind, Modality.ASSERTED)
    return Attribution(mention.entity, tree.stretches(content), tree.span(token), kind, modality)
