import numpy as np
import pytest

from keras_nn.losses import MinimaxGANLoss
from keras_nn.losses import NonSaturatingGANLoss
from keras_nn.testing import check_loss

SIDES = ("discriminator", "generator")
R, F = np.random.default_rng(0).normal(size=(2, 5, 1)).astype("float32")


@pytest.mark.parametrize("side", SIDES)
def test_conformance(side):
    check_loss(MinimaxGANLoss, {"side": side}, R, F)


def test_equals_the_paper():
    expected = {
        "discriminator": np.log1p(np.exp(-R)) + np.log1p(np.exp(F)),
        "generator": np.log(1 - 1 / (1 + np.exp(-F))),
    }
    for side, values in expected.items():
        found = MinimaxGANLoss(side, reduction="none")(R, F)
        np.testing.assert_allclose(found, values[:, 0], rtol=1e-4, atol=1e-6)


def test_a_sure_discriminator_leaves_the_generator_nothing_to_learn():
    sides = [
        float(cls(side="generator")(R, np.full_like(R, score)))
        for cls in (MinimaxGANLoss, NonSaturatingGANLoss)
        for score in (-20.0, -21.0)
    ]
    assert abs(sides[0] - sides[1]) < 1e-6 < 0.9 < abs(sides[2] - sides[3])


def test_refuses_a_third_player():
    with pytest.raises(ValueError, match="`side` must be one of"):
        MinimaxGANLoss(side="judge")
