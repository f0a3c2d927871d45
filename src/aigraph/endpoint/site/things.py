"""What a page on a thing shows: names, facts by relation in both directions, deals, claims about it and by it, time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from pyoxigraph import Literal, NamedNode

from aigraph.endpoint.site import neighbours
from aigraph.endpoint.site.addresses import page_of
from aigraph.endpoint.site.findings import Card, Cards, Words
from aigraph.endpoint.site.neighbours import OPENED, Map, map_of
from aigraph.endpoint.site.reading import Graph, Node
from aigraph.endpoint.site.vocabulary import Vocabulary
from aigraph.explanations import DEAL_SHORTCUTS, Row, explain_identity
from aigraph.vocab import AIG, RDF, RDFS, SCHEMA, SKOS
from aigraph.wording import day

FIRST, MORE = 12, 50
"""How many facts or findings a section shows, and a page that shows one section alone."""
_MOST_DRAWN = 200  # facts that are looked at for a drawing
_MOST = 2000  # findings of one thing that are looked at
_HEAD = (RDF.type, RDFS.label, SKOS.prefLabel, SKOS.altLabel, SKOS.definition, SKOS.broader, SCHEMA.sameAs)
_SECTIONS = {
    "deals": "Deals",
    "about": "Claims about it",
    "by": "What it says",
    "posts": "Posts",
    "unsure": "Said, but not held as a fact",
}
_OF_PEOPLE = {"about": "Claims about this person", "by": "What this person says"}


@dataclass(frozen=True, slots=True)
class Fact:
    """A triple that the graph holds: the other end, a finding that states it, and how many do.

    Without a finding it follows from other facts; `why` leads to the explanation then.
    """

    other: Words
    card: Card | None
    stated: int
    why: str


@dataclass(frozen=True, slots=True)
class Relation:
    """All facts of one relation: `name` is for addresses, `heading` what they say of the thing."""

    name: str
    heading: str
    href: str
    facts: tuple[Fact, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Section:
    """A list of findings: those from number `start` on, out of `total`."""

    name: str
    heading: str
    cards: tuple[Card, ...]
    total: int
    start: int = 0

    @property
    def end(self) -> int:
        """The number after the last one that is shown."""
        return self.start + len(self.cards)


@dataclass(frozen=True, slots=True)
class Mentioned:
    """An article that names the thing."""

    title: Words
    issued: str
    publisher: str


@dataclass(frozen=True, slots=True)
class Possible:
    """Another thing that this one may be, how much speaks for it, from 0 to 1, and what."""

    other: Words
    degree: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Thing:
    """All that a page on a thing shows."""

    iri: str
    label: str
    types: tuple[Words, ...]
    type_iris: tuple[NamedNode, ...]
    definition: str | None
    aliases: tuple[str, ...]
    links: tuple[str, ...]
    broader: tuple[Words, ...]
    relations: tuple[Relation, ...]
    sections: tuple[Section, ...]
    timeline: tuple[Card, ...]
    articles: tuple[Mentioned, ...]
    article_count: int
    only: str | None = None
    possibly: tuple[Possible, ...] = ()


@dataclass(frozen=True, slots=True)
class _Triple:
    """A fact in the making; `forward` where the thing of the page is its subject."""

    relation: NamedNode
    other: NamedNode
    forward: bool


@dataclass(frozen=True, slots=True)
class Things:
    """Reads things out of one snapshot."""

    graph: Graph
    words: Vocabulary
    cards: Cards

    def read(self, iri: NamedNode, *, show: str | None = None, start: int = 0) -> Thing | None:
        """A thing with the beginnings of all sections, or with the section or relation `show` from `start` on.

        None where it has no label, or there is nothing of the name `show`.
        """
        node = self.graph.nodes([iri], _HEAD)[iri]
        label = node.text(RDFS.label) or node.text(SKOS.prefLabel)
        if label is None:
            return None
        stated = self._stated(iri)
        triples = self._triples(iri)
        chosen = self._chosen(triples, stated, show, start)
        lists = self._lists(iri, {finding for findings in stated.values() for finding in findings})
        if show is not None:
            lists = {name: findings for name, findings in lists.items() if name == show}
            if not lists and not chosen:
                return None
        length = FIRST if show is None else MORE
        first = start if show is not None else 0
        wanted = [found for _, ones, _ in chosen for one in ones for found in stated.get(one, ())[:1]]
        wanted += [finding for findings in lists.values() for finding in findings[first : first + length]]
        cards = self.cards.of(wanted)
        others = self.graph.nodes([one.other for _, ones, _ in chosen for one in ones], (RDFS.label, SKOS.prefLabel))
        making = _Relations(iri, self.graph.base, self.words, stated, cards, others)
        relations = tuple(making.relation(name, ones, total) for name, ones, total in chosen)
        person = any(self.words.is_a(one, AIG.Person) for one in node.iris(RDF.type))
        headings = _SECTIONS | (_OF_PEOPLE if person else {})
        sections = tuple(
            Section(
                name,
                headings[name],
                _once([cards[one] for one in findings[first : first + length] if one in cards], whole=show is not None),
                len(findings),
                first,
            )
            for name, findings in lists.items()
        )
        articles, count = self._articles(iri) if show is None else ((), 0)
        shown = {
            card.iri: card
            for section in sections
            for card in section.cards
            if card.since or (card.issued and (card.figure or section.name == "deals"))
        }
        return replace(
            self._head(node, label, show),
            relations=relations,
            sections=sections,
            timeline=_in_time(shown.values()),
            articles=articles,
            article_count=count,
            possibly=self._possibly(iri) if show is None else (),
        )

    def _possibly(self, iri: NamedNode) -> tuple[Possible, ...]:
        found = explain_identity(self._named, iri.value, base=self.graph.base)
        return tuple(
            Possible(Words(each.other_name, page_of(each.other.value, self.graph.base)), each.degree, each.reasons)
            for each in found
        )

    def _named(self, text: str) -> Iterator[Row]:
        """The rows of a SELECT, with what has a name or is a text."""
        for row in self.graph.rows(text):
            yield {name: term if isinstance(term, NamedNode | Literal) else None for name, term in row.items()}

    def _head(self, node: Node, label: str, show: str | None) -> Thing:
        types = [one for one in node.iris(RDF.type) if one.value.startswith(AIG.iri)]
        specific = self.words.most_specific(types)
        broader = self.graph.nodes(node.iris(SKOS.broader), (SKOS.prefLabel, RDFS.label))
        return Thing(
            iri=node.iri.value,
            label=label,
            types=tuple(Words(self.words.label(one), page_of(one.value, self.graph.base)) for one in specific),
            type_iris=tuple(types),
            definition=node.text(SKOS.definition),
            aliases=tuple(name for name in node.texts(SKOS.altLabel) if name != label),
            links=tuple(one.value for one in node.iris(SCHEMA.sameAs)),
            broader=tuple(
                Words(
                    one.text(SKOS.prefLabel) or one.text(RDFS.label) or self.words.label(iri),
                    page_of(iri.value, self.graph.base),
                )
                for iri, one in broader.items()
            ),
            relations=(),
            sections=(),
            timeline=(),
            articles=(),
            article_count=0,
            only=show,
        )

    # --- facts

    def map(self, iri: NamedNode, opened: Sequence[NamedNode] = ()) -> Map | None:
        """The neighbourhood of a thing as a drawing, with neighbours of those that are `opened`; None without facts."""
        triples = {one: self._triples(one) for one in dict.fromkeys((iri, *opened[:OPENED]))}
        facts = {
            one: [neighbours.Fact(self.words.verb(each.relation), each.other, each.forward) for each in ones]
            for one, ones in triples.items()
        }
        drawn = [each.other for ones in triples.values() for each in ones[:_MOST_DRAWN]]
        nodes = self.graph.nodes([*triples, *drawn], (RDFS.label, SKOS.prefLabel))
        labels = {
            one: node.text(RDFS.label) or node.text(SKOS.prefLabel) or self.words.label(one)
            for one, node in nodes.items()
        }
        known = {one: [each for each in ones if each.other in labels] for one, ones in facts.items()}
        return map_of(iri, known, labels, opened=opened[:OPENED], base=self.graph.base)

    def _triples(self, iri: NamedNode) -> list[_Triple]:
        forward = {*self.words.relations, *DEAL_SHORTCUTS}
        forward |= {self.words.inverses[one] for one in forward if one in self.words.inverses}
        back = {one for one in forward if one not in self.words.inverses and one not in self.words.symmetric}
        back.discard(AIG.partnerOf)
        rows = self.graph.rows(
            f"SELECT ?p ?o ?forward {{ {{ {iri} ?p ?o BIND(true AS ?forward) FILTER(?p IN ({_list(forward)})) }} UNION "
            f"{{ ?o ?p {iri} BIND(false AS ?forward) FILTER(?p IN ({_list(back)})) }} }} LIMIT {_MOST}"
        )
        found = {
            _Triple(relation, other, isinstance(way := row["forward"], Literal) and way.value == "true")
            for row in rows
            if isinstance(relation := row["p"], NamedNode) and isinstance(other := row["o"], NamedNode)
        }
        return sorted(found, key=lambda one: (not one.forward, one.relation.value, one.other.value))

    def _stated(self, iri: NamedNode) -> dict[_Triple, list[NamedNode]]:
        """The findings that state each fact, the surest first."""
        # Each branch stands for itself: what is joined to a union is looked up for the whole graph.
        sure = "?f aig:polarity aig:Affirmed ; aig:modality ?m . OPTIONAL { ?f aig:confidence ?confidence }"
        said, dealt = "FILTER(?m = aig:Asserted)", "FILTER(?m NOT IN (aig:Hypothetical, aig:Reported))"
        branches = [
            f"?f aig:subject {iri} ; aig:predicate ?p ; aig:object ?o . {sure} {said} BIND(true AS ?forward)",
            f"?f aig:object {iri} ; aig:predicate ?p ; aig:subject ?o . {sure} {said} BIND(false AS ?forward)",
        ]
        for relation, (_, first, second) in DEAL_SHORTCUTS.items():
            for mine, theirs, way in ((first, second, "true"), (second, first, "false")):
                bound = f"BIND({relation} AS ?p) BIND({way} AS ?forward)"
                branches.append(f"?f {mine} {iri} ; {theirs} ?o . {sure} {dealt} FILTER(?o != {iri}) {bound}")
        union = " UNION ".join(f"{{ {branch} }}" for branch in branches)
        rows = self.graph.rows(f"SELECT ?f ?p ?o ?forward ?confidence {{ {union} }} LIMIT {_MOST}")
        found: dict[_Triple, dict[NamedNode, float]] = defaultdict(dict)
        for row in rows:
            finding, predicate, other, forward = (row[name] for name in ("f", "p", "o", "forward"))
            if not isinstance(finding, NamedNode) or not isinstance(predicate, NamedNode):
                continue
            if not isinstance(other, NamedNode) or not isinstance(forward, Literal):
                continue
            sure_so = float(term.value) if isinstance(term := row["confidence"], Literal) else 0.0
            found[self._as_seen(predicate, other, forward=forward.value == "true")][finding] = sure_so
        return {one: [finding for finding, _ in _surest_first(each)] for one, each in found.items()}

    def _as_seen(self, relation: NamedNode, other: NamedNode, *, forward: bool) -> _Triple:
        """A triple as it is told from the side of the thing of the page."""
        if forward or relation in self.words.symmetric or relation == AIG.partnerOf:
            return _Triple(relation, other, forward=True)
        if relation in self.words.inverses:
            return _Triple(self.words.inverses[relation], other, forward=True)
        return _Triple(relation, other, forward=False)

    def _chosen(
        self, triples: Sequence[_Triple], stated: Mapping[_Triple, Sequence[NamedNode]], show: str | None, start: int
    ) -> list[tuple[str, list[_Triple], int]]:
        """The facts to show by relation: the best supported first."""
        groups: dict[str, list[_Triple]] = defaultdict(list)
        for one in triples:
            groups[AIG.local(one.relation) + ("" if one.forward else "-of")].append(one)
        for ones in groups.values():
            ones.sort(key=lambda one: (-len(stated.get(one, ())), one.other.value))
        if show is None:
            return [(name, ones[:FIRST], len(ones)) for name, ones in groups.items()]
        ones = groups.get(show, [])
        return [(show, ones[start : start + MORE], len(ones))] if ones else []

    # --- findings and articles

    def _lists(self, iri: NamedNode, held: set[NamedNode]) -> dict[str, list[NamedNode]]:
        """The findings on a thing by section, the newest first; those that state facts are shown with these."""
        ends = (AIG.subject, AIG.object)
        parts = {
            "deals": (*self.words.roles, AIG.concerns),
            "about": (AIG.about, AIG.metric),
            "by": (AIG.claimant,),
            "posts": (AIG.holder, AIG.organization),
            "unsure": ends,
        }
        section = {role: name for name, roles in parts.items() for role in roles}
        rows = self.graph.rows(
            f"SELECT ?f ?role ?issued {{ {{ SELECT ?f ?role {{ ?f ?role {iri} FILTER(?role IN ({_list(section)})) }} "
            f"LIMIT {_MOST} }} OPTIONAL {{ ?f prov:wasDerivedFrom/dcterms:issued ?issued }} }} "
            "ORDER BY DESC(?issued) ?f"
        )
        found: dict[str, dict[NamedNode, None]] = {name: {} for name in parts}
        for row in rows:
            finding, role = row["f"], row["role"]
            if isinstance(finding, NamedNode) and isinstance(role, NamedNode):
                name = section[role]
                if name != "unsure" or finding not in held:
                    found[name][finding] = None
        return {name: list(findings) for name, findings in found.items() if findings}

    def _articles(self, iri: NamedNode) -> tuple[tuple[Mentioned, ...], int]:
        rows = self.graph.rows(
            f"SELECT ?a ?title ?id ?issued ?publisher {{ {{ SELECT ?a {{ ?a aig:mentions {iri} }} LIMIT {_MOST} }} "
            "OPTIONAL { ?a dcterms:title ?title } OPTIONAL { ?a dcterms:identifier ?id } "
            "OPTIONAL { ?a dcterms:issued ?issued } OPTIONAL { ?a dcterms:publisher ?publisher } } "
            "ORDER BY DESC(?issued) ?a"
        )
        found = {}
        for row in rows:
            article = row["a"]
            if isinstance(article, NamedNode) and article not in found:
                texts = {name: term.value for name, term in row.items() if isinstance(term, Literal)}
                title = texts.get("title") or texts.get("id") or article.value
                found[article] = Mentioned(
                    Words(title, page_of(article.value, self.graph.base)),
                    day(texts.get("issued")),
                    texts.get("publisher", ""),
                )
        return tuple(found.values())[: 2 * FIRST], len(found)


@dataclass(frozen=True, slots=True)
class _Relations:
    """Makes the facts of a thing, out of what was read for all of them."""

    iri: NamedNode
    base: str
    words: Vocabulary
    stated: Mapping[_Triple, Sequence[NamedNode]]
    cards: Mapping[NamedNode, Card]
    others: Mapping[NamedNode, Node]

    def relation(self, name: str, ones: Sequence[_Triple], total: int) -> Relation:
        """The facts of one relation and direction."""
        relation, forward = ones[0].relation, ones[0].forward
        verb = self.words.verb(relation)
        heading = verb if forward else f"… {verb} it"
        return Relation(name, heading, page_of(relation.value, self.base), tuple(map(self._fact, ones)), total)

    def _fact(self, one: _Triple) -> Fact:
        node, findings = self.others[one.other], self.stated.get(one, ())
        label = node.text(RDFS.label) or node.text(SKOS.prefLabel) or self.words.label(one.other)
        subject, object_ = (self.iri, one.other) if one.forward else (one.other, self.iri)
        return Fact(
            Words(label, page_of(one.other.value, self.base)),
            next((self.cards[finding] for finding in findings if finding in self.cards), None),
            len(findings),
            why_of(subject, one.relation, object_),
        )


def _once(cards: Sequence[Card], *, whole: bool) -> tuple[Card, ...]:
    """Cards where those that say the same in the same way are one, unless the `whole` list is asked for."""
    if whole:
        return tuple(cards)
    return tuple({(card.plain, card.modality, card.denied): card for card in reversed(cards)}.values())[::-1]


def _in_time(cards: Iterable[Card]) -> tuple[Card, ...]:
    """The cards by the time that they are about, else by their publication."""
    return tuple(sorted(cards, key=lambda card: (card.since or card.issued, card.iri)))


def _surest_first(findings: Mapping[NamedNode, float]) -> list[tuple[NamedNode, float]]:
    return sorted(findings.items(), key=lambda each: (-each[1], each[0].value))


def why_of(subject: NamedNode, relation: NamedNode, object_: NamedNode) -> str:
    """The address of the explanation of a triple."""
    triple = {"subject": str(subject), "predicate": str(relation), "object": str(object_)}
    return f"/explain?{urlencode(triple)}"


def _list(terms: Iterable[NamedNode]) -> str:
    return ", ".join(sorted(map(str, terms)))
