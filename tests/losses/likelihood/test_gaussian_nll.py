import numpy as np
import pytest
from keras import ops
from scipy import stats

from keras_nn.losses import GaussianNLL
from keras_nn.testing import check_loss

RNG = np.random.default_rng(0)
Y = RNG.normal(size=(4, 3, 2)).astype("float32")
MEAN = RNG.normal(size=(4, 3, 2)).astype("float32")
LOG = RNG.normal(size=(4, 3, 2)).astype("float32")


@pytest.mark.parametrize("deviation", [None, 0.5])
def test_conformance(deviation):
    said = MEAN if deviation else np.concatenate([MEAN, LOG], axis=-1)
    check_loss(GaussianNLL, {"deviation": deviation}, Y, said)


def test_equals_scipy():
    said = np.concatenate([MEAN, LOG], axis=-1)
    expected = -stats.norm.logpdf(Y, MEAN, np.exp(LOG)).sum(axis=(1, 2))
    found = GaussianNLL(reduction="none")(Y, said)
    np.testing.assert_allclose(found, expected, rtol=1e-4)
    expected = -stats.norm.logpdf(Y, MEAN, 0.5).sum(axis=(1, 2))
    found = GaussianNLL(0.5, reduction="none")(Y, MEAN)
    np.testing.assert_allclose(found, expected, rtol=1e-4)


def test_draws_with_the_deviation_that_was_said():
    said = ops.tile(ops.convert_to_tensor([[3.0, np.log(0.1)]]), (20_000, 1))
    drawn = ops.convert_to_numpy(GaussianNLL().draw(said, seed=0))
    assert abs(drawn.mean() - 3) < 0.01 and abs(drawn.std() - 0.1) < 0.005


def test_refuses_a_deviation_of_nothing():
    with pytest.raises(ValueError, match="`deviation` must be positive"):
        GaussianNLL(0.0)
