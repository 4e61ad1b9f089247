import numpy as np
import pytest
from scipy.special import erf

from keras_nn.layers import MixerBlock
from keras_nn.testing import check_layer


def test_conformance():
    check_layer(MixerBlock, {"token_dim": 3, "channel_dim": 6}, (2, 5, 4))


def gelu(x):
    return x * (1 + erf(x / np.sqrt(2))) / 2


def test_equals_its_equations():
    generator = np.random.default_rng(0)
    x = generator.normal(size=(2, 5, 4)).astype("float32")
    layer = MixerBlock(3, 6)
    layer.build(x.shape)
    for weight in layer.weights:
        weight.assign(generator.normal(size=weight.shape))

    def norm(x, part):
        gamma, beta = part.get_weights()
        variance = x.var(-1, keepdims=True)
        x = (x - x.mean(-1, keepdims=True)) / np.sqrt(variance + 1e-6)
        return gamma * x + beta

    def mlp(x, first, second):
        w1, b1 = first.get_weights()
        w2, b2 = second.get_weights()
        return gelu(x @ w1 + b1) @ w2 + b2

    turned = norm(x, layer.token_norm).transpose(0, 2, 1)
    mixed = mlp(turned, layer.token_hidden, layer.token_out)
    middle = x + mixed.transpose(0, 2, 1)
    normed = norm(middle, layer.channel_norm)
    expected = middle + mlp(normed, layer.channel_hidden, layer.channel_out)
    np.testing.assert_allclose(layer(x), expected, rtol=1e-3, atol=1e-3)


def test_silent_perceptrons_leave_the_shortcut():
    layer = MixerBlock(3, 6)
    x = np.random.default_rng(0).normal(size=(2, 5, 4)).astype("float32")
    layer.build(x.shape)
    for dense in (layer.token_out, layer.channel_out):
        dense.kernel.assign(np.zeros(dense.kernel.shape))
    np.testing.assert_array_equal(layer(x), x)


def test_refuses_no_width():
    with pytest.raises(ValueError, match="Received: token_dim=0"):
        MixerBlock(0, 4)
