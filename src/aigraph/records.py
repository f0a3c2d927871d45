"""What the steps hand to one another: frozen, typed records.

Positions (`start`, `end`) count Unicode code points in `Article.text`, the canonical text; `end` is exclusive,
so `article.text[start:end]` is always what the record speaks of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from aigraph.declared import declared
from aigraph.vocab import kebab

if TYPE_CHECKING:
    from spacy.tokens import Doc


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of the canonical text."""

    start: int
    end: int

    def __contains__(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """True where the two share at least one code point."""
        return self.start < other.end and other.start < self.end


# --- articles -----------------------------------------------------------------------------------------------


class BlockKind(StrEnum):
    """What a block of an article is for a reader."""

    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    BULLET = "bullet"
    TABLE_ROW = "table-row"
    QUESTION = "question"  # a question that the text goes on to answer (FAQ, interview)
    TEASER = "teaser"  # a pointer to another article: its facts count, it is no part of the story
    METADATA = "metadata"  # dateline-like lines, bylines, tags, "3 min read", source lists
    BOILERPLATE = "boilerplate"  # navigation, disclaimers, contacts: nothing is read out of it


@dataclass(frozen=True, slots=True)
class Block:
    """A visual unit of the text: a heading, a paragraph, a bullet, a row of a table.

    `span` covers the words alone (no bullet sign, no number before a list item); `cells` are the cells of a
    table row in reading order, `header` the cells of the row that names the columns.
    """

    kind: BlockKind
    span: Span
    cells: tuple[Span, ...] = ()
    header: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """One article as read, before any analysis.

    `text` is the canonical text: all that the source holds, decoded, line ends as "\\n", without front matter or
    markup. `source` says where it was read from (a path as the user gave it, or an address from the front matter).
    `issued` is an EDTF date ("2026-03-18", "2026-03"); None where the source gives none. `language` is what somebody
    wrote down, else what the words show.
    """

    identifier: str
    text: str
    blocks: tuple[Block, ...]
    source_sha256: str
    title: str | None = None
    issued: str | None = None
    publisher: str | None = None
    source: str | None = None
    language: str = "en"
    authors: tuple[str, ...] = ()


# --- types of entities --------------------------------------------------------------------------------------


def _unlisted(members: Mapping[str, object]) -> dict[str, str]:
    """The types that the ontology has and `members` lack, with names for members."""
    names = (name for name in declared().entity_types() if name not in members.values())
    return {kebab(name).upper().replace("-", "_"): name for name in names}


class EntityType(StrEnum):
    """The types of entities; the values are local names in the ontology.

    The members listed are those that code may name; the other types that the ontology has follow after them, in order.
    """

    COMPANY = "Company"
    ORGANIZATION = "Organization"
    PERSON = "Person"
    CHIP = "Chip"
    ARCHITECTURE = "Architecture"
    SYSTEM = "System"
    SOFTWARE = "Software"
    AI_MODEL = "AIModel"
    EVENT = "Event"
    PLACE = "Place"
    vars().update(_unlisted(vars()))


def _below(ancestor: str) -> frozenset[EntityType]:
    return frozenset(each for each in EntityType if declared().is_below(each.value, ancestor))


TECHNOLOGY = _below("Technology")
HARDWARE = TECHNOLOGY - {EntityType.SOFTWARE, EntityType.AI_MODEL}
"""What can be touched, with its design: all technologies but those that are made of bits alone."""
BODY = _below("Organization")


# --- documents ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: its place in the article, its tokens in the block's Doc (`first` to `last`, exclusive)."""

    index: int
    span: Span
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class RecognizedName:
    """A stretch of text that the language model takes for a name.

    `score` is how sure it is that this is a name at all, `types` the types that it may have, with the chance of each,
    the likeliest first.
    """

    span: Span
    score: float
    types: tuple[tuple[EntityType, float], ...]


@dataclass(frozen=True, slots=True)
class ReadBlock:
    """A block with its own spaCy Doc, so that a heading never joins its paragraph.

    `doc.text` is `article.text[block.span.start:block.span.end]`, with every white-space character as a blank (so that
    a name broken by a line end stays one name; rows of tables keep their line ends, which part the cells): a token
    stands in the article at `block.span.start + token.idx`. `names` are what the language model takes for names.
    """

    block: Block
    doc: Doc
    sentences: tuple[Sentence, ...]
    names: tuple[RecognizedName, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """An article split into blocks, sentences and tokens; boilerplate blocks are left out."""

    article: Article
    blocks: tuple[ReadBlock, ...]


# --- mentions -----------------------------------------------------------------------------------------------


class MentionKind(StrEnum):
    """How a text refers to an entity."""

    NAME = "name"  # "Nvidia", "AMD's" (the span leaves off the possessive)
    NOMINAL = "nominal"  # "the chipmaker"
    PRONOUN = "pronoun"  # "its"


@dataclass(frozen=True, slots=True, order=True)
class Mention:
    """One place where the text names or points to an entity.

    `found_by` names the component that found it ("mention/knowledge"). For nominals and pronouns `antecedent` is
    the span of the name they stand for. What stands for several things ("both") has the first as its entity, who speaks
    for all by the guideline, and the mentions of the others as its `fellows`.
    """

    span: Span
    entity: NamedNode = field(compare=False)
    type: EntityType = field(compare=False)
    form: str = field(compare=False)
    kind: MentionKind = field(compare=False, default=MentionKind.NAME)
    found_by: str = field(compare=False, default="")
    antecedent: Span | None = field(compare=False, default=None)
    fellows: tuple[Mention, ...] = field(compare=False, default=())

    @property
    def entities(self) -> tuple[NamedNode, ...]:
        """All that the mention stands for: one thing, or several."""
        return (self.entity, *(fellow.entity for fellow in self.fellows))


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity of one article: its IRI, type and best form in this article."""

    iri: NamedNode
    type: EntityType
    name: str


@dataclass(frozen=True, slots=True)
class Mentions:
    """All mentions of an article in order, never overlapping, and the entities they point to."""

    mentions: tuple[Mention, ...]
    entities: tuple[Entity, ...]


# --- facts --------------------------------------------------------------------------------------------------


class Modality(StrEnum):
    """How a finding is put forward (data contract, `aig:modality`)."""

    ASSERTED = "Asserted"
    FORECAST = "Forecast"
    REPORTED = "Reported"
    OPINION = "Opinion"
    HYPOTHETICAL = "Hypothetical"


class Polarity(StrEnum):
    """Whether a finding affirms or denies."""

    AFFIRMED = "Affirmed"
    NEGATED = "Negated"


class Comparator(StrEnum):
    """How a figure bounds the quantity it speaks of."""

    EXACTLY = "Exactly"
    ABOUT = "About"
    AT_LEAST = "AtLeast"
    MORE_THAN = "MoreThan"
    AT_MOST = "AtMost"
    LESS_THAN = "LessThan"
    UP_TO = "UpTo"


class Status(StrEnum):
    """Where a deal stands, as the article has it."""

    ANNOUNCED = "Announced"
    REPORTED = "Reported"
    COMPLETED = "Completed"
    ENDED = "Ended"


class PartnershipKind(StrEnum):
    """The kinds of deals; the values are classes of the ontology."""

    LICENSING = "LicensingAgreement"
    SUPPLY = "SupplyAgreement"
    INVESTMENT = "Investment"
    ACQUISITION = "Acquisition"
    COLLABORATION = "Collaboration"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure: `value` in full units of `unit` (a QUDT unit or one of ours), and where it stands.

    "up to 30x" is Quantity(30.0, AIG.Times, Comparator.UP_TO, …). A range is two quantities. `span` includes the
    words of the comparator; `noun` is the thing counted where the unit is `unit:NUM` ("350,000 H100s": "H100s").
    """

    value: float
    unit: NamedNode
    comparator: Comparator
    span: Span
    noun: Span | None = None

    @property
    def counted(self) -> Span | None:
        """The words from a count to the noun that it counts, with all names there: "52,000 [of Orrin's Q7 chips]"."""
        if self.noun is None:
            return None
        return Span(min(self.span.end, self.noun.start), self.noun.end)


@dataclass(frozen=True, slots=True)
class Period:
    """A time that a text speaks of.

    `edtf` is EDTF level 1 ("2027", "2026-36" for the fourth quarter, "../2027" for "through 2027"); `first` and
    `last` are its first and last day, None where open. A fiscal period has its label in `fiscal` ("2025-Q4"),
    and neither EDTF nor days unless its last month is told ("the year to March 2027").
    """

    span: Span
    edtf: str | None = None
    first: date | None = None
    last: date | None = None
    fiscal: str | None = None


@dataclass(frozen=True, slots=True)
class Concept:
    """A metric or a topic: one of the ontology's schemes (`listed`), or minted from the words of the text."""

    iri: NamedNode
    label: str
    listed: bool


@dataclass(frozen=True, slots=True)
class UnnamedGroup:
    """Somebody without a name who says something: "analysts", "people familiar with the matter".

    The analysts of one article are not those of another, so the group has no IRI of its own outside the article.
    """

    label: str


Claimant = NamedNode | UnnamedGroup


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What an article was found to say: the common part of statements, partnerships and claims.

    `evidence` are the sentences that say it, first the one that carries it. `extractor` names the rule or component
    ("relation/develops-verb"), `also` others that found the same, sorted. `claimant` is None where the article speaks
    for itself. `chance` is what the language model gives the finding by its sentence, where it can tell; `overall` what
    the network that reads the article as a whole gives it, with all that was found at hand.
    """

    evidence: tuple[Span, ...]
    extractor: str
    confidence: float
    modality: Modality = Modality.ASSERTED
    polarity: Polarity = Polarity.AFFIRMED
    period: Period | None = None
    claimant: Claimant | None = None
    chance: float | None = None
    overall: float | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement(Finding):
    """A relation that the text states. `predicate` is a property of the ontology; `role` is the post for worksFor."""

    subject: NamedNode
    predicate: NamedNode
    object: NamedNode
    role: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Partnership(Finding):
    """A deal between parties. `roles` maps role properties (AIG.licensee …) to those who fill them, sorted."""

    kind: PartnershipKind
    roles: tuple[tuple[NamedNode, tuple[NamedNode, ...]], ...]
    status: Status
    concerns: NamedNode | None = None
    quantity: Quantity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Finding):
    """A figure about the world, or something that somebody says, with or without a figure.

    `text` is the clause that makes the claim, as in the article. `about` is an entity or a topic; `about_text` and
    `metric_text` are the article's own words for them.
    """

    text: str
    about: NamedNode | Concept | None = None
    about_text: str | None = None
    metric: Concept | None = None
    metric_text: str | None = None
    quantity: Quantity | None = None


@dataclass(frozen=True, slots=True)
class Rejection:
    """A candidate that did not enter the graph, and why (an argument outside the ontology's domain, say).

    `evidence` is the sentence, or the passage where no sentence could be told.
    """

    extractor: str
    evidence: Span
    reason: str


@dataclass(frozen=True, slots=True)
class Facts:
    """All that an article was found to say."""

    statements: tuple[Statement, ...]
    partnerships: tuple[Partnership, ...]
    claims: tuple[Claim, ...]
    rejections: tuple[Rejection, ...] = ()


class Means(StrEnum):
    """By what an extractor finds things."""

    PATTERN = "pattern"  # a rule over words and mentions
    FRAME = "frame"  # a rule over dependency trees
    CODE = "code"  # a component without a rule file
    MODEL = "model"  # scores that were learned


@dataclass(frozen=True, slots=True, order=True)
class Extractor:
    """A rule or component that finds things, for `aig:extractedBy` to be looked up.

    `name` is what findings carry in `extractor` ("relation/develops-verb"), `description` says in plain words what it
    looks for, `yields` are the local names of the properties or classes that it states. `confidence` is the prior of
    its findings, where it has one alone; `examples` and `counterexamples` are its sentences, in bracket notation;
    `model` is the language model whose answers it takes, where it asks one.
    """

    name: str
    description: str
    yields: tuple[str, ...] = ()
    means: Means = Means.CODE
    confidence: float | None = None
    examples: tuple[str, ...] = ()
    counterexamples: tuple[str, ...] = ()
    model: str | None = None


@dataclass(frozen=True, slots=True)
class Versions:
    """What decides the outcome of reading an article, apart from the article itself."""

    software: str
    rules: str
    model: str
    knowledge: str
    ontology: str


class Part(StrEnum):
    """A part of reading that can be left out, to measure what it is worth (`aigraph evaluate --without`)."""

    KNOWLEDGE = "knowledge"  # the curated names
    RECOGNIZER = "recognizer"  # what the language model takes for names
    NAME_RULES = "name-rules"  # rules for names that nobody listed
    COREFERENCE = "coreference"  # descriptions and pronouns
    TABLES = "tables"  # facts out of tables
    SYNTAX = "syntax"  # facts out of dependency trees
    PATTERNS = "patterns"  # facts out of patterns over words
    LINKS = "links"  # facts that the language model finds between words
    WHOLE = "whole"  # what a network makes of the article as a whole
