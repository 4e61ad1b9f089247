import numpy as np
import pytest

from keras_nn.losses import DiceLoss
from keras_nn.testing import check_loss

RNG = np.random.default_rng(0)
MASKS = RNG.integers(0, 3, (3, 4, 5))
SHARES = RNG.dirichlet(np.ones(3), MASKS.shape).astype("float32")


def naive(masks, shares):
    losses = []
    for mask, share in zip(masks, shares, strict=True):
        found = []
        for c in range(shares.shape[-1]):
            tp = fp = fn = 0.0
            for y in range(mask.shape[0]):
                for x in range(mask.shape[1]):
                    truth = mask[y, x] == c
                    tp += share[y, x, c] * truth
                    fp += share[y, x, c] * (not truth)
                    fn += (1 - share[y, x, c]) * truth
            found.append(1 - (2 * tp + 0.5) / (2 * tp + fp + fn + 0.5))
        losses.append(np.mean(found))
    return losses


def test_conformance():
    check_loss(DiceLoss, {"smooth": 0.5}, MASKS, SHARES)


def test_equals_the_definition_picture_by_picture():
    loss = DiceLoss(**{"smooth": 0.5}, reduction="none")
    np.testing.assert_allclose(
        loss(MASKS, SHARES), naive(MASKS, SHARES), rtol=1e-5
    )


def test_a_perfect_prediction_costs_nothing_and_a_wrong_one_nearly_all():
    loss = DiceLoss()
    masks = np.repeat([[[0], [1]]], 99, axis=2)
    assert float(loss(masks, np.eye(2)[masks])) == pytest.approx(0, abs=1e-4)
    assert float(loss(masks, np.eye(2)[1 - masks])) > 0.95
