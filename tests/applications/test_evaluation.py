import numpy as np
import pytest

from keras_nn import data
from keras_nn.applications import ImageClassifier
from keras_nn.applications.evaluation import evaluate
from keras_nn.applications.evaluation import interval
from keras_nn.models import MLP


def test_interval_of_a_mean_is_that_of_the_normal_approximation():
    values = np.random.default_rng(1).normal(3.0, 2.0, size=2000)
    low, high = interval(values)
    half = 1.96 * values.std() / np.sqrt(len(values))
    np.testing.assert_allclose(low, values.mean() - half, atol=0.02)
    np.testing.assert_allclose(high, values.mean() + half, atol=0.02)
    assert interval(values) == (low, high)


def test_metrics_are_the_means_of_the_scores_that_the_spread_is_from():
    network = MLP(False, input_shape=(8, 8, 1), units=[8])
    app = ImageClassifier(network, num_classes=10)
    app.compile()
    split = data.load("digits").test
    app.prepare(split)
    metrics, intervals = evaluate(app, split)
    scores = app.example_scores(split)
    assert set(metrics) == set(intervals) == {"loss", "accuracy"}
    for name, value in metrics.items():
        assert scores[name].mean() == pytest.approx(value, rel=1e-4)
        assert intervals[name][0] <= value <= intervals[name][1]
