import numpy as np
import pytest

from keras_nn.losses import RelativisticGANLoss
from keras_nn.testing import check_loss

SIDES = ("discriminator", "generator")
R, F = np.random.default_rng(0).normal(size=(2, 5, 1)).astype("float32")


@pytest.mark.parametrize("side", SIDES)
def test_conformance(side):
    check_loss(RelativisticGANLoss, {"side": side}, R, F)


def test_equals_the_paper():
    expected = {
        "discriminator": -np.log(1 / (1 + np.exp(F - R))),
        "generator": -np.log(1 / (1 + np.exp(R - F))),
    }
    for side, values in expected.items():
        found = RelativisticGANLoss(side, reduction="none")(R, F)
        np.testing.assert_allclose(found, values[:, 0], rtol=1e-4, atol=1e-6)


def test_players_want_opposite_things():
    np.testing.assert_allclose(
        RelativisticGANLoss("generator")(R, F), RelativisticGANLoss()(F, R)
    )


def test_refuses_a_third_player():
    with pytest.raises(ValueError, match="`side` must be one of"):
        RelativisticGANLoss(side="judge")
