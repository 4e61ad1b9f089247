import numpy as np
import pytest
from keras import ops

from keras_nn.layers import PyramidPooling
from keras_nn.testing import check_layer


def test_conformance():
    arguments = {"bins": [1, 2], "filters": 3}
    check_layer(PyramidPooling, arguments, (2, 5, 4, 4))


def test_parts_that_overlap_have_their_means():
    layer = PyramidPooling([2], 1, norm=None, activation="linear")
    x = np.arange(3, dtype="float32").reshape(1, 1, 3, 1) * np.ones(
        (1, 4, 1, 1)
    )
    layer.build(x.shape)
    kernel, bias = layer.get_weights()
    layer.set_weights([np.ones_like(kernel), np.zeros_like(bias)])
    pooled = ops.convert_to_numpy(layer(x))[0, 0, :, 1]
    # Columns 0, 1 and columns 1, 2, then from two columns to three.
    np.testing.assert_allclose(pooled, [0.5, 1.0, 1.5], atol=1e-6)


def test_one_bin_is_the_mean_everywhere():
    x = np.random.default_rng(0).normal(size=(2, 4, 3, 2)).astype("float32")
    layer = PyramidPooling([1], 2, norm=None, activation="linear")
    y = ops.convert_to_numpy(layer(x))
    kernel, bias = layer.get_weights()
    expected = x.mean((1, 2)) @ kernel[0, 0] + bias
    np.testing.assert_array_equal(y[..., :2], x)
    np.testing.assert_allclose(
        y[..., 2:],
        np.broadcast_to(expected[:, None, None], x.shape),
        rtol=1e-5,
        atol=1e-6,
    )


def test_refuses_no_parts():
    with pytest.raises(ValueError, match=r"Received: bins=\[0\]"):
        PyramidPooling([0])
