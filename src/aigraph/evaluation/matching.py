"""When something found is the thing that the gold annotation means.

Lenient where two careful readers would differ (spelling of names, wording of a metric, length of a quote), strict on
figures, units, kinds and directions.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from aigraph.evaluation.gold import GoldEntity

_CORPORATE = re.compile(
    r"[\s,]+(inc|corp|corporation|co|company|ltd|limited|llc|plc|ag|sa|se|nv|holdings?|group|technolog(y|ies))\.?$"
)
_STOP_WORDS = "the a an of in on for to per and or by at with from its total number value amount rate"
_STOP = frozenset(_STOP_WORDS.split())
_SURPLUS = 250
"""By how many characters a found quote may be longer than the gold sentence that it holds."""


@dataclass(frozen=True, slots=True)
class FoundEntity:
    """An entity of the graph: local names of its types, folded forms of its names."""

    types: frozenset[str]
    names: frozenset[str]


def fold_name(text: str) -> str:
    """Fold a name: case, compatibility forms, quotes, possessive, plural of a code, punctuation, corporate ending."""
    text = re.sub(r"(?<=[A-Z0-9])s$", "", unicodedata.normalize("NFKC", text).strip())
    text = re.sub(r"'s$", "", text.casefold().replace("’", "'"))
    text = re.sub(r"^the\s+", "", text)
    while (shorter := _CORPORATE.sub("", text)) != text:
        text = shorter
    return re.sub(r"[\W_]+", " ", text).strip()


def fold_text(text: str) -> str:
    """Fold a text: case, compatibility forms, punctuation and white space."""
    return re.sub(r"\W+", " ", unicodedata.normalize("NFKC", text).casefold()).strip()


def align(gold: Sequence[GoldEntity], found: Mapping[str, FoundEntity]) -> dict[str, str]:
    """Gold ids by the IRIs found: one to one, best overlap of names first, then those of the right type."""
    pairs = []
    for entity in gold:
        names = {fold_name(name) for name in (entity.name, *entity.aliases)}
        for iri, seen in found.items():
            if overlap := len(names & seen.names):
                pairs.append((-overlap, entity.type not in seen.types, entity.id, iri))
    iri_of: dict[str, str] = {}
    for _, _, gold_id, iri in sorted(pairs):
        if gold_id not in iri_of and iri not in iri_of.values():
            iri_of[gold_id] = iri
    return {iri: gold_id for gold_id, iri in iri_of.items()}


def same_sentence(want: str, evidence: AbstractSet[str]) -> bool:
    """Does a found quote (folded) lie in the gold sentence, or hold it without being much longer?"""
    want = fold_text(want)
    return any(e and (e in want or (want in e and len(e) <= len(want) + _SURPLUS)) for e in evidence)


def same_value(a: float | None, b: float | None) -> bool:
    """Are two figures the same up to the error of floating point?"""
    return a is not None and b is not None and math.isclose(a, b, rel_tol=1e-6)


def same_time(want: str | None, found: AbstractSet[str]) -> bool:
    """A gold time against EDTF strings and fiscal periods; of an interval the end counts ("../2027" is 2027)."""
    if want is None:
        return not found
    ends = {re.sub(r"[~?%]", "", f).split("/")[-1] or f.split("/")[0] for f in found if f != ".."}
    return want in ends or _edtf(want) in ends


def _edtf(time: str) -> str:
    """The EDTF form of a gold time ("2026-Q4" is "2026-36", "2026-H2" is "2026-41")."""
    if match := re.fullmatch(r"(\d{4})-([QH])(\d)", time):
        return f"{match[1]}-{(32 if match[2] == 'Q' else 39) + int(match[3])}"
    return time


def content(text: str) -> frozenset[str]:
    """The words of a wording, folded, without those that tell nothing; all where there are no others."""
    words = frozenset(fold_text(text).split())
    return words - _STOP or words


def same_metric(want: str, found: AbstractSet[str]) -> bool:
    """Do the names of a metric (folded) share a word of content with the gold wording?"""
    return any(content(want) & set(name.split()) for name in found)


def same_thing(want: str | None, iris: AbstractSet[str], names: AbstractSet[str], gold_ids: Mapping[str, str]) -> bool:
    """Is the wanted entity id (or free string) among the IRIs found, or like one of their names (folded)?"""
    if want is None:
        return not iris
    if want in {gold_ids.get(iri) for iri in iris}:
        return True
    tokens = set(fold_text(want).split())
    return any(tokens & set(name.split()) for name in names)
