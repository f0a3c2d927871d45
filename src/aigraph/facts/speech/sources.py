"""Sources that no verb names: "according to X", "in X's view", "X's forecast of …", "X is sure that …"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from aigraph.facts.speech.cues import load_speakers
from aigraph.facts.speech.heard import Hearing
from aigraph.facts.speech.speakers import AGENTS
from aigraph.facts.speech.spoken import Attribution
from aigraph.facts.speech.voices import voice
from aigraph.facts.words.trees import NOMINAL, child, children, is_negated, is_predicate, preposition, subtree
from aigraph.records import Claimant, EntityType, Modality, Span, UnnamedGroup

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token

_BEARING = frozenset({"in", "by", "on", "from", "to", "per"})
_SET = frozenset(
    {"boost", "confirm", "cut", "give", "increase", "issue", "keep", "lift", "lower", "maintain", "narrow", "provide",
     "raise", "reaffirm", "reduce", "set", "trim", "upgrade"}
)  # fmt: skip
_VIEWS = frozenset({"view", "opinion", "eyes", "mind", "judgment", "judgement"})
_OPENING = 4
_DENYING = frozenset({"denial", "objection", "doubt", "rejection"})
_DENIED_BELIEFS = frozenset({"doubtful", "pessimistic", "sceptical", "skeptical", "unconvinced"})
_STAYING = frozenset({"appear", "become", "feel", "remain", "seem", "sound", "stay"})


def find_sources(hearing: Hearing) -> Iterator[Attribution]:
    """The attributions of one sentence that no verb of saying makes."""
    for token in hearing.tree.tokens:
        if hearing.tree.named(token):
            continue
        if token.dep_ == "case" and token.lower_ in ("per", "for"):
            yield from _per(hearing, token)
        elif token.lower_ == "according":
            yield from _according(hearing, token)
        elif token.pos_ == "NOUN":
            yield from _in_view(hearing, token)
            yield from _outlook(hearing, token)
            yield from _noun_that(hearing, token)
        elif token.pos_ == "ADJ":
            yield from _believing(hearing, token)
            yield from _believed(hearing, token)
        elif token.pos_ == "VERB":
            yield from _believed(hearing, token)
            if token.tag_ in ("JJ", "VBN"):  # "convinced"
                yield from _believing(hearing, token)


def _according(hearing: Hearing, token: Token) -> Iterator[Attribution]:
    """ "According to X": X is the phrase right behind, whatever the tree makes of "according"."""
    tokens = hearing.tree.tokens
    place = next(n for n, t in enumerate(tokens) if t.i == token.i)
    if place + 2 >= len(tokens) or tokens[place + 1].lower_ != "to":
        return
    source = tokens[place + 2]
    while source.head.i > source.i and source.head.pos_ in NOMINAL and not _parted(tokens, source, source.head):
        source = source.head
    claimant = voice(hearing, source, loose=True)
    if claimant is None:
        return
    top = source if token.dep_ == "case" and token.head.i == source.i else token
    if token.dep_ == "case" and token.head.i != source.i:
        top = source
    rumour = isinstance(claimant, UnnamedGroup) and set(claimant.label.split()) & load_speakers().rumour
    modality = Modality.REPORTED if rumour else Modality.ASSERTED
    yield from _about_clause(hearing, top, claimant, modality, hearing.tree.span(token))


def _per(hearing: Hearing, token: Token) -> Iterator[Attribution]:
    """ "Per Orrin, …" and, at the start of a sentence, "For Ann Lee, …"."""
    tree, source = hearing.tree, token.head
    mention = tree.mention(source)
    view = token.lower_ == "for"
    types = {EntityType.PERSON} if view else AGENTS
    if mention is None or mention.type not in types or (view and token.i != tree.tokens[0].i):
        return
    behind = next((t for t in tree.tokens if tree.span(t).start >= mention.span.end), None)
    if behind is None or behind.dep_ != "punct":
        return
    modality = Modality.OPINION if view else Modality.ASSERTED
    yield from _about_clause(hearing, source, mention.entity, modality, tree.span(token))


def _parted(tokens: Sequence[Token], first: Token, second: Token) -> bool:
    return any(t.dep_ == "punct" and t.text in (",", ";", ":", "(", "—") for t in tokens if first.i < t.i < second.i)


def _about_clause(
    hearing: Hearing, top: Token, claimant: Claimant, modality: Modality, cue: Span
) -> Iterator[Attribution]:
    """The clause that a source stands in is what it says."""
    if top.head.i == top.i:
        return
    clause = hearing.tree.clause(top.head)
    while clause.dep_ in ("xcomp", "acl", "conj") and clause.head.i != clause.i and clause.i > top.i:
        clause = hearing.tree.clause(clause.head)
    content = subtree(clause, without=[top])
    if content:
        yield Attribution(claimant, hearing.tree.stretches(content), cue, "source", modality)


def _in_view(hearing: Hearing, token: Token) -> Iterator[Attribution]:
    """ "In X's view", "by Orrin's count", "by its own account"."""
    nouns = load_speakers()
    if token.lower_ not in nouns.works and token.lower_ not in nouns.reckonings:
        return
    borne = preposition(token) or next((t.lower_ for t in children(token, "mark")), "")
    opening = token.dep_ == "ROOT" and token.i - hearing.tree.tokens[0].i <= _OPENING
    if borne not in _BEARING or not (opening or token.dep_ in ("obl", "nmod", "advcl", "advmod", "dep")):
        return
    owner = child(token, "nmod:poss", "nsubj") or next(
        (t for t in children(token, "nmod") if preposition(t) == "of"), None
    )
    owner = owner or _of(hearing, token)
    claimant = voice(hearing, owner, loose=False) if owner is not None else None
    if claimant is None:
        return
    modality = Modality.OPINION if token.lower_ in _VIEWS else Modality.ASSERTED
    cue = hearing.tree.span(token)
    if opening:
        behind = hearing.tree.stretches(t for t in hearing.tree.tokens if t.i > token.i)
        yield Attribution(claimant, behind, cue, "source", modality)
    else:
        yield from _about_clause(hearing, token, claimant, modality, cue)


def _of(hearing: Hearing, token: Token) -> Token | None:
    """The name right behind "view of", whatever the tree hangs it on."""
    behind = [t for t in hearing.tree.tokens if t.i > token.i][:2]
    if len(behind) < 2 or behind[0].lower_ != "of" or (mention := hearing.tree.mention(behind[1])) is None:
        return None
    return hearing.tree.head_of(mention.span)


def _believed(hearing: Hearing, token: Token) -> Iterator[Attribution]:
    """ "…, if X is to be believed", "…, if X is right"."""
    believed = token.lemma_ == "believe" and token.tag_ == "VBN"
    right = token.lower_ in ("correct", "right") and token.head.i < token.i
    if token.dep_ != "advcl" or not (believed or right):
        return
    if not any(t.lower_ == "if" and t.dep_ == "mark" for t in token.children):
        return
    subject = child(token, "nsubj:pass", "nsubj", "obl:agent")
    claimant = voice(hearing, subject, loose=True) if subject is not None else None
    if claimant is not None:
        spans = hearing.tree.stretches(subtree(token.head, without=[token]))
        yield Attribution(claimant, spans, hearing.tree.span(token), "source", Modality.REPORTED)


def _outlook(hearing: Hearing, token: Token) -> Iterator[Attribution]:
    """ "Its own guidance of $3 billion", "analysts' estimate was $3 billion", "below the consensus of …"."""
    nouns = load_speakers()
    if token.lower_ not in nouns.outlooks | nouns.expectations:
        return
    owner = _forecaster(hearing, token)
    told = [t for t in children(token, "nmod", "acl", "ccomp", "appos") if t.i > token.i and t is not owner]
    told = [t for t in told if t.dep_ in ("acl", "ccomp") or preposition(t) in ("of", "for", "at")]
    content = [t for part in told for t in subtree(part)]
    if token.dep_ == "nsubj" and token.head.i > token.i:
        content += subtree(token.head, without=[token])
    if token.dep_ == "obj" and token.head.lemma_ in _SET:
        figures = [t for part in children(token.head, "obl") for t in subtree(part)]
        content += figures if any(t.pos_ in ("NUM", "SYM") for t in figures) else []
    claimant = voice(hearing, owner, loose=False) if owner is not None else None
    if owner is not None and owner.dep_ == "compound" and f"{owner.lower_}s" in nouns.groups:
        claimant = UnnamedGroup(f"{owner.lower_}s")  # "the average analyst estimate" is that of several
    if claimant is None and (token.lower_ == "consensus" or (token.lower_ in nouns.expectations and _measured(token))):
        claimant = UnnamedGroup("analysts")
    if claimant is not None and content:
        cue = hearing.tree.span(token)
        spans = hearing.tree.stretches(content)
        yield Attribution(claimant, spans, cue, "outlook", Modality.FORECAST, clausal=False)


def _forecaster(hearing: Hearing, token: Token) -> Token | None:
    """Whose forecast it is: "X's", "by X", "analyst"."""
    groups = load_speakers().groups
    owner = child(token, "nmod:poss")
    owner = owner or next((t for t in children(token, "nmod") if preposition(t) in ("by", "from", "among")), None)
    compounds = children(token, "compound", "amod")
    return owner or next((t for t in compounds if t.lower_ in groups or hearing.tree.mention(t)), None)


def _measured(token: Token) -> bool:
    """Are expectations what a figure is measured by: "beat estimates of $3 billion", "ahead of expectations"?"""
    beaten = token.dep_ in ("obj", "nsubj:pass") and token.head.lemma_ in ("beat", "exceed", "miss", "surpass", "top")
    return beaten or preposition(token) in ("above", "ahead", "below", "beyond", "against", "than", "of", "with")


def _noun_that(hearing: Hearing, token: Token) -> Iterator[Attribution]:
    """ "X's claim that …", "a warning from X that …"."""
    nouns = load_speakers()
    if token.lemma_ not in nouns.sayings:
        return
    behind = next((t for t in hearing.tree.tokens if t.i > token.i), None)
    opened = behind is not None and behind.lower_ == "that"
    told = [
        t
        for t in children(token, "acl", "ccomp")
        if (opened and t.i > token.i) or any(u.lower_ == "that" and u.dep_ == "mark" for u in t.children)
    ]
    owner = child(token, "nmod:poss") or next(
        (t for t in children(token, "nmod") if preposition(t) in ("by", "from")), None
    )
    claimant = voice(hearing, owner, loose=False) if owner is not None else None
    if claimant is None or not told:
        return
    content = [t for part in told for t in subtree(part)]
    modality = Modality.OPINION if token.lemma_ in ("view", "opinion", "belief", "argument") else Modality.ASSERTED
    denied = token.lemma_ in _DENYING
    yield Attribution(
        claimant, hearing.tree.stretches(content), hearing.tree.span(token), "source", modality, denied=denied
    )


def _believing(hearing: Hearing, token: Token) -> Iterator[Attribution]:
    """ "She is confident that …", "he remains sceptical that …", "they are not sure that …"."""
    remains = token.dep_ == "xcomp" and token.head.lemma_ in _STAYING
    if token.lower_ not in load_speakers().beliefs or not (is_predicate(token) or remains):
        return
    told = children(token, "ccomp") or (children(token.head, "ccomp") if remains else [])
    told = [t for t in told if t.i > token.i]
    denied = token.lower_ in _DENIED_BELIEFS
    if not denied and any(t.lower_ in ("if", "whether") and t.dep_ == "mark" for part in told for t in part.children):
        return  # "not sure whether" leaves open what "doubtful whether" does not
    subject = hearing.tree.subject(token)
    claimant = voice(hearing, subject, loose=False) if subject is not None else None
    if claimant is None or not told:
        return
    negated = is_negated(token) or (remains and is_negated(token.head))
    spans = hearing.tree.stretches(t for part in told for t in subtree(part))
    cue = hearing.tree.span(token)
    yield Attribution(claimant, spans, cue, "opinion", Modality.OPINION, denied=denied != negated)
