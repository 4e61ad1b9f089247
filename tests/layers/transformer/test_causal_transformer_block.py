import numpy as np
import pytest

from keras_nn.layers import CausalTransformerBlock
from keras_nn.testing import check_layer

LLAMA = {
    "num_key_value_heads": 1,
    "position": "rotary",
    "normalization": "rms",
    "activation": "silu",
    "gated": True,
    "use_bias": False,
}


def x_of(shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def test_conformance():
    arguments = {"num_heads": 2, "hidden_dim": 6, **LLAMA}
    check_layer(CausalTransformerBlock, arguments, (3, 5, 4))


def test_is_two_branches_around_shortcuts():
    block = CausalTransformerBlock(2, 6)
    x = x_of((2, 5, 4))
    y = block(x)
    middle = x + np.array(block.attention(block.norm_before(x)))
    expected = middle + np.array(block.feed_forward(block.norm_after(middle)))
    np.testing.assert_allclose(y, expected, atol=1e-5)


@pytest.mark.parametrize("extras", [{}, LLAMA], ids=["gpt", "llama"])
def test_no_token_sees_what_comes_after_it(extras):
    block = CausalTransformerBlock(2, 6, **extras)
    x = x_of((1, 5, 4))
    before = np.array(block(x))
    x[:, 3:] = 9.0
    np.testing.assert_allclose(block(x)[:, :3], before[:, :3], atol=1e-6)
    assert np.abs(block(x)[:, 3:] - before[:, 3:]).max() > 0.01


def test_with_a_cache_it_is_the_full_pass():
    block = CausalTransformerBlock(2, 6, **LLAMA)
    x = x_of((2, 4, 4))
    full = block(x)
    cache = block.attention.empty_cache(2, 4)
    first, cache = block(x[:, :3], cache=cache, cache_index=0)
    last, _ = block(x[:, 3:], cache=cache, cache_index=3)
    np.testing.assert_allclose(
        np.concatenate([first, last], axis=1), full, atol=1e-5
    )


def test_without_bias_there_is_none():
    block = CausalTransformerBlock(2, 6, use_bias=False)
    block(x_of((1, 2, 4)))
    names = {weight.path.split("/")[-1] for weight in block.weights}
    assert names == {"gamma", "kernel"}


def test_refuses_an_unknown_normalisation_and_odd_heads():
    with pytest.raises(ValueError, match="Received: normalization='batch'"):
        CausalTransformerBlock(2, 6, normalization="batch")
    with pytest.raises(ValueError, match="num_heads=3, features=4"):
        CausalTransformerBlock(3, 6)(x_of((1, 2, 4)))
