"""Features of what was found -> how likely it is right."""

from __future__ import annotations

import numpy as np


def logistic(features: np.ndarray, right: np.ndarray, *, ridge: float = 3.0, rounds: int = 25) -> np.ndarray:
    """Weights of a logistic regression (first the constant), by Newton's method on standardised features.

    Args:
        features: float array (n, features).
        right: what is to be foretold, 0 or 1, float array (n,).
        ridge: how much half the squares of the weights count against their fit, the constant apart.

    Returns:
        Float array (1 + features,), for features as they are given.
    """
    mean, spread = features.mean(0), features.std(0) + 1e-6
    inputs = np.hstack([np.ones((len(features), 1)), (features - mean) / spread])
    penalty = ridge * np.diag([0.0] + [1.0] * features.shape[1])
    weights = np.zeros(inputs.shape[1])
    for _ in range(rounds):
        chance = 1 / (1 + np.exp(-inputs @ weights))
        curvature = (inputs.T * (chance * (1 - chance))) @ inputs + penalty
        weights -= np.linalg.solve(curvature, inputs.T @ (chance - right) + penalty @ weights)
    plain = weights[1:] / spread
    return np.concatenate([[weights[0] - plain @ mean], plain])
