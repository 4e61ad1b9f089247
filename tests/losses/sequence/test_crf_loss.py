import numpy as np
import pytest
from keras import ops

from keras_nn.losses import CRFLoss
from keras_nn.losses import crf_loss
from keras_nn.ops import log_partition
from keras_nn.ops import path_score
from keras_nn.testing import check_loss

LABELS = np.array([[0, 2, 1, 1], [2, 2, -1, -1], [1, -1, -1, -1]])


def test_conformance():
    check_loss(CRFLoss, {}, LABELS, (3, 4, 3, 3))


def test_is_the_log_likelihood_of_the_tokens_that_are_there():
    scores = np.random.default_rng(0).normal(size=(3, 4, 3, 3))
    scores = scores.astype("float32")
    losses = ops.convert_to_numpy(crf_loss(LABELS, scores))
    for index, length in enumerate((4, 2, 1)):
        part = scores[index : index + 1, :length]
        labels = LABELS[index : index + 1, :length]
        expected = log_partition(part) - path_score(part, labels)
        np.testing.assert_allclose(losses[index], expected[0], rtol=1e-4)


def test_a_certain_chain_costs_nothing_and_padding_neither():
    scores = np.zeros((2, 2, 3, 3), "float32")
    scores[..., 1] = 50.0
    losses = crf_loss(np.array([[1, 1], [-1, -1]]), scores)
    np.testing.assert_allclose(losses, [0.0, 0.0], atol=1e-5)


@pytest.mark.parametrize("ignore_class", [None, -1])
def test_without_padding_it_is_the_same(ignore_class):
    scores = np.ones((1, 3, 2, 2), "float32")
    value = float(crf_loss(np.zeros((1, 3)), scores, ignore_class)[0])
    assert value == pytest.approx(3 * np.log(2), rel=1e-5)


def test_labels_that_are_no_tag_are_known():
    assert CRFLoss().label_range((None, None, 5, 5)) == (0, 4)
