import numpy as np
import pytest

from keras_nn.losses import LeastSquaresGANLoss
from keras_nn.testing import check_loss

SIDES = ("discriminator", "generator")
R, F = np.random.default_rng(0).normal(size=(2, 5, 1)).astype("float32")


@pytest.mark.parametrize("side", SIDES)
def test_conformance(side):
    check_loss(LeastSquaresGANLoss, {"side": side}, R, F)


def test_equals_the_paper():
    expected = {
        "discriminator": ((R - 1) ** 2 + F**2) / 2,
        "generator": (F - 1) ** 2 / 2,
    }
    for side, values in expected.items():
        found = LeastSquaresGANLoss(side, reduction="none")(R, F)
        np.testing.assert_allclose(found, values[:, 0], rtol=1e-4, atol=1e-6)


def test_scores_beyond_the_target_are_drawn_back():
    ones = np.ones((3, 1))
    sure = float(LeastSquaresGANLoss(side="generator")(ones, 3 * ones))
    assert sure == 2.0
    assert float(LeastSquaresGANLoss()(ones, 0 * ones)) == 0.0


def test_refuses_a_third_player():
    with pytest.raises(ValueError, match="`side` must be one of"):
        LeastSquaresGANLoss(side="judge")
