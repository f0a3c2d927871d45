"""Whose voice a noun phrase is: a named speaker, what a description stands for, or an unnamed group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from aigraph.facts.speech.cues import load_speakers
from aigraph.facts.speech.heard import OWNERS, Hearing, named_persons, somebody_before
from aigraph.facts.speech.pronouns import OWN, PERSONAL, THING, pronoun
from aigraph.facts.speech.speakers import AGENTS, latest, main_company
from aigraph.facts.speech.unnamed import is_indefinite, is_of_its_own, labelled, mute, one_of_several
from aigraph.facts.words.trees import Tree, child, children, phrase, preposition
from aigraph.records import BODY, Claimant, EntityType, Mention, MentionKind, Span

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token


_ISSUING = frozenset({"circulate", "file", "issue", "post", "publish", "put", "release", "send", "write"})
_SOMEBODY = frozenset({"official", "person", "pundit"})
_OPENING = 6
_BESIDE = 40
_ASIDE = 3
"""Characters between a noun and the name behind it: a comma or a dash."""
_GENERIC = frozenset({"bosses", "company", "executives", "firm", "group", "leadership", "management"})
_WRITERS = frozenset({"analysts", "authors", "note"})
_TOGETHER = frozenset({"duo", "pair", "three", "trio", "two"})
_POINTING = frozenset({"the", "that", "this"})
_STAFF = frozenset({"bosses", "executives", "leadership", "management"})


def voice(hearing: Hearing, head: Token, *, loose: bool) -> Claimant | None:
    """Who speaks where a noun phrase with that head is the speaker; None where it is nobody who can.

    With `loose` any noun will do, as in "the ministry said that …", else it has to be a known word for speakers.
    """
    mention = hearing.tree.mention(head)
    if head.lower_ == "one":
        return one_of_several(hearing, head) or _sender(hearing, head)
    if head.pos_ == "PRON" or head.lower_ in PERSONAL | THING | OWN:
        return pronoun(hearing, head, mention)
    called = _institution(hearing, head, mention)
    if called is not None:
        return called
    if mention is not None and mention.kind != MentionKind.PRONOUN:
        return _mentioned(hearing, head, mention)
    return _described(hearing, head, loose=loose)


def _institution(hearing: Hearing, head: Token, mention: Mention | None) -> Claimant | None:
    """ "The laboratory": the body named last whose name has that word, and none that is called another thing."""
    kinds, word = load_speakers().institutions, head.lower_
    named = mention is not None and mention.kind == MentionKind.NAME
    if named or word not in kinds or not any(t.lower_ in _POINTING for t in children(head, "det")):
        return None
    start = hearing.tree.span(head).start
    bodies = [m for m in hearing.mentions if m.type in BODY and m.kind == MentionKind.NAME]
    fitting = [m for m in bodies if m.span.start < start and word in m.form.casefold().split()]
    if fitting or mention is None:
        return fitting[-1].entity if fitting and _owner(hearing, head) is None else None
    forms = {part for m in bodies if m.entity == mention.entity for part in m.form.casefold().split()}
    return labelled(head) if forms & kinds and word not in forms else None


def _sender(hearing: Hearing, head: Token) -> Claimant | None:
    """ "One, from a reader in Porto, said that …"; "one sees …" is nobody."""
    behind = [t for t in hearing.tree.tokens if t.i > head.i][:2]
    if [t.lower_ for t in behind] not in ([",", "from"], [",", "by"]):
        return None
    sender = behind[1].head
    return voice(hearing, sender, loose=True) if sender.i > behind[1].i else None


def own_body(mentions: Sequence[Mention]) -> NamedNode | None:
    """The body that an article is about: named at least twice as often as any other."""
    counts = Counter(m.entity for m in mentions if m.type in BODY and m.kind == MentionKind.NAME)
    ranked = counts.most_common(2)
    if not ranked or (len(ranked) == 2 and ranked[0][1] < 2 * ranked[1][1]):
        return None
    return ranked[0][0]


def _mentioned(hearing: Hearing, head: Token, mention: Mention) -> Claimant | None:
    """A name; of "X's Y" and "Y, chief of X" the person."""
    nominal = mention.kind == MentionKind.NOMINAL and mention.type in BODY
    if nominal and head.lower_ in load_speakers().company:
        return _company(hearing, head, mention)
    if nominal and head.lower_ in load_speakers().media and any(t.pos_ == "PROPN" for t in children(head, "compound")):
        return labelled(head)  # "the Halden newspaper": a name that was not found is no other one's
    if mention.type in AGENTS:
        return mention.entity
    maker = _owner(hearing, head)
    return maker.entity if maker is not None else None


def _described(hearing: Hearing, head: Token, *, loose: bool) -> Claimant | None:
    """Who a noun without a name stands for: somebody named beside it, a body that it belongs to, a group of its own."""
    named = _person_in(hearing, head) or _apposed(hearing, head)
    if (meant := named.entity if named is not None else _first_of(hearing, head)) is not None:
        return meant
    nouns = load_speakers()
    word, lemma = head.lower_, head.lemma_
    if word.endswith("-year-old"):
        return latest(hearing.mentions, hearing.tree.span(head).start, personal=True)
    owner = _owner(hearing, head)
    known = {word, lemma, f"{word}s"} & (nouns.groups | nouns.works | nouns.company)
    one = word not in nouns.company and (word in nouns.persons or f"{word}s" in nouns.groups)
    one = one and owner is None and any(t.lower_ in _POINTING for t in children(head, "det"))
    pointed = _pointed_at(hearing, head) if one else None
    if pointed is not None or word in nouns.roles:
        return pointed or _in_role(hearing, head, owner)
    if {word, lemma} & nouns.spokespeople:
        before = latest(hearing.mentions, hearing.tree.span(head).start, personal=False)
        return owner.entity if owner is not None else hearing.company or before
    if owner is not None and (known or (loose and owner.type in BODY)):
        return owner.entity
    return _unowned(hearing, head, loose=loose, known=bool(known) or word in _SOMEBODY)


def _first_of(hearing: Hearing, head: Token) -> Claimant | None:
    """The first of those whom "the two" stands for; for "the authors" the body that has just spoken in the block."""
    told = [t for t in head.children if t.dep_ not in ("case", "fixed", "punct")]
    if [t.lower_ for t in told] != ["the"]:
        return None
    if head.lower_ in _WRITERS:
        return hearing.last_speaker(person=False)
    if head.lower_ not in _TOGETHER:
        return None
    start, opening = hearing.tree.span(head).start, hearing.tree.span(hearing.tree.tokens[0]).start
    bodies = [m for m in hearing.mentions if m.type in BODY and m.kind == MentionKind.NAME and m.span.start < start]
    here = [m for m in bodies if m.span.start >= opening] or [m for m in bodies if m.span.start >= hearing.tree.offset]
    return here[0].entity if len({m.entity for m in here}) > 1 else None


def _pointed_at(hearing: Hearing, head: Token) -> Claimant | None:
    """Who "the analyst" or "this person" is: somebody who has spoken in the block, or is named just before."""
    start = hearing.tree.span(head).start
    unnamed = somebody_before(hearing, start)
    if unnamed is not None:
        return unnamed.claimant
    types = {m.entity: m.type for m in hearing.mentions}
    spoken = [a.claimant for a in hearing.earlier if isinstance(a.claimant, NamedNode) and a.cue.start < start]
    last = next((who for who in reversed(spoken) if types.get(who) == EntityType.PERSON), None)
    return last or _told_of(hearing, head, posted=True)


def _unowned(hearing: Hearing, head: Token, *, loose: bool, known: bool) -> Claimant | None:
    """ "The company", "analysts", "a former engineer"; a name that is no mention counts as its own label."""
    nouns = load_speakers()
    word, lemma = head.lower_, head.lemma_
    if mute(head):
        return None
    if any(t.dep_ == "nmod:poss" and t.lower_ in OWN for t in head.children):
        return None
    if word in nouns.company or (lemma in nouns.company and word not in nouns.groups) or lemma.endswith("maker"):
        return labelled(head) if is_of_its_own(hearing, head) else _company(hearing, head)
    name = head.pos_ == "PROPN" and head.text[:1].isupper() and head.i != hearing.tree.tokens[0].i
    somebody = known or name or (loose and head.pos_ in ("NOUN", "PROPN", "ADJ", "NUM"))
    return labelled(head) if somebody else None


def _apposed(hearing: Hearing, head: Token) -> Mention | None:
    """The name that a description stands behind: "Orrin, a newsletter, [puts]"."""
    first = min(t.i for t in phrase(head))
    before = [t for t in hearing.tree.tokens if t.i < first]
    if len(before) < 2 or before[-1].text != "," or child(head, "det") is None:
        return None
    mention = hearing.tree.mention(before[-2])
    if mention is None or mention.type not in AGENTS:
        return None
    return mention if mention.type == EntityType.PERSON or len(before) <= _OPENING else None


def _in_role(hearing: Hearing, head: Token, owner: Mention | None) -> Claimant | None:
    """ "The Orrin boss": whoever the text names beside Orrin; "the founder": the person last named."""
    start = hearing.tree.span(head).start
    if is_indefinite(head):
        return owner.entity if owner is not None else labelled(head)
    if owner is None:
        foreign = [t for t in children(head, "amod", "compound") if t.text[:1].isupper() and t.i > 0 and t.i < head.i]
        if foreign and head.lower_ in ("minister", "president"):
            return labelled(head)
        return latest(hearing.mentions, start, personal=True)
    persons = [m for m in hearing.mentions if m.type == EntityType.PERSON]
    places = [m.span for m in hearing.mentions if m.entity == owner.entity and m.kind == MentionKind.NAME]
    gaps = [
        (gap, person.span, person)
        for person in persons
        for place in places
        if 0 <= (gap := max(person.span.start - place.end, place.start - person.span.end)) <= _BESIDE
        and _in_post(hearing, Span(min(person.span.end, place.end), max(person.span.start, place.start)))
    ]
    return min(gaps)[2].entity if gaps else _holder(hearing, persons, head) or _told_of(hearing, head) or owner.entity


def _holder(hearing: Hearing, persons: Sequence[Mention], head: Token) -> NamedNode | None:
    """The person of the block whom a post introduces: "Chief executive Ann Lee … its boss"."""
    start, roles = hearing.tree.span(head).start, load_speakers().roles
    if not any(t.dep_ == "nmod:poss" and t.lower_ in ("its", "their") for t in head.children):
        return None
    here = [m for m in persons if hearing.tree.offset <= m.span.start < start and m.kind == MentionKind.NAME]
    posted = [m for m in here if set(hearing.text[max(0, m.span.start - 20) : m.span.start].casefold().split()) & roles]
    return posted[-1].entity if posted else None


def _told_of(hearing: Hearing, head: Token, *, posted: bool = False) -> NamedNode | None:
    """The only person whom the sentence before names: "Ann Lee was asked. The founder said".

    One whose post elsewhere it tells only where `posted` allows that.
    """
    start = hearing.tree.span(hearing.tree.tokens[0]).start
    before = hearing.text[hearing.tree.offset : start].rstrip()
    opened = hearing.tree.offset + max(before.rfind(end, 0, len(before) - 1) + 1 for end in ".!?")
    named = {m.entity: m for m in named_persons(hearing) if opened <= m.span.start < start}
    if len(named) != 1 or head.lower_.endswith("s"):
        return None
    entity, mention = next(iter(named.items()))
    bodies = [m.span for m in hearing.mentions if m.type in BODY and 0 <= m.span.start - mention.span.end <= _BESIDE]
    posts = any(_in_post(hearing, Span(mention.span.end, span.start)) for span in bodies)
    return None if posts and not posted else entity


def _in_post(hearing: Hearing, between: Span) -> bool:
    """Do the words between a body and a person tell that the one works for the other?"""
    words = set(hearing.text[between.start : between.end].casefold().replace(",", " ").split())
    return bool(words & (load_speakers().roles | {"of", "'s", "’s"})) and "." not in words


def _company(hearing: Hearing, head: Token, resolved: Mention | None = None) -> Claimant | None:
    """ "The company": the article's own, else the first firm of the sentence or block, else the one named most."""
    if any(t.lower_ == "two" for t in head.children) and any(t.lower_ in ("the", "both") for t in head.children):
        return next((m.entity for m in hearing.mentions if m.type == EntityType.COMPANY), None)
    if is_indefinite(head):
        return labelled(head)
    start, tree = hearing.tree.span(head).start, hearing.tree
    told_apart = any(t.i < head.i for t in children(head, "amod", "compound")) and head.lower_ not in _STAFF
    if told_apart and resolved is not None:
        return resolved.entity  # "the Redmond group" need be neither the article's own company nor the nearest one
    generic = head.lower_ in _GENERIC and not told_apart
    if hearing.company is not None and generic:
        return hearing.company
    opening = tree.span(tree.tokens[0]).start
    bodies = [m for m in hearing.mentions if m.type in BODY and m.kind == MentionKind.NAME]
    here = [m for m in bodies if opening <= m.span.start < start and m.type == EntityType.COMPANY]
    here = [m for m in here if not _within_name(tree, m)]
    block = [m for m in bodies if tree.offset <= m.span.start < opening] if generic else []
    first = next(iter(here or block), None)
    first = first or resolved
    return first.entity if first is not None else main_company(hearing.mentions, start)


def _within_name(tree: Tree, mention: Mention) -> bool:
    """Does a company's name only tell which thing is meant: "an Nvidia H100", "a Google veteran"?"""
    token = tree.head_of(mention.span)
    return token is not None and token.dep_ in ("compound", "amod") and token.head.i > token.i


def _person_in(hearing: Hearing, head: Token) -> Mention | None:
    """The person of "chief executive Ann Lee" and "its founder, Ann Lee"; the body of "the newspaper Orrin Post"."""
    for token in children(head, "appos", "flat", "compound", "nmod:unmarked", "nmod"):
        mention = hearing.tree.mention(token)
        near = token.dep_ != "nmod" or not preposition(token)
        if near and mention is not None and mention.type == EntityType.PERSON:
            return mention
    if (mention := _named_behind(hearing, head)) is not None:
        return mention
    called = load_speakers().media
    apposed = children(head, "appos", "flat", "nmod:unmarked") if head.lower_ in called else []
    apposed += children(head, "appos") if child(head, "det", "nmod:poss") is not None else []
    for token in apposed:
        mention = hearing.tree.mention(token)
        beside = mention is not None and 0 < mention.span.start - hearing.tree.span(head).end <= _ASIDE
        if beside and mention is not None and mention.type in BODY and mention.kind == MentionKind.NAME:
            return mention
    return None


def _named_behind(hearing: Hearing, head: Token) -> Mention | None:
    """The person right behind a post, where the tree hangs the post on the name: "to its chair, Ann Lee"."""
    mention = hearing.tree.mention(head.head) if head.dep_ in ("nmod", "appos", "dep") else None
    if mention is None or mention.type != EntityType.PERSON or child(head, "det", "nmod:poss") is None:
        return None
    return mention if 0 < mention.span.start - hearing.tree.span(head).end <= _ASIDE else None


def _owner(hearing: Hearing, head: Token) -> Mention | None:
    """The body that a noun belongs to: "Orrin's analysts", "analysts at Orrin", "Orrin analysts".

    Parsers hang "by Orrin" on the nearest noun: "a survey of 300 buyers by Orrin".
    """
    below = [kid for token in head.children if token.dep_ == "nmod" for kid in token.children]
    for clause in children(head, "acl:relcl", "acl"):
        maker = child(clause, "nsubj") if clause.dep_ == "acl:relcl" else child(clause, "obl:agent")
        mention = hearing.tree.mention(maker) if maker is not None else None
        if mention is not None and mention.type in AGENTS and head.lower_ in load_speakers().works:
            return mention
    for token in [*head.children, *(kid for kid in below if kid.dep_ == "nmod" and preposition(kid) == "by")]:
        mention = hearing.tree.mention(token)
        fits = mention is not None and mention.type in BODY | {EntityType.PERSON}
        if not fits or mention is None:
            continue
        if token.dep_ in ("nmod:poss", "compound", "flat", "amod", "nmod:unmarked"):
            return mention
        if token.dep_ in ("nmod", "appos") and preposition(token) in OWNERS:
            return mention
    return _issuer(hearing, head)


def _issuer(hearing: Hearing, head: Token) -> Mention | None:
    """Who makes public what speaks: "Orrin put out a statement calling …", "Ann Lee wrote a memo that says …"."""
    verb = head.head
    if head.dep_ != "obj" or verb.lemma_ not in _ISSUING or head.lower_ not in load_speakers().works:
        return None
    subject = hearing.tree.subject(verb)
    mention = hearing.tree.mention(subject) if subject is not None else None
    return mention if mention is not None and mention.type in AGENTS else None
