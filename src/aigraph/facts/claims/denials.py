"""Denials that point back: "Acme denied this.", "The report is wrong, Acme said.", "Acme dismissed a report that …".

What somebody denies in such words is what the sentence before says, or what the report named in the sentence itself
does. The denial is a finding of its own, with the words, the figure and the metric of what it denies: so both meet.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from aigraph.facts.speech.cues import load_speech
from aigraph.facts.speech.speakers import AGENTS
from aigraph.facts.words.trees import Tree, child, children, is_negated, is_predicate, preposition, subtree
from aigraph.records import (
    Claim,
    Claimant,
    Document,
    Extractor,
    Facts,
    Finding,
    Mention,
    Mentions,
    Modality,
    Partnership,
    Polarity,
    ReadBlock,
    Sentence,
    Span,
    Statement,
)
from aigraph.resources import parse_yaml

if TYPE_CHECKING:
    from aigraph.facts.words.tokens import Token

DENIED = "claim/denied"
CONFIDENCE = 0.5
"""Prior: as for other statements."""
FILE = Path(__file__).with_name("denials.yaml")
_NEAR = 5


@dataclass(frozen=True, slots=True)
class _Words:
    """The lists of `denials.yaml`.

    `pointing` matches the words for what was said before ("this", "the report", "such claims"), `verdict` what a denial
    calls it ("as inaccurate"), `judging` a whole verdict on it ("this is wrong", "the report is not true").
    """

    pointing: re.Pattern[str]
    verdict: re.Pattern[str]
    judging: re.Pattern[str]
    reports: frozenset[str]
    views: frozenset[str]
    determiners: frozenset[str]
    pronouns: frozenset[str]


@cache
def _words() -> _Words:
    data: dict[str, list[str]] = parse_yaml(FILE.read_text(encoding="utf-8"))
    told, verdicts, adverbs = ("|".join(data[name]) for name in ("told", "verdicts", "verdict_adverbs"))
    before = (
        r"(?:this|that|it|these|those|both"
        r"|(?:(?:all|both)\s+(?:of\s+)?)?(?:the|this|that|these|those|such|his|her|its|their)?\s*"
        rf"(?:\w+\s+)?(?:{told})s?)"
    )
    pointing = rf"^(?:as\s+|of\s+)?{before}$"
    judging = (
        rf"^{before}\s+(?:is|are|was|were)(?P<no>\s+not|n['’]t)?\s+(?:(?:{adverbs})\s+)?"
        rf"(?:(?P<true>true|accurate|correct)|{verdicts})$"
    )
    verdict = rf"""^(?:as\s+)?["“'‘]?(?:(?:{adverbs})\s+)?(?:{verdicts})\b"""
    return _Words(
        re.compile(pointing, re.IGNORECASE),
        re.compile(verdict, re.IGNORECASE),
        re.compile(judging, re.IGNORECASE),
        *(frozenset(data[name]) for name in ("reports", "views", "determiners", "pronouns")),
    )


class _Denial(NamedTuple):
    """Who denies what the sentence before says, and how: as a fact, or as a view."""

    claimant: Claimant
    modality: Modality


@dataclass(frozen=True, slots=True)
class _Place:
    """A sentence with its block and its tree, and the one before it in the block."""

    block: ReadBlock
    sentence: Sentence
    before: Sentence | None
    mentions: Sequence[Mention]

    @property
    def tree(self) -> Tree | None:
        return Tree.of(self.block, self.sentence, self.mentions)


def with_denied(document: Document, mentions: Mentions, facts: Facts) -> Facts:
    """The facts of an article with what its denials deny; a denial that only points back is replaced by that."""
    by_sentence: dict[Span, list[Finding]] = defaultdict(list)
    findings: tuple[Finding, ...] = (*facts.statements, *facts.partnerships, *facts.claims)
    for finding in findings:
        for span in finding.evidence:
            by_sentence[span].append(finding)
    gone: set[Claim] = set()
    more: list[Finding] = []
    for place in _places(document, mentions):
        here = by_sentence.get(place.sentence.span, [])
        more += _reported(document.article.text, place, here, gone)
        told = by_sentence.get(place.before.span, []) if place.before is not None else []
        for denial, claim in _denials(place, here) if told else ():
            denied = [_negated(each, denial, place.sentence) for each in told if _deniable(each, denial)]
            more += denied
            if denied and claim is not None:
                gone.add(claim)
    return replace(
        facts,
        statements=(*facts.statements, *(each for each in more if isinstance(each, Statement))),
        partnerships=(*facts.partnerships, *(each for each in more if isinstance(each, Partnership))),
        claims=(
            *(claim for claim in facts.claims if claim not in gone),
            *(each for each in more if isinstance(each, Claim)),
        ),
    )


def extractor() -> Extractor:
    """The component, for the list of all."""
    text = "What the sentence before says, or a report that the sentence names, and who denies it."
    return Extractor(DENIED, text, ("Claim",), confidence=CONFIDENCE)


def _places(document: Document, mentions: Mentions) -> Iterator[_Place]:
    for block in document.blocks:
        before: Sentence | None = None
        for sentence in block.sentences:
            yield _Place(block, sentence, before, mentions.mentions)
            before = sentence


# --- what the sentence before says -------------------------------------------------------------------------------


def _denials(place: _Place, here: Iterable[Finding]) -> Iterator[tuple[_Denial, Claim | None]]:
    """The denials of a sentence that point back, with the claims that were made of them."""
    tree = place.tree
    if tree is None:
        return
    judged = [claim for claim in here if isinstance(claim, Claim) and _judges(claim)]
    for verdict in judged:
        if verdict.claimant is not None:
            yield _Denial(verdict.claimant, verdict.modality), verdict
    if judged:
        return
    if any(_denies(tree, token) for token in tree.tokens):
        for claim in here:
            if isinstance(claim, Claim) and _points_back(claim) and claim.claimant is not None:
                yield _Denial(claim.claimant, claim.modality), claim
    else:
        for token in tree.tokens:
            if (who := _disagreeing(tree, token)) is not None:
                yield _Denial(who, Modality.OPINION), None


def _denies(tree: Tree, token: Token) -> bool:
    """Is a token a verb of denial that nothing takes back ("does not deny")?"""
    return token.pos_ == "VERB" and token.lemma_ in _denying() and not tree.named(token) and not is_negated(token)


@cache
def _denying() -> frozenset[str]:
    kinds = load_speech().by_tree.items()
    return frozenset(lemma for lemma, kind in kinds if kind in ("denial", "doubt") and "_" not in lemma)


def _points_back(claim: Claim) -> bool:
    """Is a claim the denial of "this" or "the report", without a word of its own?"""
    bare = claim.quantity is None and claim.polarity == Polarity.NEGATED
    return bare and _words().pointing.match(claim.text.strip(" \"'“”‘’,.;:")) is not None


def _judges(claim: Claim) -> bool:
    """Is a claim but the verdict that what was said before is wrong: "This is wrong", "The report is not true"?"""
    found = _words().judging.match(claim.text.strip(" \"'“”‘’,.;:")) if claim.quantity is None else None
    return found is not None and (found["true"] is not None) == (found["no"] is not None)


def _disagreeing(tree: Tree, token: Token) -> Claimant | None:
    """Who "does not share this view" or "disagrees"."""
    if token.pos_ != "VERB" or tree.named(token):
        return None
    if token.lemma_ == "share":
        shared = child(token, "obj")
        pointing = shared is not None and any(t.lower_ in _words().determiners for t in shared.children)
        if not pointing or shared is None or shared.lemma_ not in _words().views or not is_negated(token):
            return None
    elif token.lemma_ == "disagree":
        others = children(token, "obl", "obj", "ccomp", "xcomp")
        if is_negated(token) or any(
            t.lower_ not in _words().pronouns and t.lemma_ not in _words().views for t in others
        ):
            return None
    else:
        return None
    subject = tree.subject(token)
    mention = tree.mention(subject) if subject is not None else None
    return mention.entity if mention is not None and mention.type in AGENTS else None


def _deniable(finding: Finding, denial: _Denial) -> bool:
    """Can it be denied: is it put into somebody else's mouth, or told as a rumour?"""
    own = finding.claimant == denial.claimant
    return not own and (finding.claimant is not None or finding.modality == Modality.REPORTED)


def _negated(finding: Finding, denial: _Denial, sentence: Sentence) -> Finding:
    """What a finding says, denied."""
    view = finding.modality == Modality.OPINION and denial.modality == Modality.ASSERTED
    return replace(
        finding,
        evidence=(sentence.span,),
        extractor=DENIED if isinstance(finding, Claim) else finding.extractor,
        confidence=min(finding.confidence, CONFIDENCE),
        modality=Modality.OPINION if view else denial.modality,
        polarity=Polarity.NEGATED if finding.polarity == Polarity.AFFIRMED else Polarity.AFFIRMED,
        claimant=denial.claimant,
        chance=None,
        overall=None,
    )


# --- a report that the sentence names ----------------------------------------------------------------------------


def _reported(text: str, place: _Place, here: Sequence[Finding], gone: set[Claim]) -> Iterator[Finding]:
    """What a report says that the same sentence tells to be denied, and the denial: two figures out of one.

    What was made of the report or the verdict alone ("a Reuters report", "as inaccurate") is added to `gone`.
    """
    figures = [each for each in here if isinstance(each, Claim) and each.quantity is not None]
    if not figures or (tree := place.tree) is None:
        return
    for token in tree.tokens:
        found = _denied_report(tree, token)
        if found is None:
            continue
        report, clause = found
        source, denier = _source(tree, report), _denier(tree, token)
        content = tree.stretches(subtree(clause))
        inside = [claim for claim in figures if claim.quantity and any(claim.quantity.span in part for part in content)]
        if denier is None or not inside:
            continue
        gone.update(each for each in here if isinstance(each, Claim) and _is_empty(each, report, denier))
        words = text[content[0].start : content[-1].end].removeprefix("that ").strip()
        for claim in inside:
            told = replace(claim, text=words, polarity=Polarity.AFFIRMED, modality=Modality.REPORTED, claimant=source)
            gone.add(claim)
            yield _negated(told, _Denial(denier, Modality.ASSERTED), place.sentence)
            yield told


def _is_empty(claim: Claim, report: Token, denier: Claimant) -> bool:
    """Is a claim but the name of a report that somebody denies, or what the denial calls it?"""
    if claim.quantity is not None or claim.claimant != denier:
        return False
    return _words().verdict.match(claim.text) is not None or claim.text.endswith(report.text)


def _denied_report(tree: Tree, verb: Token) -> tuple[Token, Token] | None:
    """The report that a verb denies, and the clause with what it says: "a report that …"."""
    if not _denies(tree, verb):
        return None
    passive = child(verb, "aux:pass") is not None
    report = child(verb, "nsubj:pass") if passive else child(verb, "obj")
    if report is None or report.lemma_ not in _words().reports:
        return None
    # the tree may hang the clause on the verb: "denied a report | that …"
    clauses = [t for t in subtree(report) if t.dep_ in ("acl", "acl:relcl", "ccomp") and is_predicate(t)]
    clauses += [t for t in children(verb, "ccomp") if t.i > report.i and child(t, "mark") is not None]
    return (report, clauses[0]) if clauses else None


def _source(tree: Tree, report: Token) -> Claimant | None:
    """Whose report it is: "a report in The Edge", "a Bloomberg report", "Acme's claim"."""
    named = children(report, "nmod:poss", "compound", "nmod:unmarked")
    named += [t for t in children(report, "nmod") if preposition(t) in ("by", "from", "in", "of")]
    mentions = (tree.mention(token) for token in named)
    return next((m.entity for m in mentions if m is not None and m.type in AGENTS), None)


def _denier(tree: Tree, verb: Token) -> Claimant | None:
    """Who denies it: the agent of a passive, else the subject."""
    if child(verb, "aux:pass") is not None:  # wherever the tree hangs it: "dismissed by Acme as inaccurate"
        who = next((t for t in tree.tokens if verb.i < t.i <= verb.i + _NEAR and preposition(t) == "by"), None)
    else:
        who = tree.subject(verb)
    mention = tree.mention(who) if who is not None else None
    return mention.entity if mention is not None and mention.type in AGENTS else None
