import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.layers import CBAM
from keras_nn.testing import check_layer


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def test_conformance():
    check_layer(CBAM, {"units": 2, "kernel_size": 3}, (2, 4, 5, 4))


def test_equals_the_equations_of_the_paper():
    x = np.random.default_rng(0).normal(size=(2, 4, 5, 6)).astype("float32")
    layer = CBAM(3, kernel_size=3)
    y = ops.convert_to_numpy(layer(x))
    w1, b1 = layer.reduce.get_weights()
    w2, b2 = layer.expand.get_weights()

    def mlp(v):
        return np.maximum(v @ w1 + b1, 0) @ w2 + b2

    gate = sigmoid(mlp(x.mean((1, 2))) + mlp(x.max((1, 2))))
    expected = x * gate[:, None, None]
    maps = np.stack([expected.mean(-1), expected.max(-1)], -1)
    conv = keras.layers.Conv2D(1, 3, padding="same")
    conv.build(maps.shape)
    conv.set_weights(layer.spatial.get_weights())
    expected = expected * sigmoid(ops.convert_to_numpy(conv(maps)))
    np.testing.assert_allclose(y, expected, rtol=1e-3, atol=1e-5)


def test_without_weights_each_attention_halves():
    layer = CBAM(2)
    x = np.ones((1, 3, 3, 4), "float32")
    layer.build(x.shape)
    for weight in layer.weights:
        weight.assign(np.zeros(weight.shape))
    np.testing.assert_allclose(layer(x), 0.25 * x)


def test_refuses_no_units():
    with pytest.raises(ValueError, match="Received: units=0"):
        CBAM(0)
