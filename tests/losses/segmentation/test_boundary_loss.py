import numpy as np
import pytest
from scipy.ndimage import distance_transform_edt

from keras_nn.losses import BoundaryLoss
from keras_nn.testing import check_loss

RNG = np.random.default_rng(0)
MASKS = RNG.integers(0, 2, (3, 6, 5))
MASKS[2] = 0
SHARES = RNG.dirichlet(np.ones(2), MASKS.shape).astype("float32")


def naive(mask, shares, classes=2):
    losses = []
    for c in range(classes):
        inside = mask == c
        phi = np.zeros(mask.shape)
        if inside.any() and not inside.all():
            phi = distance_transform_edt(~inside) * ~inside
            phi -= (distance_transform_edt(inside) - 1) * inside
        losses.append(np.mean(phi * shares[..., c]))
    return np.mean(losses)


def test_conformance():
    check_loss(BoundaryLoss, {}, MASKS, SHARES)


def test_equals_the_distances_of_scipy():
    expected = [naive(*pair) for pair in zip(MASKS, SHARES, strict=True)]
    loss = BoundaryLoss(reduction="none")
    np.testing.assert_allclose(
        loss(MASKS, SHARES), expected, rtol=1e-4, atol=1e-6
    )
    assert expected[2] == 0  # one class alone has no boundary


def test_far_costs_more_than_near_and_ignored_places_nothing():
    mask = np.zeros((1, 1, 9))
    mask[..., :2] = 1
    loss = BoundaryLoss(ignore_class=255)
    costs = []
    for place in (2, 4, 8):
        shares = np.zeros((1, 1, 9, 1))
        shares[..., place, :] = 1
        costs.append(float(loss(mask, shares)))
    np.testing.assert_allclose(costs, np.array([1, 3, 7]) / 9, rtol=1e-5)
    mask[..., 8] = 255
    assert float(loss(mask, shares)) == 0


def test_rejects_weights_that_are_all_zero():
    with pytest.raises(ValueError, match="`class_weights` must not be"):
        BoundaryLoss(class_weights=[0.0])
