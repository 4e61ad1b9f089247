import numpy as np
import pytest

from keras_nn.losses import MatthewsLoss
from keras_nn.testing import check_loss

RNG = np.random.default_rng(0)
MASKS = RNG.integers(0, 2, (3, 4, 5))
SHARES = RNG.dirichlet(np.ones(2), MASKS.shape).astype("float32")


def test_conformance():
    check_loss(MatthewsLoss, {}, MASKS, SHARES)


def test_is_one_minus_the_correlation_of_hard_masks():
    predicted = RNG.integers(0, 2, MASKS.shape)
    loss = MatthewsLoss(reduction="none")(MASKS, np.eye(2)[predicted])
    expected = [
        1 - np.corrcoef(mask.ravel(), other.ravel())[0, 1]
        for mask, other in zip(MASKS, predicted, strict=True)
    ]
    np.testing.assert_allclose(loss, expected, atol=1e-4)


def test_right_is_0_chance_is_1_and_opposite_is_2():
    masks = np.array([[[0, 0, 0, 1]]])
    loss = MatthewsLoss()
    for predicted, value in (([0, 0, 0, 1], 0), ([1, 1, 1, 0], 2)):
        shares = np.eye(2)[[[predicted]]]
        assert float(loss(masks, shares)) == pytest.approx(value, abs=1e-3)
    shares = np.full((1, 1, 4, 2), 0.5)
    assert float(loss(masks, shares)) == pytest.approx(1, abs=1e-3)


def test_what_does_not_count_changes_nothing():
    masks = np.array([[[0, 1, 0, 1]]])
    shares = RNG.uniform(size=(1, 1, 4, 1)).astype("float32")
    more = np.concatenate([masks, np.full_like(masks, 255)], axis=1)
    loss = MatthewsLoss(ignore_class=255)
    double = np.concatenate([shares, 1 - shares], axis=1)
    assert float(loss(more, double)) == pytest.approx(
        float(loss(masks, shares)), abs=1e-5
    )
