import numpy as np
import pytest
from keras import ops

from keras_nn.layers import BlurPool2D
from keras_nn.testing import check_layer


@pytest.mark.parametrize("size", [2, 3])
def test_conformance(size):
    check_layer(BlurPool2D, {"size": size}, (2, 5, 6, 3))


@pytest.mark.parametrize("size", [3, 5])
def test_equals_a_loop_over_pixels(size):
    x = np.random.default_rng(0).normal(size=(1, 6, 7, 2)).astype("float32")
    y = ops.convert_to_numpy(BlurPool2D(size)(x))
    row = {3: [1, 2, 1], 5: [1, 4, 6, 4, 1]}[size]
    kernel = np.outer(row, row) / np.sum(row) ** 2
    side = size // 2
    frame = ((0, 0), (side, side), (side, side), (0, 0))
    framed = np.pad(x, frame, mode="reflect")
    for i in range(3):
        for j in range(4):
            square = framed[0, 2 * i : 2 * i + size, 2 * j : 2 * j + size]
            expected = (kernel[..., None] * square).sum((0, 1))
            np.testing.assert_allclose(y[0, i, j], expected, rtol=1e-4)


def test_a_constant_stays_and_stripes_vanish():
    x = np.ones((1, 8, 8, 1), "float32")
    np.testing.assert_allclose(BlurPool2D()(x), x[:, ::2, ::2], rtol=1e-6)
    stripes = x * (-1.0) ** np.arange(8)[None, None, :, None]
    y = ops.convert_to_numpy(BlurPool2D()(stripes.astype("float32")))
    np.testing.assert_allclose(y, 0.0, atol=1e-6)


def test_refuses_no_strides():
    with pytest.raises(ValueError, match="Received: size=3, strides=0"):
        BlurPool2D(strides=0)
