import numpy as np
import pytest

from keras_nn.layers import HopfieldPooling
from keras_nn.testing import check_layer


def test_conformance():
    check_layer(
        HopfieldPooling,
        {"quantity": 2, "hidden_size": 4, "update_steps_max": 1},
        (2, 3, 4),
        jit=False,
        half=False,  # its Hopfield is checked alone
    )


def test_the_order_of_patterns_and_what_is_masked_do_not_matter():
    layer = HopfieldPooling(quantity=3, num_heads=2)
    x = np.random.default_rng(0).normal(size=(1, 4, 6)).astype("float32")
    np.testing.assert_allclose(layer(x[:, ::-1]), layer(x), atol=1e-5)
    mask = np.array([[True, True, False, False]])
    np.testing.assert_allclose(layer(x, mask=mask), layer(x[:, :2]), atol=1e-5)


def test_refuses_no_state():
    with pytest.raises(ValueError, match="`quantity` must be positive"):
        HopfieldPooling(0)
