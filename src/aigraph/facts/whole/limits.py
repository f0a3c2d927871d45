"""From which chance on the network for whole articles is believed, and the reasons it gives."""

from __future__ import annotations

from dataclasses import dataclass

UNLIKELY = "the network that reads the article as a whole holds it for unlikely"
DOUBTFUL = "the network that reads the article as a whole is not sure that it is told as a fact"
OUTDONE = "the network that reads the article as a whole holds another one for likelier"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which chance on the network is believed: against rules, and on each attribute of a figure.

    Chosen by the held-out marked articles and the totals of annotated ones, none of which it had learnt from.
    A figure is about the entity that is likelier by `about` than what rules have; `other` is for those about what is no
    entity, `nothing` for those that claim nothing. Who says a figure is put right from `says` on, where rules have
    nobody from `unsaid` on. Who says what a sentence tells is put right from `voice` on, and the author says it
    himself from `silent` on. A relation or deal that is likelier than not no fact (`stated`) is put
    as denied, open or rumoured; one that is a fact with less than `certain` is not believed either way. A relation
    that no rule states counts from a likelihood of `relation` on (`weighing.py`), one that a rule states from `against`
    on; one maker more of what has one from `maker` on, as any maker or employer where another has the likelihood
    `rival`; a deal that no rule states from `deal` on, one that a rule states unless the network gives it less than
    `against_deal`; what its sentence seems to deny or suppose is stated where it has the likelihood `sure` and is a
    fact with `plain` (`surest` and `plainest` where the tree denies it between its parties).
    """

    relation: float = 0.4
    against: float = 0.3
    maker: float = 0.5
    rival: float = 0.7
    about: float = 0.15
    other: float = 0.7
    says: float = 0.8
    unsaid: float = 0.6
    mood: float = 0.5
    time: float = 0.6
    nothing: float = 0.8
    voice: float = 0.5
    silent: float = 0.7
    stated: float = 0.5
    certain: float = 0.7
    deal: float = 0.4
    against_deal: float = 0.12
    sure: float = 0.6
    plain: float = 0.9
    surest: float = 0.8
    plainest: float = 0.98


THRESHOLDS = Thresholds()
