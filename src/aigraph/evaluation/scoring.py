"""Scores an exported graph against gold annotations, article by article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from aigraph.errors import GoldError
from aigraph.evaluation.export import ROLES, Export, FoundClaim
from aigraph.evaluation.gold import GoldArticle, GoldClaim, load_gold
from aigraph.evaluation.judging import ATTRIBUTIONS, FIGURES, PARTNERSHIPS, RELATIONS, Docket, Judged, Key
from aigraph.evaluation.matching import (
    FoundEntity,
    align,
    same_metric,
    same_sentence,
    same_thing,
    same_time,
    same_value,
)
from aigraph.evaluation.report import Accuracy, Evaluation, Score
from aigraph.vocab import AIG

_KINDS = (
    "entities",
    "entities (any type)",
    "relations",
    "partnerships",
    "quantities",
    "attributions",
    "claims (all right)",
)
_SYMMETRIC = frozenset({"competesWith"})


def evaluate(dataset: Iterable[Quad] | Path, gold_dir: Path) -> Evaluation:
    """Score a dataset, or a file of N-Quads or TriG, against all annotations of a folder.

    An article of the dataset is known by its identifier: the name of its gold file, or the stem of that file's
    "source". An article that the dataset lacks counts as empty; one that the folder lacks is not looked at.

    Raises:
        GoldError: the folder holds no annotations, or one of them is ill-formed.
        StoreUnreadable: the file cannot be read.
    """
    gold = load_gold(gold_dir)
    export = Export(dataset)
    totals = _Totals()
    for article in gold:
        _check_kinds(article, gold_dir)
        _ArticleScorer(article, export, totals).score()
    return totals.evaluation()


def judge(dataset: Iterable[Quad] | Path, gold_dir: Path) -> tuple[Judged, ...]:
    """Judge every finding of a dataset that counts in scoring; see `evaluate`."""
    return evaluate(dataset, gold_dir).judged


def _check_kinds(article: GoldArticle, gold_dir: Path) -> None:
    for deal in article.partnerships:
        if deal.kind not in ROLES:
            raise GoldError(
                f"{gold_dir / article.name}.gold.json: partnership of kind {deal.kind!r}; known: {', '.join(ROLES)}."
            )


@dataclass(slots=True)
class _Tally:
    """Hits, false and missing ones of one kind by label (predicate, type, unit …), while they are counted."""

    hits: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)

    def add(self, want: Counter[Key], have: Counter[Key], where: str) -> None:
        for counts, keys in ((self.hits, want & have), (self.missed, want - have), (self.wrong, have - want)):
            for key, n in keys.items():
                counts[key[0]] += n
        self.errors += [f"{where}: missed {_shown(key)}" for key in sorted(want - have)]
        self.errors += [f"{where}: wrong  {_shown(key)}" for key in sorted(have - want)]

    def score(self, kind: str) -> Score:
        labels = sorted(label for label in {*self.hits, *self.wrong, *self.missed} if label)
        return Score(
            kind,
            self.hits.total(),
            self.wrong.total(),
            self.missed.total(),
            tuple(self.errors),
            tuple(Score(each, self.hits[each], self.wrong[each], self.missed[each]) for each in labels),
        )


def _shown(key: Key) -> str:
    return " ".join(filter(None, key))


class _Totals:
    """The tallies of all kinds over all articles."""

    def __init__(self) -> None:
        self.tallies = {kind: _Tally() for kind in _KINDS}
        self.attributes: dict[str, list[bool]] = {}
        self.judged: list[Judged] = []

    def __getitem__(self, kind: str) -> _Tally:
        return self.tallies[kind]

    def evaluation(self) -> Evaluation:
        return Evaluation(
            tuple(tally.score(kind) for kind, tally in self.tallies.items()),
            tuple(Accuracy(name, sum(outcomes), len(outcomes)) for name, outcomes in self.attributes.items()),
            tuple(self.judged),
        )


class _ArticleScorer:
    """Compares the graph of one article with its annotation."""

    def __init__(self, gold: GoldArticle, export: Export, totals: _Totals) -> None:
        self.gold = gold
        self.export = export
        self.totals = totals
        self.graph: NamedNode | None = export.graph(gold.name, Path(gold.source or gold.name).stem)
        self.found: dict[str, FoundEntity] = export.entities(self.graph) if self.graph else {}
        self.gold_ids = align(gold.entities, self.found)
        self.docket = Docket(gold.name, export.origins(self.graph) if self.graph else {}, totals.judged)

    def score(self) -> None:
        self._entities()
        self._relations()
        self._partnerships()
        claims = self.export.claims(self.graph) if self.graph else []
        self._quantities(claims)
        self._attributions(claims)

    def _entities(self) -> None:
        types = {entity.id: entity.type for entity in self.gold.entities}
        want: Counter[Key] = Counter((entity.type, entity.id) for entity in self.gold.entities)
        have: Counter[Key] = Counter()
        untyped: Counter[Key] = Counter()
        for iri, entity in self.found.items():
            gold_id = self.gold_ids.get(iri)
            if gold_id and types[gold_id] in entity.types:
                kind = types[gold_id]
            else:
                kind = min(entity.types - {"Organization"} or entity.types)
            name = gold_id or min(entity.names, default=iri)
            have[kind, name] += 1
            untyped["", name] += 1
        self.totals["entities"].add(want, have, self.gold.name)
        any_type: Counter[Key] = Counter(("", gold_id) for _, gold_id in want)
        self.totals["entities (any type)"].add(any_type, untyped, self.gold.name)

    def _name(self, iri: str) -> str:
        """The gold id of an IRI; else a name that no gold id has, or the workload that it stands for."""
        if gold_id := self.gold_ids.get(iri):
            return gold_id
        if iri.startswith(AIG.iri):
            return iri.removeprefix(AIG.iri).casefold()
        return iri.rsplit("/", 1)[-1] + "?"

    def _relations(self) -> None:
        want: Counter[Key] = Counter(_relation(r.subject, r.predicate, r.object) for r in self.gold.relations)
        have: Counter[Key] = Counter()
        for found in self.export.relations(self.graph) if self.graph else ():
            key = _relation(self._name(found.subject), found.predicate, self._name(found.object))
            have[key] = 1
            self.docket.add(RELATIONS, found.predicate, found.node, [key], right=key in want)
        self.totals["relations"].add(want, have, self.gold.name)

    def _partnerships(self) -> None:
        """Deals count by pairs of parties that stand opposite (or, in a collaboration, beside) each other."""
        wanted = [(deal.kind, {role: set(who) for role, who in deal.roles}) for deal in self.gold.partnerships]
        want: Counter[Key] = Counter({pair: 1 for kind, roles in wanted for pair in _pairs(kind, roles)})
        have: Counter[Key] = Counter()
        for deal in self.export.partnerships(self.graph) if self.graph else ():
            roles = {role: {self._name(iri) for iri in who} for role, who in deal.roles.items()}
            if pairs := _pairs(deal.kind, roles):
                have.update(dict.fromkeys(pairs - have.keys(), 1))
                self.docket.add(PARTNERSHIPS, deal.kind, deal.node, pairs, right=pairs <= want.keys())
        self.totals["partnerships"].add(want, have, self.gold.name)

    def _quantities(self, claims: list[FoundClaim]) -> None:
        tally, full, name = self.totals["quantities"], self.totals["claims (all right)"], self.gold.name
        listed = [gold for gold in self.gold.claims if gold.value is not None]
        unused = [claim for claim in claims if claim.value is not None]
        for gold in listed:
            unit = gold.unit or ""
            key = f"{gold.value:g} {gold.unit} ({gold.metric}, {gold.about})"
            claim = self._closest(gold, unused)
            if claim is None:
                tally.missed[unit] += 1
                full.missed[unit] += 1
                tally.errors.append(f"{name}: missed {key}")
                continue
            unused = [other for other in unused if other is not claim]
            tally.hits[unit] += 1
            right = self._right(gold, claim)
            self._judge_figure(claim, right=all(right.values()))
            for attribute, ok in right.items():
                self.totals.attributes.setdefault(attribute, []).append(ok)
            if all(right.values()):
                full.hits[unit] += 1
            else:
                full.missed[unit] += 1
                full.wrong[unit] += 1
                faults = [_told(attribute, gold, claim) for attribute, ok in right.items() if not ok]
                full.errors.append(f"{name}: {key}: wrong {', '.join(faults)}")
        # the same figure found once more, in a headline or a teaser, is no error
        extra = [c for c in unused if not any(_same_figure(c, gold) for gold in listed)]
        for claim in extra:
            tally.wrong[claim.unit or ""] += 1
            full.wrong[claim.unit or ""] += 1
            self._judge_figure(claim, right=False)
        tally.errors += sorted(f"{name}: wrong  {c.value:g} {c.unit} {' | '.join(sorted(c.evidence))}" for c in extra)

    def _judge_figure(self, claim: FoundClaim, *, right: bool) -> None:
        key = (claim.node, str(claim.value), claim.unit or "")
        self.docket.add(FIGURES, claim.unit or "", claim.node, [key], right=right)

    def _closest(self, gold: GoldClaim, claims: list[FoundClaim]) -> FoundClaim | None:
        """Of the claims with the right figure the one meant: same sentence first, then same thing, then same metric."""

        def distance(claim: FoundClaim) -> tuple[bool, bool, bool]:
            return (
                not same_sentence(gold.evidence, claim.evidence),
                not same_thing(gold.about, claim.about, claim.about_names, self.gold_ids),
                not same_metric(gold.metric, claim.metric),
            )

        return min((claim for claim in claims if _same_figure(claim, gold)), key=distance, default=None)

    def _right(self, gold: GoldClaim, claim: FoundClaim) -> dict[str, bool]:
        """Which attributes of a figure are right."""
        return {
            "about": same_thing(gold.about, claim.about, claim.about_names, self.gold_ids),
            "metric": same_metric(gold.metric, claim.metric),
            "comparator": claim.comparator == gold.comparator,
            "time": same_time(gold.time, claim.times),
            "claimant": same_thing(gold.claimant, claim.claimant, claim.claimant_names, self.gold_ids),
            "modality": claim.modality == gold.modality,
            "polarity": claim.negated == gold.negated,
        }

    def _attributions(self, claims: list[FoundClaim]) -> None:
        tally, name = self.totals["attributions"], self.gold.name
        said = [claim for claim in claims if claim.claimant]
        used: set[int] = set()
        for gold in self.gold.claims:
            if not gold.claimant:
                continue
            fits = (
                i
                for i, claim in enumerate(said)
                if i not in used
                and same_sentence(gold.evidence, claim.evidence)
                and same_thing(gold.claimant, claim.claimant, claim.claimant_names, self.gold_ids)
            )
            match = next(fits, None)
            if match is None:
                tally.missed[""] += 1
                tally.errors.append(f"{name}: missed {gold.claimant}: {gold.evidence[:90]}")
            else:
                used.add(match)
                tally.hits[""] += 1
                self._judge_attribution(said[match], right=True)
        # a second node for a sentence already matched (a figure and its clause) is no error of its own
        taken = {sentence for i in used for sentence in said[i].evidence}
        extra = [claim for i, claim in enumerate(said) if i not in used and not claim.evidence & taken]
        tally.wrong[""] += len(extra)
        for claim in extra:
            self._judge_attribution(claim, right=False)
        tally.errors += sorted(
            f"{name}: wrong  {', '.join(sorted(c.claimant_names))}: {min(c.evidence, default='')}" for c in extra
        )

    def _judge_attribution(self, claim: FoundClaim, *, right: bool) -> None:
        own = claim.value is None and not claim.statement
        key = (claim.node, str(claim.value), claim.unit or "")
        self.docket.add(ATTRIBUTIONS, "", claim.node, [key], right=right, own=own)


def _relation(subject: str, predicate: str, obj: str) -> Key:
    return (predicate, *(sorted((subject, obj)) if predicate in _SYMMETRIC else (subject, obj)))


def _told(attribute: str, gold: GoldClaim, claim: FoundClaim) -> str:
    """A wrong attribute of a figure, with what is found for it, and what is right where the key does not have it."""
    found = {
        "about": claim.about | claim.about_names,
        "metric": claim.metric,
        "comparator": {claim.comparator},
        "time": claim.times,
        "claimant": claim.claimant | claim.claimant_names,
        "modality": {claim.modality or "none"},
        "polarity": {"negated" if claim.negated else "affirmed"},
    }[attribute]
    wanted = {"time": gold.time, "claimant": gold.claimant, "modality": gold.modality, "comparator": gold.comparator}
    right = f"{wanted[attribute]}; " if attribute in wanted else ""
    return f"{attribute} ({right}found {' / '.join(sorted(found)) or 'none'})"


def _pairs(kind: str, roles: dict[str, set[str]]) -> set[Key]:
    names = ROLES[kind][1]
    if len(names) == 1:
        who = sorted(roles.get(names[0], ()))
        return {(kind, a, b) for i, a in enumerate(who) for b in who[i + 1 :]}
    return {(kind, a, b) for a in roles.get(names[0], ()) for b in roles.get(names[1], ())}


def _same_figure(claim: FoundClaim, gold: GoldClaim) -> bool:
    return same_value(claim.value, gold.value) and claim.unit == gold.unit
