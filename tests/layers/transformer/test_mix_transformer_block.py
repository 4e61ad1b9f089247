import numpy as np
import pytest
from keras import ops

from keras_nn.layers import MixTransformerBlock
from keras_nn.testing import check_layer


@pytest.mark.slow
def test_conformance():
    arguments = {"num_heads": 2, "hidden_dim": 8, "reduction": 2}
    check_layer(MixTransformerBlock, arguments, (2, 4, 6, 4))


def test_without_attention_it_is_the_mixing_perceptron():
    """Each place sees itself and the eight around it, zeros beyond."""
    generator = np.random.default_rng(0)
    x = generator.normal(size=(1, 3, 4, 2)).astype("float32")
    block = MixTransformerBlock(1, 3)
    block.build(x.shape)
    for weight in block.weights:
        weight.assign(generator.normal(size=weight.shape))
    projection = block.attention.attention.projection
    projection.set_weights([0 * w for w in projection.get_weights()])
    gamma, beta = block.norm_after.get_weights()
    first, first_bias = block.intermediate.get_weights()
    kernel, kernel_bias = block.depthwise.get_weights()
    second, second_bias = block.outer.get_weights()
    centred = x[0] - x[0].mean(-1, keepdims=True)
    norm = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-5)
    hidden = np.pad(
        (gamma * norm + beta) @ first + first_bias, ((1, 1), (1, 1), (0, 0))
    )
    found = ops.convert_to_numpy(block(x))[0]
    for i in range(3):
        for j in range(4):
            seen = hidden[i : i + 3, j : j + 3] * kernel[..., 0]
            mixed = ops.gelu(
                seen.sum(axis=(0, 1)) + kernel_bias, approximate=False
            )
            y = np.asarray(mixed) @ second + second_bias
            np.testing.assert_allclose(found[i, j], x[0, i, j] + y, atol=1e-4)
