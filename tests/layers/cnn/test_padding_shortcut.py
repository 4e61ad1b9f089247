import numpy as np
import pytest
from keras import ops

from keras_nn.layers import PaddingShortcut
from keras_nn.testing import check_layer


@pytest.mark.parametrize("strides", [1, 2])
def test_conformance(strides):
    arguments = {"filters": 5, "strides": strides}
    check_layer(PaddingShortcut, arguments, (2, 5, 6, 3))


def test_keeps_every_second_pixel_and_appends_zeros():
    x = np.random.default_rng(0).normal(size=(2, 5, 6, 3)).astype("float32")
    y = ops.convert_to_numpy(PaddingShortcut(4, strides=2)(x))
    assert y.shape == (2, 3, 3, 4)
    for i in range(3):
        for j in range(3):
            np.testing.assert_array_equal(y[:, i, j, :3], x[:, 2 * i, 2 * j])
    assert not y[..., 3].any()


def test_equal_shapes_make_it_the_identity():
    x = np.ones((1, 2, 2, 3), "float32")
    y = PaddingShortcut(3)(x)
    np.testing.assert_array_equal(ops.convert_to_numpy(y), x)


def test_refuses_to_lose_channels():
    with pytest.raises(ValueError, match="Received: filters=2"):
        PaddingShortcut(2).build((None, 4, 4, 3))


def test_refuses_strides_of_zero():
    with pytest.raises(ValueError, match="Received: strides=0"):
        PaddingShortcut(2, strides=0)
