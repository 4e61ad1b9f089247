import numpy as np
import pytest

from keras_nn.metrics import Perplexity
from keras_nn.testing import check_metric

LABELS = np.array([[0, 3, -1], [2, -1, -1], [1, 1, 0]])
LOGITS = np.random.default_rng(0).normal(size=(3, 3, 4)).astype("float32")


def test_conformance():
    check_metric(Perplexity, {}, LABELS, LOGITS)


def test_is_the_geometric_mean_of_one_over_the_probability():
    p = np.exp(LOGITS) / np.exp(LOGITS).sum(-1, keepdims=True)
    of_labels = np.take_along_axis(p, LABELS[..., None] % 4, -1)[..., 0]
    expected = np.prod(of_labels[LABELS >= 0]) ** (-1 / 6)
    metric = Perplexity()
    metric.update_state(LABELS, LOGITS)
    assert float(metric.result()) == pytest.approx(expected, rel=1e-5)
