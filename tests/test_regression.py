"""The regression that calibrates the tagger."""

import numpy as np
import pytest

from training.regression import logistic


def test_a_regression_finds_the_weights_that_made_the_labels() -> None:
    rng = np.random.default_rng(0)
    features = rng.normal(size=(20_000, 2)) * [1.0, 10.0]
    chance = 1 / (1 + np.exp(-(0.5 + features @ [2.0, -0.1])))
    weights = logistic(features, (rng.random(len(chance)) < chance).astype(float))
    assert weights == pytest.approx([0.5, 2.0, -0.1], abs=0.1)


def test_a_feature_that_never_changes_and_one_that_tells_all_do_no_harm() -> None:
    features = np.array([[1.0, 0.0], [1.0, 1.0]] * 50)
    weights = logistic(features, features[:, 1])
    assert np.isfinite(weights).all()
    assert weights[0] + features[0] @ weights[1:] < 0 < weights[0] + features[1] @ weights[1:]
