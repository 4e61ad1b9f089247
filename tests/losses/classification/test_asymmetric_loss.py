import keras
import numpy as np
import pytest

from keras_nn.losses import AsymmetricLoss
from keras_nn.testing import check_loss

RNG = np.random.default_rng(0)
LABELS = RNG.integers(0, 2, (5, 4)).astype("float32")
SHARES = RNG.uniform(0.02, 0.98, LABELS.shape).astype("float32")


def test_conformance():
    check_loss(
        AsymmetricLoss, {"clip": 0.1}, LABELS, SHARES, jit=False, replicas=False
    )


def test_equals_the_equation():
    expected = []
    for row, shares in zip(LABELS, SHARES, strict=True):
        total = 0.0
        for y, p in zip(row, shares, strict=True):
            q = max(p - 0.05, 0)
            total -= (1 - p) * np.log(p) if y else q**4 * np.log(1 - q)
        expected.append(total)
    loss = AsymmetricLoss(reduction="none")
    np.testing.assert_allclose(loss(LABELS, SHARES), expected, rtol=1e-4)


def test_without_focus_and_clip_it_is_binary_cross_entropy():
    loss = AsymmetricLoss(0.0, 0.0, 0.0, from_logits=True)
    logits = np.log(SHARES / (1 - SHARES))
    expected = 4 * keras.losses.binary_crossentropy(LABELS, SHARES)
    assert float(loss(LABELS, logits)) == pytest.approx(
        float(keras.ops.mean(expected)), rel=1e-4
    )


def test_rejects_a_clip_of_one():
    with pytest.raises(ValueError, match="`clip` must lie"):
        AsymmetricLoss(clip=1.0)
