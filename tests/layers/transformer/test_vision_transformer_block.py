import numpy as np
import pytest
from keras import ops

from keras_nn.layers import VisionTransformerBlock
from keras_nn.testing import check_layer

SMALL = {"num_heads": 2, "hidden_dim": 6, "epsilon": 1e-5}


def test_conformance():
    arguments = {**SMALL, "layer_scale": 0.1}
    check_layer(VisionTransformerBlock, arguments, (2, 5, 4))


@pytest.mark.slow
def test_conformance_in_windows():
    arguments = {**SMALL, "window_size": 2, "shift": 1}
    check_layer(VisionTransformerBlock, arguments, (2, 4, 4, 4))


def test_equals_its_equations():
    from scipy.special import erf

    generator = np.random.default_rng(0)
    x = generator.normal(size=(2, 5, 4)).astype("float32")
    layer = VisionTransformerBlock(2, 6, layer_scale=0.5, epsilon=1e-5)
    layer.build(x.shape)
    for weight in layer.weights:
        weight.assign(generator.normal(size=weight.shape))

    def norm(x, part):
        gamma, beta = part.get_weights()
        deviation = x - x.mean(-1, keepdims=True)
        variance = (deviation**2).mean(-1, keepdims=True)
        return gamma * deviation / np.sqrt(variance + 1e-5) + beta

    def gelu(x):
        return x * (1 + erf(x / np.sqrt(2))) / 2

    first, second = (np.asarray(scale.gamma) for scale in layer.scales)
    normed = norm(x, layer.norm_before).astype("float32")
    middle = x + first * ops.convert_to_numpy(layer.attention(normed))
    w1, b1 = layer.intermediate.get_weights()
    w2, b2 = layer.outer.get_weights()
    hidden = gelu(norm(middle, layer.norm_after) @ w1 + b1)
    expected = middle + second * (hidden @ w2 + b2)
    np.testing.assert_allclose(layer(x), expected, rtol=1e-3, atol=1e-3)


def test_branches_scaled_to_nothing_leave_the_shortcut():
    layer = VisionTransformerBlock(2, 6, layer_scale=0.0)
    x = np.random.default_rng(0).normal(size=(2, 5, 4)).astype("float32")
    np.testing.assert_array_equal(layer(x), x)


def test_a_dropped_branch_leaves_the_shortcut_of_its_example():
    layer = VisionTransformerBlock(2, 6, drop_path=0.5, epsilon=1e-5)
    x = np.random.default_rng(0).normal(size=(64, 5, 4)).astype("float32")
    y = ops.convert_to_numpy(layer(x, training=True))
    kept = (y == x).all((1, 2))
    assert 4 < kept.sum() < 32  # a quarter loses both branches


def test_refuses_a_map_without_a_window():
    with pytest.raises(ValueError, match="expected ndim=3"):
        VisionTransformerBlock(2, 6)(np.ones((1, 4, 4, 4)))
