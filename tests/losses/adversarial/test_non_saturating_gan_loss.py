import numpy as np
import pytest

from keras_nn.losses import NonSaturatingGANLoss
from keras_nn.testing import check_loss

SIDES = ("discriminator", "generator")
R, F = np.random.default_rng(0).normal(size=(2, 5, 1)).astype("float32")


@pytest.mark.parametrize("side", SIDES)
def test_conformance(side):
    check_loss(NonSaturatingGANLoss, {"side": side}, R, F)


def test_equals_the_paper():
    expected = {
        "discriminator": -np.log(1 / (1 + np.exp(-R)))
        - np.log(1 - 1 / (1 + np.exp(-F))),
        "generator": -np.log(1 / (1 + np.exp(-F))),
    }
    for side, values in expected.items():
        found = NonSaturatingGANLoss(side, reduction="none")(R, F)
        np.testing.assert_allclose(found, values[:, 0], rtol=1e-4, atol=1e-6)


def test_no_one_knows_at_the_balance():
    zeros = np.zeros((3, 1))
    both = [float(NonSaturatingGANLoss(s)(zeros, zeros)) for s in SIDES]
    np.testing.assert_allclose(both, [2 * np.log(2), np.log(2)], rtol=1e-6)


def test_refuses_a_third_player():
    with pytest.raises(ValueError, match="`side` must be one of"):
        NonSaturatingGANLoss(side="judge")
