import numpy as np
import pytest

from keras_nn.applications.anomaly_scores import detection_scores


def test_equals_the_count_of_pairs_and_of_ranks():
    rng = np.random.default_rng(0)
    labels = rng.uniform(size=40) < 0.3
    scores = rng.normal(size=40) + labels
    found = detection_scores(labels, scores, 0.5)
    pairs = scores[labels][:, None] > scores[~labels][None]
    assert found["roc_auc"] == pytest.approx(pairs.mean())
    ranked = labels[np.argsort(-scores)]
    precision = np.cumsum(ranked) / np.arange(1, 41)
    expected = precision[ranked].mean()
    assert found["average_precision"] == pytest.approx(expected)
    assert found["flagged_usual"] == (scores[~labels] > 0.5).mean()
    assert found["flagged_anomalous"] == (scores[labels] > 0.5).mean()


def test_one_kind_alone_has_no_ranks():
    found = detection_scores(np.zeros(3, bool), np.arange(3), 1)
    assert found == {"flagged_usual": pytest.approx(1 / 3)}
