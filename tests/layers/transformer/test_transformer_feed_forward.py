import math

import numpy as np
import pytest

from keras_nn.layers import TransformerFeedForward
from keras_nn.testing import check_layer

ERF = np.vectorize(math.erf)
FUNCTIONS = {
    "gelu": lambda x: x * (1 + ERF(x / np.sqrt(2))) / 2,
    "gelu_tanh": lambda x: (
        x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))) / 2
    ),
    "silu": lambda x: x / (1 + np.exp(-x)),
}


def test_conformance():
    arguments = {"hidden_dim": 6, "activation": "silu", "gated": True}
    check_layer(TransformerFeedForward, arguments, (3, 5, 4))


@pytest.mark.parametrize("gated", [False, True])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_equals_the_equation(name, gated):
    layer = TransformerFeedForward(6, name, gated)
    x = np.random.default_rng(0).normal(size=(2, 3, 4)).astype("float32")
    received = np.array(layer(2 * x))
    up, down = layer.up.get_weights(), layer.down.get_weights()
    hidden = 2 * x @ up[0] + up[1]
    if gated:
        gate = layer.gate.get_weights()
        hidden = FUNCTIONS[name](2 * x @ gate[0] + gate[1]) * hidden
    else:
        hidden = FUNCTIONS[name](hidden)
    expected = hidden @ down[0] + down[1]
    np.testing.assert_allclose(received, expected, atol=1e-5)


def test_refuses_no_width():
    with pytest.raises(ValueError, match="Received: hidden_dim=0"):
        TransformerFeedForward(0)
