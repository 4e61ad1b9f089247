import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from keras_nn.metrics import LabelAveragePrecision
from keras_nn.testing import check_metric

RNG = np.random.default_rng(0)
TRUTH = (RNG.random((60, 4)) < [0.5, 0.3, 0.1, 0.0]).astype("float32")
# In steps of 1 / 8 of the logit, so that scores are equal in both or neither.
LOGITS = np.round((RNG.normal(size=(60, 4)) * 3 + TRUTH) * 8) / 8 + 0.06
SCORES = 1 / (1 + np.exp(-LOGITS))


def test_conformance():
    check_metric(
        LabelAveragePrecision,
        {"num_labels": 4, "num_bins": 64},
        TRUTH[:12],
        SCORES[:12].astype("float32"),
    )


@pytest.mark.parametrize("weights", [None, RNG.random(60)])
def test_equals_scikit_learns_over_batches(weights):
    expected = [
        average_precision_score(
            TRUTH[:, k], SCORES[:, k], sample_weight=weights
        )
        for k in range(3)  # no example has the last label
    ]
    of_scores = LabelAveragePrecision(4)
    of_logits = LabelAveragePrecision(4, from_logits=True)
    for part in np.split(np.arange(60), [25, 59]):
        weight = None if weights is None else weights[part]
        of_scores.update_state(TRUTH[part], SCORES[part], weight)
        of_logits.update_state(TRUTH[part], LOGITS[part], weight)
    for metric in (of_scores, of_logits):
        np.testing.assert_allclose(
            metric.by_label(), [*expected, 0.0], rtol=1e-5
        )
        assert float(metric.result()) == pytest.approx(np.mean(expected), 1e-5)


def test_a_perfect_order_has_one_and_nothing_has_none():
    metric = LabelAveragePrecision(2)
    assert float(metric.result()) == 0
    metric.update_state([[1, 0], [0, 1]], [[0.2, 0.0], [0.1, 1.0]])
    assert float(metric.result()) == pytest.approx(1)


def test_rejects_no_label():
    with pytest.raises(ValueError, match="num_labels=0"):
        LabelAveragePrecision(0)
