import numpy as np
import pytest
from keras import ops

from keras_nn.layers import SqueezeExcite
from keras_nn.testing import check_layer


def test_conformance():
    check_layer(SqueezeExcite, {"units": 2}, (2, 4, 5, 4))


def test_equals_the_equation_of_the_paper():
    x = np.random.default_rng(0).normal(size=(2, 3, 4, 6)).astype("float32")
    layer = SqueezeExcite(2)
    y = ops.convert_to_numpy(layer(x))
    w1, b1, w2, b2 = layer.get_weights()
    hidden = np.maximum(x.mean((1, 2)) @ w1 + b1, 0)
    gate = 1 / (1 + np.exp(-(hidden @ w2 + b2)))
    np.testing.assert_allclose(y, x * gate[:, None, None], rtol=1e-4, atol=1e-6)


def test_a_closed_gate_lets_nothing_through():
    layer = SqueezeExcite(2)
    x = np.ones((1, 2, 2, 3), "float32")
    layer.build(x.shape)
    layer.expand.bias.assign([-100.0, 0.0, 100.0])
    layer.expand.kernel.assign(np.zeros((2, 3)))
    y = ops.convert_to_numpy(layer(x))[0, 0, 0]
    np.testing.assert_allclose(y, [0.0, 0.5, 1.0], atol=1e-6)


def test_refuses_no_units():
    with pytest.raises(ValueError, match="Received: units=0"):
        SqueezeExcite(0)
