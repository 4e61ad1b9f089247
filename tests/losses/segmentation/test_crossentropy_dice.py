import keras
import numpy as np
import pytest

from keras_nn.losses import CrossentropyDice
from keras_nn.losses import DiceLoss
from keras_nn.testing import check_loss

RNG = np.random.default_rng(0)
MASKS = RNG.integers(0, 3, (3, 4, 5))
SHARES = RNG.dirichlet(np.ones(3), MASKS.shape).astype("float32")


def test_conformance():
    check_loss(CrossentropyDice, {"dice_weight": 0.5}, MASKS, SHARES)


def test_is_the_sum_of_both_of_keras_and_ours():
    entropy = keras.losses.SparseCategoricalCrossentropy()(MASKS, SHARES)
    expected = float(entropy) + 0.5 * float(DiceLoss()(MASKS, SHARES))
    loss = CrossentropyDice(dice_weight=0.5)
    assert float(loss(MASKS, SHARES)) == pytest.approx(expected, rel=1e-5)
    loss = CrossentropyDice(dice_weight=0.5, from_logits=True)
    assert float(loss(MASKS, np.log(SHARES))) == pytest.approx(
        expected, rel=1e-5
    )


@pytest.mark.parametrize("from_logits", [False, True])
def test_one_channel_is_binary_cross_entropy(from_logits):
    masks, scores = MASKS % 2, SHARES[..., :1]
    loss = CrossentropyDice(dice_weight=0.0, from_logits=from_logits)
    expected = keras.losses.BinaryCrossentropy(from_logits=from_logits)(
        masks[..., None], scores
    )
    assert float(loss(masks, scores)) == pytest.approx(float(expected))


def test_a_weight_of_a_class_multiplies_its_places():
    masks = np.array([[[0, 1, 255]]])
    shares = np.full((1, 1, 3, 2), 0.5)
    loss = CrossentropyDice(0.0, class_weights=[1, 3], ignore_class=255)
    assert float(loss(masks, shares)) == pytest.approx(2 * np.log(2))


def test_rejects_a_negative_weight():
    with pytest.raises(ValueError, match="`dice_weight` must not be"):
        CrossentropyDice(dice_weight=-1.0)


def test_smoothing_is_that_of_keras():
    loss = CrossentropyDice(dice_weight=0.0, label_smoothing=0.1)
    expected = keras.losses.CategoricalCrossentropy(label_smoothing=0.1)(
        np.eye(3)[MASKS], SHARES
    )
    assert float(loss(MASKS, SHARES)) == pytest.approx(float(expected))
    with pytest.raises(ValueError, match="Received: label_smoothing=1"):
        CrossentropyDice(label_smoothing=1)
