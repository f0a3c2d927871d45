"""How well articles are read: an exported graph against gold annotations.

`evaluate` gives precision, recall and F1 of entities, relations, partnerships, figures and attributions, micro-averaged
over all annotated articles, and for the figures found how often each of their attributes is right. Its `judged` are the
findings one by one: from them come the precision of each rule and the reliability of confidences.
"""

from aigraph.evaluation.details import details, format_extractors, format_labels, format_reliability
from aigraph.evaluation.gold import (
    GoldArticle,
    GoldClaim,
    GoldEntity,
    GoldPartnership,
    GoldRelation,
    gold_sources,
    load_gold,
)
from aigraph.evaluation.judging import Judged, Precision, precisions
from aigraph.evaluation.measures import MEASURED, Measures, current_versions, load_measures, measures
from aigraph.evaluation.reading import evaluate_store, read_and_evaluate
from aigraph.evaluation.reliability import Reliability, reliability
from aigraph.evaluation.report import Accuracy, Evaluation, Score, format_table, to_json
from aigraph.evaluation.scoring import evaluate, judge

__all__ = [
    "MEASURED",
    "Accuracy",
    "Evaluation",
    "GoldArticle",
    "GoldClaim",
    "GoldEntity",
    "GoldPartnership",
    "GoldRelation",
    "Judged",
    "Measures",
    "Precision",
    "Reliability",
    "Score",
    "current_versions",
    "details",
    "evaluate",
    "evaluate_store",
    "format_extractors",
    "format_labels",
    "format_reliability",
    "format_table",
    "gold_sources",
    "judge",
    "load_gold",
    "load_measures",
    "measures",
    "precisions",
    "read_and_evaluate",
    "reliability",
    "to_json",
]
