"""How well articles are read: an exported graph against gold annotations.

`evaluate` gives precision, recall and F1 of entities, relations, partnerships, figures and attributions, micro-averaged
over all annotated articles, and for the figures found how often each of their attributes is right.
"""

from aigraph.evaluation.gold import (
    GoldArticle,
    GoldClaim,
    GoldEntity,
    GoldPartnership,
    GoldRelation,
    gold_sources,
    load_gold,
)
from aigraph.evaluation.report import Accuracy, Evaluation, Score, format_table, to_json
from aigraph.evaluation.scoring import evaluate

__all__ = [
    "Accuracy",
    "Evaluation",
    "GoldArticle",
    "GoldClaim",
    "GoldEntity",
    "GoldPartnership",
    "GoldRelation",
    "Score",
    "evaluate",
    "format_table",
    "gold_sources",
    "load_gold",
    "to_json",
]
