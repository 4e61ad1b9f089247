import numpy as np
import pytest

from keras_nn.losses import JaccardLoss
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
            found.append(1 - (tp + 1) / (tp + 0.2 * fp + 0.9 * fn + 1))
        losses.append(np.mean(found))
    return losses


def test_conformance():
    check_loss(
        TverskyLoss,
        {"alpha": 0.2, "beta": 0.9},
        MASKS,
        SHARES,
        jit=False,
        replicas=False,
    )


def test_equals_the_definition_picture_by_picture():
    loss = TverskyLoss(**{"alpha": 0.2, "beta": 0.9}, reduction="none")
    np.testing.assert_allclose(
        loss(MASKS, SHARES), naive(MASKS, SHARES), rtol=1e-5
    )


def test_equal_weights_of_one_are_the_jaccard_loss():
    np.testing.assert_allclose(
        TverskyLoss(1.0, 1.0)(MASKS, SHARES), JaccardLoss()(MASKS, SHARES)
    )


def test_missing_costs_more_than_inventing():
    few, many = np.zeros((1, 4, 4)), np.zeros((1, 4, 4))
    few[:, :2], many[:, :3] = 1, 1
    loss = TverskyLoss(alpha=0.1, beta=0.9)
    missed = loss(many, few[..., None])
    invented = loss(few, many[..., None])
    assert float(missed) > 2 * float(invented)


def test_rejects_negative_weights():
    with pytest.raises(ValueError, match="`alpha` and `beta` must not be"):
        TverskyLoss(alpha=-1.0)
