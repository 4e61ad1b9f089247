import numpy as np
import pytest

from keras_nn.metrics import TokenF1
from keras_nn.testing import check_metric

LABELS = np.array([[0, 1, 2, 2], [1, 1, -1, -1], [0, 0, 2, -1]])
SAID = np.array([[0, 1, 1, 2], [1, 0, 2, 2], [2, 0, 2, 0]])


@pytest.mark.parametrize("background", [0, None])
def test_conformance(background):
    scores = np.eye(3, dtype="float32")[SAID]
    check_metric(TokenF1, {"background": background}, LABELS, scores)


def test_is_scikit_learns_micro_f1_without_the_background():
    from sklearn.metrics import f1_score

    there = LABELS >= 0
    expected = f1_score(
        LABELS[there], SAID[there], labels=[1, 2], average="micro"
    )
    metric = TokenF1()
    metric.update_state(LABELS, SAID)
    assert float(metric.result()) == pytest.approx(expected, abs=1e-6)


def test_without_a_background_it_is_the_accuracy():
    metric = TokenF1(background=None)
    metric.update_state(LABELS, SAID)
    there = LABELS >= 0
    expected = np.mean(LABELS[there] == SAID[there])
    assert float(metric.result()) == pytest.approx(expected, abs=1e-6)


def test_background_alone_is_worth_nothing():
    metric = TokenF1()
    metric.update_state([[0, 0]], [[0, 0]])
    assert float(metric.result()) == 0.0
