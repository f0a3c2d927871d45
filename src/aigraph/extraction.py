"""What finds facts: one interface for all extractors, and how the findings of several become one.

An extractor is given a document and its mentions and gives facts. `aigraph.facts.FactFinder` (rules) is one,
`aigraph.llm.LlmExtractor` (a language model that is asked, every answer verified) another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

from pyoxigraph import NamedNode

from aigraph.records import (
    Claim,
    Concept,
    Document,
    Extractor,
    Facts,
    Finding,
    Mentions,
    Modality,
    Partnership,
    Rejection,
    Span,
    Statement,
)

F = TypeVar("F", bound=Finding)

OTHERWISE = "the extractor {} reads the same place otherwise, and comes first"


class FactExtractor(Protocol):
    """Finds all that an article says; one instance serves any number of articles, one after the other.

    Only `find` and `extractors` have to be written. `version` tells apart what may give other facts of one article:
    where it changes articles are read again. `begin` starts what takes time, before `find` asks for its outcome, for
    up to `ahead` articles at once. `close` lets go of what the extractor holds.
    """

    version: str = ""
    ahead: int = 0

    def find(self, document: Document, mentions: Mentions) -> Facts:
        """The facts of one article, each once, in the order of the text."""
        ...

    def extractors(self) -> tuple[Extractor, ...]:
        """All rules and components whose names findings carry, sorted."""
        ...

    def begin(self, document: Document, mentions: Mentions) -> None:
        """Start what takes time for an article that `find` will be asked about."""
        del document, mentions  # an empty body would count as abstract

    def close(self) -> None:
        """Let go of what the extractor holds; it cannot be used any more."""
        return


def combine(found: Sequence[Facts]) -> Facts:
    """The facts of several extractors as those of one, the first extractor's first.

    What two of them found is one finding: the first one's, with the evidence of both and the other's name in `also`.
    Where they read one place differently (another stance, another thing that a figure is about) the first one's reading
    stands and the other one is rejected, so that no sentence says two things of one figure.
    """
    if len(found) == 1:
        return found[0]
    rejections = [rejection for facts in found for rejection in facts.rejections]
    return Facts(
        tuple(_joined((f.statements for f in found), _same_statement, _other_statement, rejections)),
        tuple(_joined((f.partnerships for f in found), _same_deal, _other_deal, rejections)),
        tuple(_joined((f.claims for f in found), _same_claim, _other_claim, rejections)),
        tuple(rejections),
    )


def _joined(
    found: Iterable[Sequence[F]],
    same: Callable[[F, F], bool],
    otherwise: Callable[[F, F], bool],
    rejections: list[Rejection],
) -> list[F]:
    joined: list[F] = []
    for findings in found:
        known = len(joined)
        for finding in findings:
            # only what earlier extractors found is compared: an extractor knows what it means by two findings
            at = next((i for i in range(known) if same(joined[i], finding)), None)
            if at is not None:
                joined[at] = _both(joined[at], finding)
                continue
            other = next((joined[i] for i in range(known) if otherwise(joined[i], finding)), None)
            if other is None:
                joined.append(finding)
            else:
                reason = OTHERWISE.format(other.extractor)
                rejections.append(Rejection(finding.extractor, finding.evidence[0], reason))
    return joined


def _both(first: F, second: F) -> F:
    names = {*first.also, second.extractor, *second.also} - {first.extractor}
    evidence = tuple(dict.fromkeys((*first.evidence, *second.evidence)))
    joined = replace(first, evidence=evidence, also=tuple(sorted(names)))
    if isinstance(joined, Statement) and isinstance(second, Statement) and joined.role is None:
        return replace(joined, role=second.role)
    return joined


def _stance(finding: Finding) -> tuple[object, ...]:
    return finding.modality, finding.polarity, finding.claimant


def _share_a_place(one: Finding, other: Finding) -> bool:
    return any(a.overlaps(b) for a in one.evidence for b in other.evidence)


# --- statements -------------------------------------------------------------------------------------------------------


def _triple(statement: Statement) -> tuple[NamedNode, ...]:
    return statement.subject, statement.predicate, statement.object


def _same_statement(one: Statement, other: Statement) -> bool:
    roles = one.role is None or other.role is None or one.role == other.role
    return _triple(one) == _triple(other) and roles and _stance(one) == _stance(other)


def _other_statement(one: Statement, other: Statement) -> bool:
    return _triple(one) == _triple(other) and _share_a_place(one, other)


# --- deals ------------------------------------------------------------------------------------------------------------


def _firm(deal: Partnership) -> tuple[object, ...]:
    """What parts deals that are told of from such as are denied or only supposed."""
    return deal.polarity, deal.modality == Modality.HYPOTHETICAL


def _same_deal(one: Partnership, other: Partnership) -> bool:
    return one.kind == other.kind and one.roles == other.roles and _firm(one) == _firm(other)


def _other_deal(one: Partnership, other: Partnership) -> bool:
    """Of one kind in one sentence, with a party in common in the same role."""
    if one.kind != other.kind or not _share_a_place(one, other):
        return False
    roles = dict(one.roles)
    return any(set(parties) & set(roles.get(role, ())) for role, parties in other.roles)


# --- claims -----------------------------------------------------------------------------------------------------------


def _place(claim: Claim) -> Span:
    return claim.quantity.span if claim.quantity else claim.evidence[0]


def _name(node: NamedNode | Concept | None) -> str | None:
    return node.iri.value if isinstance(node, Concept) else node.value if node else None


def _same_claim(one: Claim, other: Claim) -> bool:
    if not _other_claim(one, other) or _stance(one) != _stance(other):
        return False
    if one.quantity is None:
        return True
    told = (_name(one.about), _name(one.metric), one.period and (one.period.edtf, one.period.fiscal))
    return told == (_name(other.about), _name(other.metric), other.period and (other.period.edtf, other.period.fiscal))


def _other_claim(one: Claim, other: Claim) -> bool:
    """Of one figure; or without a figure, of words that are in part the same."""
    if (one.quantity is None) != (other.quantity is None) or not _place(one).overlaps(_place(other)):
        return False
    return one.quantity is not None or one.text in other.text or other.text in one.text
