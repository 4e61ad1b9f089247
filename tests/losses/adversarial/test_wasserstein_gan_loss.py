import numpy as np
import pytest

from keras_nn.losses import WassersteinGANLoss
from keras_nn.testing import check_loss

SIDES = ("discriminator", "generator")
R, F = np.random.default_rng(0).normal(size=(2, 5, 1)).astype("float32")


@pytest.mark.parametrize("side", SIDES)
def test_conformance(side):
    check_loss(WassersteinGANLoss, {"side": side}, R, F)


def test_equals_the_paper():
    expected = {
        "discriminator": F - R,
        "generator": -F,
    }
    for side, values in expected.items():
        found = WassersteinGANLoss(side, reduction="none")(R, F)
        np.testing.assert_allclose(found, values[:, 0], rtol=1e-4, atol=1e-6)


def test_only_differences_of_scores_count():
    np.testing.assert_allclose(
        WassersteinGANLoss()(R + 5, F + 5),
        WassersteinGANLoss()(R, F),
        atol=1e-5,
    )


def test_refuses_a_third_player():
    with pytest.raises(ValueError, match="`side` must be one of"):
        WassersteinGANLoss(side="judge")
