import numpy as np
import pytest
from keras import ops

from keras_nn.layers import AdaptiveTransformerBlock
from keras_nn.testing import check_layer


@pytest.mark.slow
def test_conformance():
    check_layer(
        AdaptiveTransformerBlock,
        {"num_heads": 2, "hidden_dim": 5},
        [(2, 3, 4), (2, 6)],
    )


def gelu(x):
    return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))


def norm(x):
    centred = x - x.mean(-1, keepdims=True)
    return centred / np.sqrt(centred.var(-1, keepdims=True) + 1e-6)


def test_equals_the_equations():
    random = np.random.default_rng(0)
    x = random.normal(size=(2, 3, 4)).astype("float32")
    condition = random.normal(size=(2, 6)).astype("float32")
    layer = AdaptiveTransformerBlock(2, 5)
    layer.build([x.shape, condition.shape])
    for weight in layer.weights:
        weight.assign(0.5 * random.normal(size=weight.shape))
    kernel, bias = layer.modulation.get_weights()
    steered = condition / (1 + np.exp(-condition)) @ kernel + bias
    b1, s1, g1, b2, s2, g2 = np.split(steered[:, None], 6, axis=-1)
    attended = layer.attention(ops.convert_to_tensor(norm(x) * (1 + s1) + b1))
    expected = x + g1 * np.array(attended)
    (w_in, b_in), (w_out, b_out) = (
        one.get_weights() for one in (layer.intermediate, layer.outer)
    )
    hidden = gelu((norm(expected) * (1 + s2) + b2) @ w_in + b_in)
    expected = expected + g2 * (hidden @ w_out + b_out)
    np.testing.assert_allclose(layer([x, condition]), expected, atol=1e-4)


def test_begins_as_the_identity():
    x = np.random.default_rng(0).normal(size=(1, 3, 4)).astype("float32")
    y = AdaptiveTransformerBlock(1, 4)([x, np.ones((1, 2), "float32")])
    np.testing.assert_array_equal(y, x)
