"""Makers that no single sentence states: read off names, and handed on within a family of products."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from pyoxigraph import NamedNode

from aigraph.facts.frames.rules import load_frame_words
from aigraph.facts.patterns.lines import Lexicon, Line, read_line
from aigraph.facts.patterns.passages import own_company, passage_company, topic
from aigraph.facts.words.tokens import Token, tokens_of
from aigraph.records import (
    BODY,
    TECHNOLOGY,
    BlockKind,
    Document,
    Entity,
    EntityType,
    Mention,
    MentionKind,
    Mentions,
    Modality,
    Polarity,
    ReadBlock,
    Sentence,
    Span,
    Statement,
)
from aigraph.vocab import AIG, normal_name

NAME_RULE = "maker-in-name"
"""The technology's name begins with that of an organization of the article ("Microsoft Foundry")."""
NAME_CONFIDENCE = 0.9
FAMILY_RULE = "maker-of-family"
"""Another product of the line, or the one before or after it, has that maker ("Zeta 5" beside "Zeta 6")."""
FAMILY_CONFIDENCE = 0.8
PASSAGE_RULE = "maker-of-passage"
"""A technology is presented in a passage that speaks of one organization alone, or mainly."""
PASSAGE_CONFIDENCE = 0.6
SUBJECT_RULE = "maker-of-subject"
"""The chip or system that an article names most often is that of the organization that the article is about."""
SUBJECT_CONFIDENCE = 0.65
_OFTEN = 4
"""How often an article must name a product to be about it."""
MAKER_RULES = (
    (NAME_RULE, "A technology whose name begins with its maker's.", NAME_CONFIDENCE),
    (
        FAMILY_RULE,
        "A product without a stated maker, of a line or a succession whose maker is stated.",
        FAMILY_CONFIDENCE,
    ),
    (SUBJECT_RULE, "The chip or system that an article about one organization is about.", SUBJECT_CONFIDENCE),
    (PASSAGE_RULE, "A technology that a passage about one organization presents.", PASSAGE_CONFIDENCE),
)
"""The rules of this module with descriptions and confidences; findings name them as "relation/<name>"."""
_DISTINCT = 5
"""The least length of a first word that names an organization by itself."""
_COMMON = ("device", "firm", "hardware", "kind")
_LISTED = "mention/knowledge"
"""What finds the names that are listed."""
_UNSAID = frozenset({BlockKind.METADATA, BlockKind.TABLE_ROW, BlockKind.HEADING})
_INTRODUCING = ("nsubj", "nsubj:pass", "appos", "ROOT")
_PRESENTED = (EntityType.CHIP, EntityType.SYSTEM)


def makers_in_names(document: Document, mentions: Mentions, lexicon: Lexicon) -> Iterator[Statement]:
    """Technologies whose name begins with that of an organization of the article.

    The first word of the organization's name will do ("Zeta One" of Zeta Systems) where no other has it and it is no
    common word.
    """
    names = {e.iri: normal_name(e.name) for e in mentions.entities}
    bodies = [e for e in mentions.entities if e.type in BODY and names[e.iri]]
    makers = {names[e.iri]: e for e in bodies}
    firsts = Counter(names[e.iri].split()[0] for e in bodies)
    for entity in bodies:
        first, *others = names[entity.iri].split()
        if (
            others
            and len(first) >= _DISTINCT
            and firsts[first] == 1
            and not any(lexicon.has(c, first) for c in _COMMON)
        ):
            makers.setdefault(first, entity)
    for entity in mentions.entities:
        words = names[entity.iri].split()
        prefixes = (" ".join(words[:n]) for n in range(len(words) - 1, 0, -1))
        maker = next((makers[p] for p in prefixes if p in makers), None)
        sentence = _first_sentence(document, mentions, entity)
        if entity.type in TECHNOLOGY and maker and sentence:
            yield _develops(maker.iri, entity.iri, (sentence,), NAME_RULE, NAME_CONFIDENCE)


def makers_in_families(document: Document, mentions: Mentions, statements: Sequence[Statement]) -> Iterator[Statement]:
    """Technologies without a stated maker, of a line or a succession whose one maker the article states."""
    makers: dict[NamedNode, dict[NamedNode, Statement]] = defaultdict(dict)
    for statement in statements:
        if statement.predicate == AIG.develops and _holds(statement):
            makers[statement.object].setdefault(statement.subject, statement)
    kin = _kin(mentions, statements)
    for entity in mentions.entities:
        if entity.type not in TECHNOLOGY or makers.get(entity.iri):
            continue
        found = {maker: made for other in kin.get(entity.iri, ()) for maker, made in makers.get(other, {}).items()}
        sentence = _first_sentence(document, mentions, entity)
        if len(found) == 1 and sentence:
            ((maker, made),) = found.items()
            evidence = tuple(dict.fromkeys((sentence, *made.evidence)))
            yield _develops(maker, entity.iri, evidence, FAMILY_RULE, FAMILY_CONFIDENCE)


def maker_of_subject(document: Document, mentions: Mentions, statements: Sequence[Statement]) -> Iterator[Statement]:
    """The chip or system that an article is about, without a stated maker, in an article about one organization."""
    ranked = Counter(m.entity for m in mentions.mentions if m.type in _PRESENTED).most_common(2)
    own = own_company(mentions)
    if own is None or not ranked or ranked[0][1] < _OFTEN or (len(ranked) == 2 and ranked[1][1] == ranked[0][1]):
        return
    product = ranked[0][0]
    made = {s.object for s in statements if s.predicate == AIG.develops}
    bought = {(s.subject, s.object) for s in statements if s.predicate == AIG.uses and not s.extractor.endswith("-on")}
    entity = next(e for e in mentions.entities if e.iri == product)
    sentence = _first_sentence(document, mentions, entity)
    if product not in made and (own, product) not in bought and sentence:
        yield _develops(own, product, (sentence,), SUBJECT_RULE, SUBJECT_CONFIDENCE)


def makers_in_passages(
    document: Document, mentions: Mentions, statements: Sequence[Statement], lexicon: Lexicon
) -> Iterator[Statement]:
    """Technologies without a stated maker, presented in a passage that is about one organization.

    Left out are parts of others, what somebody buys, standard goods (memory generations, open projects), what is only
    compared, and what everybody knows where nobody knows the organization.
    """
    unmade = _Unmade(document, mentions, statements, lexicon)
    for entity in mentions.entities:
        for block, sentence, mention in unmade.places(entity):
            maker = unmade.maker(block, sentence, mention)
            if maker is not None:
                yield _develops(maker, entity.iri, (sentence.span,), PASSAGE_RULE, PASSAGE_CONFIDENCE)
                break


class _Unmade:
    """The technologies of an article without a stated maker, and who the passages that present them are about."""

    def __init__(
        self, document: Document, mentions: Mentions, statements: Sequence[Statement], lexicon: Lexicon
    ) -> None:
        self._document = document
        self._mentions = mentions
        self._lexicon = lexicon
        self._made = {s.object for s in statements if s.predicate == AIG.develops}
        self._made |= {iri for s in statements if s.predicate == AIG.competesWith for iri in (s.subject, s.object)}
        self._parts = {s.subject for s in statements if s.predicate == AIG.componentOf}
        self._bought = {s.object for s in statements if s.predicate == AIG.uses}
        makers = {s.subject for s in statements if s.predicate == AIG.develops}
        self._foundries = {s.subject for s in statements if s.predicate == AIG.manufactures} - makers
        self._listed = {m.entity for m in mentions.mentions if m.found_by == _LISTED}

    def places(self, entity: Entity) -> Iterator[tuple[ReadBlock, Sentence, Mention]]:
        """Where the article names a technology that somebody presented may have made."""
        if entity.type not in TECHNOLOGY or entity.iri in self._made or entity.iri in self._bought:
            return
        if self._is_common(entity):
            return
        for mention in self._mentions.mentions:
            if mention.entity != entity.iri or mention.kind != MentionKind.NAME:
                continue
            for block in self._document.blocks:
                if mention.span in block.block.span and block.block.kind not in _UNSAID:
                    for sentence in block.sentences:
                        if mention.span in sentence.span:
                            yield block, sentence, mention

    def _is_common(self, entity: Entity) -> bool:
        first = re.match(r"[a-z]*", normal_name(entity.name))
        standard = entity.name.casefold() in {" ".join(words) for words in self._lexicon.phrases("standard")}
        return standard or (first is not None and self._lexicon.has("commodity", first[0]))

    def maker(self, block: ReadBlock, sentence: Sentence, mention: Mention) -> NamedNode | None:
        """The organization that presents a technology in a sentence; None where none does."""
        line = read_line(block, sentence, self._mentions.mentions, self._lexicon)
        if any(line.within("comparing", index) for index in range(len(line))):
            return None
        hardware = mention.type in _PRESENTED
        presented = hardware and mention.entity not in self._parts and _is_presented(line, mention)
        if _is_other_thing(block, mention) or not (presented or _is_introduced(block, mention)):
            return None
        maker = passage_company(block, self._mentions)
        if maker is None or not presented or maker in self._foundries:
            maker = topic(self._document, block, self._mentions)
        if maker is None or maker in self._foundries or not self._is_named_outside(sentence, maker):
            return None
        return None if mention.entity in self._listed and maker not in self._listed else maker

    def _is_named_outside(self, sentence: Sentence, maker: NamedNode) -> bool:
        """True for an organization that the passage is about, not only this sentence."""
        return any(
            m.entity == maker and m.kind == MentionKind.NAME and m.span not in sentence.span
            for m in self._mentions.mentions
        )


def _is_introduced(block: ReadBlock, mention: Mention) -> bool:
    """True for what a clause is about, or a name beside its description: "The stack ends with Loom, a compiler"."""
    head = _head(block, mention)
    if head is None:
        return False
    while head.dep_ == "conj":
        head = head.head
    if head.dep_ == "appos" and head.head.tag_ == "NNS":
        return False  # examples of others: "cloud providers (Azure, AWS)"
    described = any(kid.dep_ == "appos" and kid.pos_ != "PROPN" for kid in head.children)
    return described or head.dep_ in _INTRODUCING


def _head(block: ReadBlock, mention: Mention) -> Token | None:
    """The word of a name that the others hang on."""
    start, end = (at - block.block.span.start for at in (mention.span.start, mention.span.end))
    inside = [token for token in tokens_of(block.doc) if start <= token.idx < end]
    return next((token for token in inside if token.head not in inside), None)


def _is_other_thing(block: ReadBlock, mention: Mention) -> bool:
    """True for a name before a noun that is no product: "the Kestrel 5 plant"."""
    head = _head(block, mention)
    if head is None or head.dep_ not in ("compound", "nmod:unmarked", "amod") or head.head.i <= head.i:
        return False
    return head.head.pos_ == "NOUN" and head.head.lemma_.casefold() not in load_frame_words()["product"]


def _is_presented(line: Line, named: Mention) -> bool:
    """True where a sentence begins with a thing or introduces it: "the new Zeta 6", "next comes Mount Blue"."""
    at = next((i for i, slot in enumerate(line.slots) if slot.mention and slot.mention.entity == named.entity), None)
    if at is None:  # a longer mention of several things stands over the name
        return False
    before = at - 1
    while line.within("determiner", before):
        before -= 1
    if line.word(before) == ",":
        before -= 1
    return before < 0 or line.within("presenting", before) or line.within("presenting", at - 1)


def _kin(mentions: Mentions, statements: Sequence[Statement]) -> Mapping[NamedNode, tuple[NamedNode, ...]]:
    """Technologies of one line by their names, and neighbours in a succession."""
    kin: dict[NamedNode, dict[NamedNode, None]] = defaultdict(dict)
    for statement in statements:
        if statement.predicate == AIG.successorOf and _holds(statement):
            kin[statement.subject][statement.object] = None
            kin[statement.object][statement.subject] = None
    lines: dict[str, list[NamedNode]] = defaultdict(list)
    for entity in mentions.entities:
        if entity.type in TECHNOLOGY and (line := _line(entity)):
            lines[line].append(entity.iri)
    for members in lines.values():
        for member in members:
            kin[member].update((other, None) for other in members if other != member)
    return {iri: tuple(others) for iri, others in kin.items()}


def _line(entity: Entity) -> str | None:
    """The product line in a name: its first word, of four letters or more, without a number ("Zeta5", "Zeta 6")."""
    first = re.match(r"[a-z]+", normal_name(entity.name))
    return first[0] if first and len(first[0]) >= 4 else None


def _holds(statement: Statement) -> bool:
    return statement.polarity == Polarity.AFFIRMED and statement.modality != Modality.HYPOTHETICAL


def _first_sentence(document: Document, mentions: Mentions, entity: Entity) -> Span | None:
    """The sentence that first names an entity."""
    place = _first_place(document, mentions, entity)
    return place[1].span if place else None


def _first_place(document: Document, mentions: Mentions, entity: Entity) -> tuple[ReadBlock, Sentence] | None:
    first = next((m for m in mentions.mentions if m.entity == entity.iri and m.kind == MentionKind.NAME), None)
    if first is None:
        return None
    return next(((b, s) for b in document.blocks for s in b.sentences if first.span in s.span), None)


def _develops(
    maker: NamedNode, product: NamedNode, evidence: tuple[Span, ...], rule: str, confidence: float
) -> Statement:
    return Statement(
        subject=maker,
        predicate=AIG.develops,
        object=product,
        evidence=evidence,
        extractor=f"relation/{rule}",
        confidence=confidence,
    )
