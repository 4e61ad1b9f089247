import numpy as np
import pytest

from keras_nn.losses import HingeGANLoss
from keras_nn.testing import check_loss

SIDES = ("discriminator", "generator")
R, F = np.random.default_rng(0).normal(size=(2, 5, 1)).astype("float32")


@pytest.mark.parametrize("side", SIDES)
def test_conformance(side):
    check_loss(HingeGANLoss, {"side": side}, R, F)


def test_equals_the_paper():
    expected = {
        "discriminator": np.maximum(0, 1 - R) + np.maximum(0, 1 + F),
        "generator": -F,
    }
    for side, values in expected.items():
        found = HingeGANLoss(side, reduction="none")(R, F)
        np.testing.assert_allclose(found, values[:, 0], rtol=1e-4, atol=1e-6)


def test_beyond_the_margin_nothing_is_left_to_learn():
    ones = np.ones((3, 1))
    assert float(HingeGANLoss()(9 * ones, -9 * ones)) == 0.0


def test_refuses_a_third_player():
    with pytest.raises(ValueError, match="`side` must be one of"):
        HingeGANLoss(side="judge")
