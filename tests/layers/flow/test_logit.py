import numpy as np
import pytest

from keras_nn.layers import Logit
from keras_nn.testing import check_layer

X = np.random.default_rng(0).uniform(size=(3, 4)).astype("float32")


def test_conformance():
    check_layer(
        Logit,
        {"alpha": 0.1},
        X,
        mask=False,
        half=False,
        jit=False,
        output_dtype="float32",
    )


def test_runs_backwards_and_knows_its_volume(check_flow):
    check_flow(Logit(), X)


def test_black_and_white_stay_finite():
    z, _ = Logit(0.05)(np.array([[0.0, 1.0]], "float32"))
    np.testing.assert_allclose(z, [[-np.log(19), np.log(19)]], rtol=1e-5)


def test_refuses_an_alpha_that_leaves_nothing():
    with pytest.raises(ValueError, match="between 0 and 0.5"):
        Logit(0.5)
