"""Whose voice a noun phrase is: a named speaker, what a description stands for, or an unnamed group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from aigraph.facts.speech.cues import load_speakers
from aigraph.facts.speech.speakers import AGENTS, LONGEST, latest, main_company, shortened
from aigraph.facts.speech.spoken import Attribution
from aigraph.facts.speech.talks import interviewee
from aigraph.facts.words.grammar import function_words
from aigraph.facts.words.trees import Tree, child, children, phrase, preposition
from aigraph.records import BODY, Claimant, EntityType, Mention, MentionKind, Span, UnnamedGroup

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token

_PERSONAL = frozenset({"he", "she", "him", "her", "his"})
_HERS = frozenset({"she", "her"})
_THING = frozenset({"it", "its", "they", "them", "their", "one"})
_OWN = frozenset({"i", "we", "you", "us", "my", "our", "me"})
_OWNERS = frozenset({"at", "from", "of", "for", "by", "with"})
_ISSUING = frozenset({"circulate", "file", "issue", "post", "publish", "put", "release", "send", "write"})
_ADVERBS = 2
_SOMEBODY = frozenset({"official", "person", "pundit"})
_ATTACHED = frozenset({"briefed", "close", "familiar", "involved", "polled", "surveyed"})
_OPENING = 6
_BESIDE = 40
_ASIDE = 3
"""Characters between a noun and the name behind it: a comma or a dash."""
_GENERIC = frozenset({"bosses", "company", "executives", "firm", "group", "leadership", "management"})
_TOLD_OF = frozenset({"both", "its", "such", "that", "the", "their", "these", "this", "those"})
_WRITERS = frozenset({"analysts", "authors", "note"})
_TOGETHER = frozenset({"duo", "pair", "three", "trio", "two"})
_POINTING = frozenset({"the", "that", "this"})
_STAFF = frozenset({"bosses", "executives", "leadership", "management"})
_QUANTIFIERS = frozenset({"some", "many", "most", "several", "others", "both", "few", "one", "all", "none"})


@dataclass(frozen=True, slots=True)
class Hearing:
    """What is known when a speaker is looked for: all mentions of the article, and who spoke before in the block.

    `asked` answers a question in this block, `called` has who is "he" and who "she".
    """

    tree: Tree
    mentions: Sequence[Mention]
    earlier: Sequence[Attribution]
    company: NamedNode | None
    headline: bool = False
    text: str = ""
    asked: Claimant | None = None
    called: Mapping[NamedNode, str] = field(default_factory=dict)

    def fits(self, entity: Claimant, word: str) -> bool:
        """Can a person be meant by "he" or "she"? False where the article has the other word for that person."""
        other = "he" if _called(word) == "she" else "she"
        return not isinstance(entity, NamedNode) or self.called.get(entity) != other

    def last_speaker(self, *, person: bool) -> Claimant | None:
        """Who spoke last in the block, a person or a body."""
        types = {m.entity: m.type for m in self.mentions}
        for attribution in reversed(self.earlier):
            who = attribution.claimant
            if person and isinstance(who, UnnamedGroup) and who.label[:1].isupper():
                return who
            if isinstance(who, NamedNode) and (types.get(who) == EntityType.PERSON) == person:
                return who
        return None


def voice(hearing: Hearing, head: Token, *, loose: bool) -> Claimant | None:
    """Who speaks where a noun phrase with that head is the speaker; None where it is nobody who can.

    With `loose` any noun will do, as in "the ministry said that …", else it has to be a known word for speakers.
    """
    mention = hearing.tree.mention(head)
    if head.lower_ == "one":
        return _several(hearing, head) or _sender(hearing, head)
    if head.pos_ == "PRON" or head.lower_ in _PERSONAL | _THING | _OWN:
        return _pronoun(hearing, head, mention)
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
    return _labelled(head) if forms & kinds and word not in forms else None


def _several(hearing: Hearing, head: Token) -> UnnamedGroup | None:
    """ "One of the analysts", "one of them": somebody of a group, which spoke before where a pronoun stands for it."""
    group = next((t for t in children(head, "nmod") if preposition(t) == "of"), None)
    if group is None or hearing.tree.mention(group) is not None:
        return None
    if group.lower_ not in _THING:
        members = _labelled(group)
        return UnnamedGroup(f"one of the {members.label}") if members is not None and group.pos_ == "NOUN" else None
    spoken = [a.claimant.label for a in hearing.earlier if isinstance(a.claimant, UnnamedGroup)]
    return UnnamedGroup(f"one of the {spoken[-1]}") if spoken and len(spoken[-1].split()) <= LONGEST else None


def _sender(hearing: Hearing, head: Token) -> Claimant | None:
    """ "One, from a reader in Porto, said that …"; "one sees …" is nobody."""
    behind = [t for t in hearing.tree.tokens if t.i > head.i][:2]
    if [t.lower_ for t in behind] not in ([",", "from"], [",", "by"]):
        return None
    sender = behind[1].head
    return voice(hearing, sender, loose=True) if sender.i > behind[1].i else None


def mute(head: Token) -> bool:
    """Does a noun stand for a thing or quality, which says nothing: "the processor promises …", "efficiency says …"?"""
    nouns = load_speakers()
    lemma = head.lemma_.lower()
    if lemma in nouns.things:
        return True
    ends = head.pos_ == "NOUN" and lemma.endswith(tuple(nouns.qualities))
    return ends and lemma not in nouns.bodies | nouns.groups | nouns.works | nouns.company


def own_body(mentions: Sequence[Mention]) -> NamedNode | None:
    """The body that an article is about: named at least twice as often as any other."""
    counts = Counter(m.entity for m in mentions if m.type in BODY and m.kind == MentionKind.NAME)
    ranked = counts.most_common(2)
    if not ranked or (len(ranked) == 2 and ranked[0][1] < 2 * ranked[1][1]):
        return None
    return ranked[0][0]


def _pronoun(hearing: Hearing, head: Token, mention: Mention | None) -> Claimant | None:
    word = head.lower_
    if word in _OWN:
        return None
    person = word in _PERSONAL
    fits = mention is not None and mention.type in AGENTS and (mention.type == EntityType.PERSON) == person
    resolved = mention.entity if mention is not None and fits else None
    if person:
        near = _same_sentence(hearing, head) or _answering(hearing, head) or _near_person(hearing, head)
        if resolved is not None and not hearing.fits(resolved, word):
            resolved = None
        before = _person_before(hearing, hearing.tree.span(head).start, word)
        sure = isinstance(before, NamedNode) and hearing.called.get(before) == _called(word)
        if sure and resolved is not None and resolved not in hearing.called:
            resolved = None  # the paragraph names nobody, and the article calls somebody else so
        return near or resolved or before
    inserted = hearing.last_speaker(person=False) if aside(hearing.tree, head) else None
    if inserted is not None or resolved is not None:
        return inserted or resolved
    if word in _THING:
        start = hearing.tree.span(head).start
        return hearing.last_speaker(person=False) or latest(hearing.mentions, start, personal=False)
    return UnnamedGroup(word) if word in _QUANTIFIERS else None


def _answering(hearing: Hearing, head: Token) -> Claimant | None:
    """Who is asked, where the article has that word for the person and nobody else has spoken in the answer.

    Answers of a list of questions may be anybody's.
    """
    asked, word = hearing.asked, head.lower_
    types = {m.entity: m.type for m in hearing.mentions}
    spoken = [a.claimant for a in hearing.earlier if isinstance(a.claimant, NamedNode) and a.claimant != asked]
    others = any(types.get(who) == EntityType.PERSON and hearing.fits(who, word) for who in spoken)
    sure = isinstance(asked, NamedNode) and hearing.called.get(asked) == _called(word)
    return asked if sure and not others else None


def _persons(hearing: Hearing) -> list[Mention]:
    """All places where the article names a person."""
    return [m for m in hearing.mentions if m.type == EntityType.PERSON and m.kind == MentionKind.NAME]


def _called(word: str) -> str:
    return "she" if word in _HERS else "he"


def _surest(hearing: Hearing, persons: Sequence[Mention], word: str) -> Mention | None:
    """The last of some persons, those before others whom the article has that very pronoun for."""
    known = [m for m in persons if hearing.called.get(m.entity) == _called(word)] or list(persons)
    return known[-1] if known else None


def _same_sentence(hearing: Hearing, head: Token) -> Claimant | None:
    """The person who is the subject of a main clause before, in the sentence: "Ann Lee doubts it: she says …"."""
    for token in hearing.tree.tokens:
        if token.i >= head.i:
            break
        mention = hearing.tree.mention(token)
        if mention is None or mention.type != EntityType.PERSON or mention.kind != MentionKind.NAME:
            continue
        top = token
        while top.dep_ in ("appos", "flat", "compound", "nmod:unmarked") and top.head.i != top.i:
            top = top.head
        subject = top.dep_ in ("nsubj", "nsubj:pass") and top.head.dep_ in ("ROOT", "conj", "parataxis")
        if subject and hearing.fits(mention.entity, head.lower_):
            return mention.entity
    return None


def _near_person(hearing: Hearing, head: Token) -> Claimant | None:
    """The last speaker of the block, or the person whom a later sentence of it names."""
    start, text, word = hearing.tree.span(head).start, hearing.text, head.lower_
    opening = hearing.tree.span(hearing.tree.tokens[0]).start
    types = {m.entity: m.type for m in hearing.mentions}
    speakers = [
        a
        for a in hearing.earlier
        if isinstance(a.claimant, NamedNode) and a.cue.start < start and types.get(a.claimant) == EntityType.PERSON
    ]
    speakers = [a for a in speakers if hearing.fits(a.claimant, word)]
    named = [m for m in _persons(hearing) if hearing.tree.offset <= m.span.start < min(start, opening)]
    named = [m for m in named if hearing.fits(m.entity, word)]
    last = _surest(hearing, named, word)
    unnamed = _somebody_before(hearing, start)
    if unnamed is not None and all(m.span.end <= unnamed.cue.start for m in named):
        return unnamed.claimant
    if last is None or not speakers:
        return last.entity if last is not None else speakers[-1].claimant if speakers else None
    later = ". " in text[speakers[-1].cue.end : last.span.start]
    return last.entity if later else speakers[-1].claimant


def _somebody_before(hearing: Hearing, start: int) -> Attribution | None:
    """Where one person without a name was the last to speak in the block: "An engineer disagrees: …, he says"."""
    last = next((a for a in reversed(hearing.earlier) if a.cue.start < start), None)
    if last is None or not isinstance(last.claimant, UnnamedGroup):
        return None
    nouns = load_speakers()
    words = last.claimant.label.split()
    ends = next((n for n, word in enumerate(words) if n and word in _OWNERS | {"in", "who", "close"}), len(words))
    noun = words[ends - 1]
    one = noun in nouns.persons or f"{noun}s" in nouns.groups or noun in nouns.roles
    return last if one and f"{noun}s" not in nouns.company else None


def _person_before(hearing: Hearing, start: int, word: str) -> Claimant | None:
    """The person last named in the block, else the one that the article speaks of most, else the last one."""
    persons = [m for m in hearing.mentions if m.type == EntityType.PERSON and m.span.start < start]
    persons = [m for m in persons if hearing.fits(m.entity, word)]
    here = [m for m in persons if m.span.start >= hearing.tree.offset and m.kind == MentionKind.NAME]
    last = _surest(hearing, here, word)
    if last is not None:
        return last.entity
    known = [m for m in persons if hearing.called.get(m.entity) == _called(word)] or persons
    return interviewee(known) or (known[-1].entity if known else None)


def aside(tree: Tree, subject: Token) -> bool:
    """True for a subject right between a sign and its verb: ", she adds"; a colon or semicolon opens a new clause."""
    before = next((t for t in reversed(tree.tokens) if t.i < subject.i), None)
    return (
        before is not None
        and before.dep_ == "punct"
        and before.text not in (":", ";")
        and 0 < subject.head.i - subject.i <= _ADVERBS
    )


def _mentioned(hearing: Hearing, head: Token, mention: Mention) -> Claimant | None:
    """A name; of "X's Y" and "Y, chief of X" the person."""
    nominal = mention.kind == MentionKind.NOMINAL and mention.type in BODY
    if nominal and head.lower_ in load_speakers().company:
        return _company(hearing, head, mention)
    if nominal and head.lower_ in load_speakers().media and any(t.pos_ == "PROPN" for t in children(head, "compound")):
        return _labelled(head)  # "the Halden newspaper": a name that was not found is no other one's
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
    unnamed = _somebody_before(hearing, start)
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
    if any(t.dep_ == "nmod:poss" and t.lower_ in _OWN for t in head.children):
        return None
    if word in nouns.company or (lemma in nouns.company and word not in nouns.groups) or lemma.endswith("maker"):
        return _labelled(head) if _of_its_own(hearing, head) else _company(hearing, head)
    name = head.pos_ == "PROPN" and head.text[:1].isupper() and head.i != hearing.tree.tokens[0].i
    somebody = known or name or (loose and head.pos_ in ("NOUN", "PROPN", "ADJ", "NUM"))
    return _labelled(head) if somebody else None


def _of_its_own(hearing: Hearing, head: Token) -> bool:
    """Is a plural a group that nobody has been told of: "environmental groups", "executives of two suppliers"?"""
    nouns = load_speakers()
    if head.tag_ != "NNS" or any(t.lower_ in _TOLD_OF for t in children(head, "det", "nmod:poss", "det:predet")):
        return False
    if head.lower_ not in nouns.company:
        return True
    whose = next((t for t in children(head, "nmod") if preposition(t) in _OWNERS), None)
    if whose is None or hearing.tree.mention(whose) is not None:
        return False
    return whose.lemma_ not in nouns.company or not any(t.lower_ in _TOLD_OF for t in children(whose, "det"))


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
    if _indefinite(head):
        return owner.entity if owner is not None else _labelled(head)
    if owner is None:
        foreign = [t for t in children(head, "amod", "compound") if t.text[:1].isupper() and t.i > 0 and t.i < head.i]
        if foreign and head.lower_ in ("minister", "president"):
            return _labelled(head)
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
    named = {m.entity: m for m in _persons(hearing) if opened <= m.span.start < start}
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
    if _indefinite(head):
        return _labelled(head)
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


def _indefinite(head: Token) -> bool:
    return any(t.lower_ in ("a", "an", "one", "another", "some", "two", "three", "several") for t in head.children)


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
        if token.dep_ in ("nmod", "appos") and preposition(token) in _OWNERS:
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


def _labelled(head: Token) -> UnnamedGroup | None:
    words = phrase(head)
    behind = [t for t in children(head, "acl", "amod") if t.i > head.i and (t.pos_ == "ADJ" or t.lower_ in _ATTACHED)]
    for token in behind:
        words += [token, *(t for t in token.subtree if t is not token)]
    name = head.pos_ == "PROPN"
    texts = [t.text if name else t.lower_ for t in sorted(set(words), key=lambda t: t.i)]
    if texts[:2] == ["according", "to"]:
        texts = texts[2:]
    while len(texts) > 1 and (texts[0].lower() in function_words("left_off") or not texts[0][0].isalnum()):
        texts = texts[1:]
    label = " ".join(shortened(texts)).replace(" 's", "'s")
    return UnnamedGroup(label) if label else None
