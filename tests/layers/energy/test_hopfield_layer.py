import numpy as np
import pytest

from keras_nn.layers import HopfieldLayer
from keras_nn.testing import check_layer


def test_conformance():
    check_layer(
        HopfieldLayer,
        {"quantity": 3, "output_size": 5, "hidden_size": 4},
        (2, 3, 4),
        jit=False,
        half=False,  # its Hopfield is checked alone
    )


def test_each_time_step_is_looked_up_alone():
    layer = HopfieldLayer(quantity=7)
    x = np.random.default_rng(0).normal(size=(2, 4, 6)).astype("float32")
    np.testing.assert_allclose(layer(x)[:, 1:2], layer(x[:, 1:2]), atol=1e-5)


def test_refuses_no_pattern():
    with pytest.raises(ValueError, match="`quantity` must be positive"):
        HopfieldLayer(0)
