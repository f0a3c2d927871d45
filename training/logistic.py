"""Logistic regression: how likely something is right, by its features."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

STEPS = 60
_ENOUGH = 1e-9


def logistic(x: NDArray[np.float64], right: NDArray[np.float64], ridge: NDArray[np.float64]) -> NDArray[np.float64]:
    """The weights of greatest likelihood less a ridge, by Newton's method.

    `x` has a row of features for each case (cases, features), `right` is 1 where a case is right and 0 elsewhere
    (cases), `ridge` what the square of each weight costs (features).
    """
    weights = np.zeros(x.shape[1])
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-x @ weights))
        step = np.linalg.solve((x.T * (p * (1 - p))) @ x + np.diag(ridge), x.T @ (right - p) - ridge * weights)
        weights += step
        if np.abs(step).max() < _ENOUGH:
            break
    return weights
