import numpy as np
import pytest

from keras_nn.losses import LovaszHinge
from keras_nn.testing import check_loss

RNG = np.random.default_rng(0)
MASKS = RNG.integers(0, 2, (3, 3, 4))
LOGITS = RNG.normal(size=(3, 3, 4, 1)).astype("float32")


def naive(mask, logits):
    truth, value, before = mask.ravel() == 1, 0.0, 0.0
    errors = np.maximum(0, 1 - logits.ravel() * np.where(truth, 1, -1))
    wrong = np.zeros_like(truth)
    for place in np.argsort(-errors, kind="stable"):
        wrong[place] = True
        predicted = truth ^ wrong
        now = 1 - (truth & predicted).sum() / (truth | predicted).sum()
        value += errors[place] * (now - before)
        before = now
    return value


def test_conformance():
    check_loss(LovaszHinge, {}, MASKS, LOGITS)


def test_equals_the_extension_of_the_set_function():
    expected = [naive(*pair) for pair in zip(MASKS, LOGITS, strict=True)]
    np.testing.assert_allclose(
        LovaszHinge(reduction="none")(MASKS, LOGITS), expected, rtol=1e-5
    )


def test_beyond_the_margin_it_is_zero_and_ignored_places_are_free():
    logits = 4.0 * MASKS[..., None] - 2
    assert float(LovaszHinge()(MASKS, logits)) == 0
    masks = MASKS.copy()
    masks[:, 0], logits[:, 0] = 9, -logits[:, 0]
    assert float(LovaszHinge(ignore_class=9)(masks, logits)) == 0


def test_rejects_several_channels():
    with pytest.raises(ValueError, match="one channel"):
        LovaszHinge()(MASKS, np.zeros((3, 3, 4, 2)))
