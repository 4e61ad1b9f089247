import numpy as np
import pytest
from scipy.special import expit
from scipy.special import softmax

from keras_nn.callbacks.class_probabilities import class_probabilities


def test_logits_go_through_softmax_or_sigmoid():
    logits = np.random.default_rng(0).normal(size=(6, 4)) * 30
    np.testing.assert_allclose(
        class_probabilities(logits, True), softmax(logits, axis=1), atol=1e-12
    )
    one = logits[:, :1]
    np.testing.assert_allclose(
        class_probabilities(one, True),
        np.concatenate([1 - expit(one), expit(one)], axis=1),
        atol=1e-12,
    )


def test_half_precision_probabilities_are_made_to_sum_to_one():
    rows = np.array([[0.7012, 0.2998], [0.5039, 0.5]])
    sums = class_probabilities(rows, False).sum(axis=1)
    np.testing.assert_allclose(sums, 1, atol=1e-12)


def test_outputs_that_are_not_finite_stay_so():
    assert np.isnan(class_probabilities(np.full((2, 3), np.nan), False)).all()


@pytest.mark.parametrize("logits", [[[3.0, -1.0]], [[2.0]], [[0.9, 0.9]]])
def test_rejects_logits_as_probabilities(logits):
    with pytest.raises(ValueError, match="from_logits=True.*Received"):
        class_probabilities(np.array(logits), False)
