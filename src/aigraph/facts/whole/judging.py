"""What the network for whole articles makes of the findings of rules: it drops, adds and puts right.

A finding that a rule has and the network holds for unlikely is rejected, with the reason; what no rule has and the
network is sure of is added, with the sentence that it looked at. What it takes for denied, open or rumoured is put so,
and rejected where it is not sure; what rules hold for denied or supposed stays as it is. Claims are judged in
`claiming.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from aigraph.facts.confidence import OVERALL_DEAL, OVERALL_RELATION
from aigraph.facts.deals.added import DealTeller
from aigraph.facts.deals.uses import USE_RULE
from aigraph.facts.links.findings import DEAL, LABELS, RELATION, ROLES, marked
from aigraph.facts.relations.makers import NAME_RULE
from aigraph.facts.relations.processes import PROCESS_RULE
from aigraph.facts.relations.series import SERIES_RULE
from aigraph.facts.speech.attribution import AttributionReader
from aigraph.facts.speech.stance import WEAKEST_FIRST, StanceReader
from aigraph.facts.whole.article import JudgedArticle
from aigraph.facts.whole.claiming import ClaimJudge, Kind, Said
from aigraph.facts.whole.limits import DOUBTFUL, OUTDONE, THRESHOLDS, UNLIKELY, Thresholds
from aigraph.facts.whole.parties import grouped, pairs_of, with_pairs
from aigraph.facts.whole.story import Ruled, Story, is_hedged, story_of
from aigraph.facts.whole.verdicts import Verdict, take_figures, take_pairs, take_voices
from aigraph.facts.whole.windows import ranges, view
from aigraph.language.whole import STANCES, SYMMETRIC, WholeNetwork
from aigraph.ontology import Ontology
from aigraph.records import (
    Document,
    Facts,
    Mentions,
    Modality,
    Partnership,
    Polarity,
    Rejection,
    Statement,
    Status,
)
from aigraph.vocab import AIG

_NAMING = frozenset({f"relation/{NAME_RULE}", f"relation/{SERIES_RULE}"})
"""Rules that go by names alone, which the network does not take apart."""
_UNMADE = frozenset({Status.ENDED, Status.REPORTED})
"""Where a deal stands that is over, or that one only hears of: no direct triple comes of it anyway."""


_GUESSED = frozenset({DEAL, f"partnership/{USE_RULE}"})
"""Deals that no words state as such: they are weighed like those that the network alone finds."""
FACT, *PUT = STANCES
"""What a finding is, and what it may be put as instead."""
_USED = frozenset({"componentOf", "uses"})
_F = TypeVar("_F", Statement, Partnership)


class Judge:
    """Reads articles as wholes; one instance serves any number of them."""

    def __init__(
        self,
        ontology: Ontology,
        attributions: AttributionReader,
        said: Said,
        *,
        thresholds: Thresholds = THRESHOLDS,
        network: WholeNetwork | None = None,
        kind: Kind | None = None,
    ) -> None:
        """`said` makes statements of a sentence, `kind` what a figure is about that is told of no name.

        `network` is the shipped one unless another is given.
        """
        self._ontology = ontology
        self._claims = ClaimJudge(attributions, said, kind, thresholds)
        self._stances = StanceReader(attributions)
        self._deals = DealTeller(self._stances)
        self._network = network or WholeNetwork()
        self.thresholds = thresholds

    def judged(self, document: Document, mentions: Mentions, ruled: Ruled) -> Facts:
        """The facts of an article, with what the network makes of them."""
        story = story_of(document, mentions, ruled)
        verdict = self.read(story)
        rejections = list(ruled.facts.rejections)
        article = JudgedArticle(document, mentions, story, verdict)
        statements = tuple(self._statements(article, ruled.facts.statements, rejections))
        deals = tuple(self._partnerships(article, ruled.facts.partnerships, rejections))
        claims = tuple(self._claims.judged(article, ruled.facts.claims, rejections))
        return Facts(statements, deals, claims, tuple(rejections))

    def read(self, story: Story) -> Verdict:
        """What the network says of a story."""
        verdict = Verdict()
        for first, last in ranges(self._network, story):
            seen = view(self._network, story, first, last)
            if seen is not None:
                scores = self._network.read(seen.window)
                take_pairs(verdict, seen, scores)
                take_figures(verdict, seen, scores)
                take_voices(verdict, seen, scores)
        return verdict

    def _put_as(self, article: JudgedArticle, key: tuple[int, int, str]) -> str | None:
        """What the network takes a deal for where it takes it for no fact: one of `PUT`."""
        stance = self._unstated(article, key)
        return None if stance == DOUBTFUL else stance

    def _unstated(self, article: JudgedArticle, key: tuple[int, int, str]) -> str | None:
        """What the network takes a relation for where it takes it for no fact: one of `PUT`, or `DOUBTFUL`."""
        shares = article.verdict.stances.get(key[:2])
        if shares is None or shares[0] >= self.thresholds.certain:
            return None
        if shares[0] >= self.thresholds.stated:
            return DOUBTFUL
        return max(zip(shares[1:], PUT, strict=True))[1]

    # --- relations ------------------------------------------------------------------------------------------------

    def _statements(
        self, article: JudgedArticle, statements: Sequence[Statement], rejections: list[Rejection]
    ) -> Iterator[Statement]:
        told: set[tuple[int, int, str]] = set()
        made: set[int] = set()
        processes: set[int] = set()
        for statement in statements:
            key = article.key(statement.subject, statement.object, AIG.local(statement.predicate))
            if key is None:
                yield statement
                continue
            told.add(key)
            if is_hedged(statement.modality, statement.polarity):
                yield statement
                continue
            processes |= {key[1]} if statement.extractor == f"relation/{PROCESS_RULE}" else set()
            if statement.extractor in _NAMING:
                made |= {key[1]} if key[2] == "develops" else set()
                yield statement
                continue
            chance, stance = article.likelihood(key), self._unstated(article, key)
            if stance in PUT and not article.is_vouched_for(statement, key[2], statement.subject, statement.object):
                yield _put(statement, stance)
            elif (reason := self._refused(article, statement, key)) is not None or stance == DOUBTFUL:
                rejections.append(Rejection(statement.extractor, statement.evidence[0], reason or DOUBTFUL))
            else:
                made |= {key[1]} if key[2] == "develops" else set()
                yield replace(statement, overall=chance)
        for (first, second, label), (chance, number) in article.added(told, self.thresholds.relation):
            if label == "develops" and second in made and chance < self.thresholds.maker:
                continue  # it has a maker already, and this one is not likelier than not
            if self._outdone(article, (first, second, label)):
                continue
            if label == "usesArchitecture" and second in processes:
                continue  # what a chip is made in is no architecture of it
            made |= {second} if label == "develops" else set()
            added = self._relation(article, (first, second, label), chance, number)
            if added is not None:
                yield added

    def _refused(self, article: JudgedArticle, statement: Statement, pair: tuple[int, int, str]) -> str | None:
        """Why a finding is too unlikely; what the model of sentences alone has is no rule's."""
        chance, limits = article.likelihood(pair), self.thresholds
        if chance < (limits.relation if statement.extractor == RELATION else limits.against):
            return UNLIKELY
        return OUTDONE if self._outdone(article, pair) else None

    def _outdone(self, article: JudgedArticle, pair: tuple[int, int, str]) -> bool:
        """Is one maker or employer doubtful, and another likely?"""
        return article.likelihood(pair) < self.thresholds.maker and article.rival(pair) >= self.thresholds.rival

    def _relation(
        self, article: JudgedArticle, pair: tuple[int, int, str], chance: float, number: int
    ) -> Statement | None:
        first, second, label = pair
        one, other = article.story.entities[first], article.story.entities[second]
        if label in SYMMETRIC and other.value < one.value:
            first, second, one, other = second, first, other, one
        kinds = AIG[article.story.types[first]], AIG[article.story.types[second]]
        place = article.place(number)
        if place is None or self._ontology.allows(AIG[label], *kinds) is not None:
            return None
        hedge = article.hedges(number).between(label, one, other)
        focus = article.focus(place.sentence, one, other)
        stance = self._stances.read(article.document, place.block, place.sentence, focus, article.mentions.mentions)
        stance = marked(stance, None, hedge)
        if label in _USED:  # the verb of using often has neither name beside it: "the second hall may use Maia"
            stance = marked(stance, None, article.hedges(number).governed(one if label == "componentOf" else other))
        found = Statement(
            subject=one,
            predicate=AIG[label],
            object=other,
            evidence=(place.sentence.span,),
            extractor=OVERALL_RELATION,
            confidence=chance,
            overall=chance,
            modality=stance.modality,
            polarity=stance.polarity,
            claimant=stance.claimant,
        )
        if is_hedged(found.modality, found.polarity) or (doubted := self._unstated(article, pair)) is None:
            return found
        return _put(found, doubted) if doubted in PUT else None

    def _unhedged(
        self, article: JudgedArticle, deal: Partnership, keys: Sequence[tuple[int, int, str]], *, denied: bool
    ) -> Partnership:
        """A deal that its sentence seems to deny or suppose, stated where the network is sure of it as a fact.

        What is denied or supposed there is often something else: "SoftBank, which holds 29%, will not sell". Where the
        tree `denied` it between the parties, as in "bars Acme from supplying Beta", it has to be surer.
        """
        limits = self.thresholds
        told = [(article.likelihood(key), article.verdict.stances.get(key[:2], (0.0,))[0]) for key in keys]
        if not is_hedged(deal.modality, deal.polarity) or not told:
            return deal
        sure, plain = (limits.surest, limits.plainest) if denied else (limits.sure, limits.plain)
        if any(chance < sure or fact < plain for chance, fact in told):
            return deal
        modality = Modality.ASSERTED if deal.modality == Modality.HYPOTHETICAL else deal.modality
        return replace(deal, polarity=Polarity.AFFIRMED, modality=modality)

    # --- deals ----------------------------------------------------------------------------------------------------

    def _partnerships(
        self, article: JudgedArticle, deals: Sequence[Partnership], rejections: list[Rejection]
    ) -> Iterator[Partnership]:
        told: set[tuple[int, int, str]] = set()
        for deal in deals:
            label, _ = LABELS[deal.kind]
            pairs = list(pairs_of(deal))
            keys = {pair: article.key(*pair, label) for pair in pairs}
            told |= {key for key in keys.values() if key is not None}
            if is_hedged(deal.modality, deal.polarity) or None in keys.values() or not keys:
                yield deal
                continue
            guessed = deal.extractor in _GUESSED
            chances = {pair: article.likely_deal(key, guessed=guessed) for pair, key in keys.items() if key}
            least = self.thresholds.deal if guessed else self.thresholds.against_deal
            likely = {pair for pair, chance in chances.items() if chance >= least}
            put = {
                pair: stance
                for pair, key in keys.items()
                if key and (stance := self._put_as(article, key)) and not article.is_vouched_for(deal, label, *pair)
            }
            if len(put) == len(pairs) and (likely or deal.status not in _UNMADE):
                yield deal if deal.status in _UNMADE else _put(deal, next(iter(put.values())))
                continue
            kept = with_pairs(deal, likely - set(put))
            if kept is None:
                rejections.append(Rejection(deal.extractor, deal.evidence[0], UNLIKELY))
            else:
                sure = (article.likelihood(key) for pair, key in keys.items() if key and pair in likely - set(put))
                yield replace(kept, overall=max(sure))
        yield from self._added_deals(article, told)

    def _added_deals(self, article: JudgedArticle, told: set[tuple[int, int, str]]) -> Iterator[Partnership]:
        """The deals that the network alone finds: those of one kind, sentence and stance that share a party are one."""
        groups: dict[tuple[str, int, str], list[tuple[int, int, float]]] = defaultdict(list)
        for (first, second, label), (chance, number) in article.added_deals(told, self.thresholds.deal):
            stance = self._put_as(article, (first, second, label)) or FACT
            groups[label, number, stance].append((first, second, chance))
        for (label, number, stance), pairs in sorted(groups.items()):
            place = article.place(number)
            if place is None:
                continue
            for roles, chance in grouped(article.story, label, pairs):
                parties = [who for _, fillers in roles for who in fillers]
                focus = article.focus(place.sentence, *parties)
                hedges = article.hedges(number)
                deal = self._deals.tell(place, article.mentions, (ROLES[label][0], roles), focus, hedges)
                among = list(pairs_of(deal))
                keys = [key for pair in among if (key := article.key(*pair, label)) is not None]
                deal = self._unhedged(article, deal, keys, denied=hedges.among(label, among).denied)
                if stance in PUT and deal.status not in _UNMADE:
                    deal = _put(deal, stance)
                yield replace(deal, extractor=OVERALL_DEAL, confidence=chance, overall=chance)


def _put(finding: _F, stance: str) -> _F:
    """A finding of rules as the network takes it; a mood that is weaker already stays."""
    if stance == "denied":
        return replace(finding, polarity=Polarity.NEGATED)
    moods = finding.modality, Modality.HYPOTHETICAL if stance == "open" else Modality.REPORTED
    return replace(finding, modality=min(moods, key=WEAKEST_FIRST.index))
