import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.layers import ConvNormAct
from keras_nn.testing import check_layer


def test_conformance():
    arguments = {"filters": 4, "kernel_size": 3, "norm": "group"}
    check_layer(ConvNormAct, {**arguments, "norm_groups": 2}, (2, 6, 7, 3))


@pytest.mark.parametrize(
    "norm, reference",
    [
        ("batch", keras.layers.BatchNormalization),
        ("layer", keras.layers.LayerNormalization),
        ("group", lambda: keras.layers.GroupNormalization(2, epsilon=1e-3)),
        ("instance", lambda: keras.layers.GroupNormalization(-1)),
        (None, keras.layers.Identity),
    ],
)
def test_equals_the_three_layers(norm, reference):
    x = np.random.default_rng(0).normal(size=(3, 7, 6, 3)).astype("float32")
    layer = ConvNormAct(4, 3, dilation_rate=2, norm=norm, norm_groups=2)
    y = ops.convert_to_numpy(layer(x, training=True))
    conv = keras.layers.Conv2D(
        4, 3, padding="same", dilation_rate=2, use_bias=norm is None
    )
    conv.build(x.shape)
    conv.set_weights(layer.conv.get_weights())
    expected = ops.relu(reference()(conv(x), training=True))
    np.testing.assert_allclose(y, expected, rtol=1e-3, atol=1e-4)


def test_groups_do_not_meet():
    layer = ConvNormAct(4, 3, groups=2, norm=None, activation=None)
    x = np.zeros((1, 5, 5, 4), "float32")
    x[..., :2] = 1.0
    y = ops.convert_to_numpy(layer(x))
    assert np.abs(y[..., :2]).max() > 0
    np.testing.assert_array_equal(y[..., 2:], 0.0)


def test_refuses_an_unknown_norm():
    with pytest.raises(ValueError, match="Received: norm='spectral'"):
        ConvNormAct(4, 3, norm="spectral")
