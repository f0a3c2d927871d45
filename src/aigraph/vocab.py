"""The IRIs that code may name, as `NamedNode`s, and the minting of new ones.

Terms of other vocabularies are listed here; ours are those that the files of `ontology/` declare. Any other name is an
`AttributeError`, so a typing mistake cannot reach the graph.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from urllib.parse import quote

from pyoxigraph import NamedNode

from aigraph import declared

DEFAULT_BASE = "https://w3id.org/aigraph/"

DERIVED_GRAPHS = ("ontology", "knowledge", "entities", "facts", "propositions")
"""Names of the graphs that no article may take as its identifier."""


class Namespace:
    """A namespace with a closed list of terms: `AIG.Claim` is a `NamedNode`, `AIG.Clam` an AttributeError."""

    def __init__(self, prefix: str, iri: str, names: str, where: str = "vocab.py") -> None:
        self._prefix = prefix
        self._iri = iri
        self._where = where
        self._terms = {name: NamedNode(iri + name) for name in names.split()}
        # found without `__getattr__`, which takes several times as long
        self.__dict__.update((name, term) for name, term in self._terms.items() if not hasattr(type(self), name))

    def __getattr__(self, name: str) -> NamedNode:
        try:
            return self._terms[name]
        except KeyError:
            raise AttributeError(f"{self._prefix}:{name} is not declared in {self._where}") from None

    def __getitem__(self, name: str) -> NamedNode:
        return getattr(self, name)  # type: ignore[no-any-return]

    def __contains__(self, term: object) -> bool:
        return isinstance(term, NamedNode) and term in self._terms.values()

    def __iter__(self) -> Iterator[NamedNode]:
        return iter(self._terms.values())

    @property
    def prefix(self) -> str:
        """The usual prefix, without colon."""
        return self._prefix

    @property
    def iri(self) -> str:
        """The IRI that all terms begin with."""
        return self._iri

    def local(self, term: NamedNode) -> str:
        """The name of a term without its namespace ("Claim")."""
        return term.value.removeprefix(self._iri)


AIG = Namespace("aig", declared.NAMESPACE, " ".join(declared.declared().terms), "ontology/")
"""All that `ontology/` declares, but for the concepts of its schemes: these are data."""
RDF = Namespace("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "type first rest nil")
RDFS = Namespace("rdfs", "http://www.w3.org/2000/01/rdf-schema#", "label comment subClassOf subPropertyOf domain range")
XSD = Namespace(
    "xsd",
    "http://www.w3.org/2001/XMLSchema#",
    "string integer double decimal boolean date dateTime gYear gYearMonth anyURI",
)
OWL = Namespace(
    "owl",
    "http://www.w3.org/2002/07/owl#",
    "Ontology Class ObjectProperty DatatypeProperty SymmetricProperty equivalentClass oneOf unionOf onProperty "
    "allValuesFrom",
)
SKOS = Namespace(
    "skos",
    "http://www.w3.org/2004/02/skos/core#",
    "Concept prefLabel altLabel hiddenLabel definition broader inScheme",
)
DCTERMS = Namespace("dcterms", "http://purl.org/dc/terms/", "identifier title issued publisher source creator language")
PROV = Namespace(
    "prov", "http://www.w3.org/ns/prov#", "Activity Entity SoftwareAgent wasDerivedFrom wasGeneratedBy used"
)
OA = Namespace(
    "oa",
    "http://www.w3.org/ns/oa#",
    "SpecificResource TextQuoteSelector TextPositionSelector hasSource hasSelector exact start end",
)
QUDT = Namespace("qudt", "http://qudt.org/schema/qudt/", "QuantityValue Unit numericValue unit")
UNIT = Namespace(
    "unit",
    "http://qudt.org/vocab/unit/",
    "PERCENT W BYTE BYTE-PER-SEC FLOPS NUM M SEC CCY_USD CCY_EUR CCY_GBP CCY_CNY CCY_TWD CCY_HKD CCY_KRW CCY_JPY "
    "CCY_INR CCY_SAR CCY_AED CCY_CHF CCY_CAD CCY_AUD CCY_SGD CCY_SEK CCY_NOK CCY_DKK CCY_ILS CCY_BRL CCY_CZK CCY_IDR "
    "CCY_KES CCY_MXN CCY_MYR CCY_NZD CCY_PHP CCY_PLN CCY_THB CCY_TRY CCY_VND CCY_ZAR",
)
SCHEMA = Namespace("schema", "https://schema.org/", "sameAs")

NAMESPACES: tuple[Namespace, ...] = (AIG, RDF, RDFS, XSD, OWL, SKOS, DCTERMS, PROV, OA, QUDT, UNIT, SCHEMA)

_CORPORATE = frozenset(
    ["inc", "incorporated", "corp", "corporation", "co", "ltd", "limited", "llc", "plc", "ag", "sa", "se", "nv", "gmbh"]
)


@lru_cache(maxsize=20_000)
def normal_name(name: str) -> str:
    """The key under which two spellings of a name are one: "The Nvidia Corp." and "NVIDIA" are both "nvidia".

    Folds case and compatibility forms, and leaves off the article, the possessive, the corporate ending and
    punctuation. Applying it twice changes nothing; a name that has a letter or digit never becomes empty.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).strip()
    folded = re.sub(r"['\u2019]s$", "", folded).replace("+", " plus ")
    words = re.sub(r"[\W_]+", " ", folded).split()
    while len(words) > 1 and words[-1] in _CORPORATE:
        words.pop()
    while len(words) > 1 and words[0] == "the":
        words.pop(0)
    return " ".join(words)


def slug(name: str) -> str:
    """The last part of an IRI for a name: its normal form with hyphens for blanks ("sk-hynix")."""
    return normal_name(name).replace(" ", "-")


def digest(*parts: object) -> str:
    """Sixteen hexadecimal digits (64 bits of SHA-256) that depend on the parts and their order alone."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:16]


@cache
def kebab(name: str) -> str:
    """CamelCase to kebab-case: "AIModel" is "ai-model", "LicensingAgreement" "licensing-agreement"."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", name).lower()


@dataclass(frozen=True, slots=True)
class Iris:
    """Mints every IRI below one base. The same input gives the same IRI on any machine and in any order."""

    base: str = DEFAULT_BASE

    def thing(self, kind: str, name: str) -> NamedNode:
        """`res:<kind>/<slug>`: an entity, metric or topic, the same in all articles; `kind` as "Company"."""
        return NamedNode(f"{self.base}id/{kebab(kind)}/{encode(slug(name))}")

    def part(self, kind: str, article: str, *content: object) -> NamedNode:
        """`res:<kind>/<article>/<digest>`: a node of one article's graph; content decides its identity."""
        return NamedNode(f"{self.base}id/{kebab(kind)}/{encode(article)}/{digest(*content)}")

    def joint(self, kind: str, *content: object) -> NamedNode:
        """`res:<kind>/<digest>`: a node of what several articles have in common; content decides its identity."""
        return NamedNode(f"{self.base}id/{kebab(kind)}/{digest(*content)}")

    def article(self, identifier: str) -> NamedNode:
        """The article of that identifier."""
        return NamedNode(f"{self.base}article/{encode(identifier)}")

    def graph(self, name: str) -> NamedNode:
        """The named graph of an article (by its identifier) or a derived one ("entities", "facts" …)."""
        return NamedNode(f"{self.base}graph/{encode(name)}")

    def extractor(self, name: str) -> NamedNode:
        """The rule or component that found something, which a reader can look up ("relation/develops-verb")."""
        return NamedNode(f"{self.base}extractor/{quote(name)}")

    def knowledge(self, kind: str, name: str) -> NamedNode:
        """The entry of the knowledge files on an entity."""
        return NamedNode(f"{self.base}knowledge/{kebab(kind)}/{encode(slug(name))}")


def encode(segment: str) -> str:
    """One path segment of an IRI: what RFC 3986 does not allow there, and "/", is percent-encoded."""
    return quote(segment, safe="")


def prefixes(base: str = DEFAULT_BASE) -> dict[str, str]:
    """Prefixes for queries and exports, by name."""
    minted = {"res": f"{base}id/", "graph": f"{base}graph/", "article": f"{base}article/"}
    return {n.prefix: n.iri for n in NAMESPACES} | minted
