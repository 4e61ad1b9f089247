import numpy as np
import pytest

from keras_nn.losses import FocalTverskyLoss
from keras_nn.losses import TverskyLoss
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
            found.append(np.sqrt(1 - (tp + 1) / (tp + 0.3 * fp + 0.7 * fn + 1)))
        losses.append(np.mean(found))
    return losses


def test_conformance():
    check_loss(
        FocalTverskyLoss,
        {"gamma": 2.0},
        MASKS,
        SHARES,
        jit=False,
        replicas=False,
    )


def test_equals_the_definition_picture_by_picture():
    loss = FocalTverskyLoss(**{"gamma": 2.0}, reduction="none")
    np.testing.assert_allclose(
        loss(MASKS, SHARES), naive(MASKS, SHARES), rtol=1e-5
    )


def test_without_focus_it_is_the_tversky_loss():
    np.testing.assert_allclose(
        FocalTverskyLoss(gamma=1.0)(MASKS, SHARES), TverskyLoss()(MASKS, SHARES)
    )


def test_rejects_a_focus_of_zero():
    with pytest.raises(ValueError, match="`gamma` must be positive"):
        FocalTverskyLoss(gamma=0.0)
