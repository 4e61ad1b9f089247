import numpy as np
import pytest
from sklearn.metrics import f1_score

from keras_nn.metrics import LabelF1Score
from keras_nn.testing import check_metric

RNG = np.random.default_rng(0)
TRUTH = RNG.integers(0, 2, (12, 3)).astype("float32")
SCORES = RNG.random((12, 3)).astype("float32")


def test_conformance():
    given = {"num_labels": 3, "average": "micro"}
    check_metric(LabelF1Score, given, TRUTH, SCORES)


@pytest.mark.parametrize("average", ["micro", "macro"])
def test_equals_scikit_learns(average):
    metric = LabelF1Score(3, average, 0.4)
    for part in (slice(0, 5), slice(5, 12)):
        metric.update_state(TRUTH[part], SCORES[part])
    expected = f1_score(TRUTH, SCORES > 0.4, average=average)
    assert float(metric.result()) == pytest.approx(expected, abs=1e-5)


def test_rejects_no_label():
    with pytest.raises(ValueError, match="num_labels=0"):
        LabelF1Score(0)
