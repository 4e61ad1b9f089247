import numpy as np
import pytest
from keras import ops

from keras_nn.layers import ConstantPadding2D
from keras_nn.testing import check_layer


def test_conformance():
    check_layer(ConstantPadding2D, {"padding": 2, "value": -1.0}, (2, 3, 4, 2))


def test_frames_the_picture():
    x = np.random.default_rng(0).normal(size=(2, 3, 4, 2)).astype("float32")
    y = ops.convert_to_numpy(ConstantPadding2D(1, value=-1.0)(x))
    np.testing.assert_array_equal(y[:, 1:-1, 1:-1], x)
    frame = y.copy()
    frame[:, 1:-1, 1:-1] = -1.0
    assert (frame == -1.0).all()


def test_no_padding_is_the_picture():
    x = np.ones((1, 2, 2, 1), "float32")
    y = ConstantPadding2D(0, value=5.0)(x)
    np.testing.assert_array_equal(ops.convert_to_numpy(y), x)


def test_refuses_to_crop():
    with pytest.raises(ValueError, match="Received: padding=-1"):
        ConstantPadding2D(-1)
