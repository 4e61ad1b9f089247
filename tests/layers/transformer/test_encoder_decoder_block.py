import numpy as np
import pytest

from keras_nn.layers import EncoderDecoderBlock
from keras_nn.testing import check_layer
from keras_nn.testing import slow_but

TINY = {"num_heads": 2, "hidden_dim": 6}


def random(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


@pytest.mark.slow
@pytest.mark.parametrize("norm_first", slow_but(True, of=[False, True]))
def test_conformance(norm_first):
    check_layer(
        EncoderDecoderBlock,
        {**TINY, "norm_first": norm_first, "causal": True, "cross": True},
        (3, 4, 8),
        call_kwargs={"context": (3, 5, 8)},
    )


def norm(x):
    x = x - x.mean(-1, keepdims=True)
    return x / np.sqrt((x**2).mean(-1, keepdims=True) + 1e-5)


def test_equals_the_equations():
    x, context = random(2, 4, 8), random(2, 5, 8, seed=1)
    for first in (False, True):
        block = EncoderDecoderBlock(**TINY, cross=True, norm_first=first)
        block(x, context=context)
        expected = x
        for branch in (
            block.attention,
            lambda y, block=block: block.cross_attention(y, context=context),
            block.feed_forward,
        ):
            if first:
                expected = expected + np.array(branch(norm(expected)))
            else:
                expected = norm(expected + np.array(branch(expected)))
        received = np.array(block(x, context=context))
        np.testing.assert_allclose(received, expected, atol=1e-4)


def test_a_projected_context_and_a_cache_change_nothing():
    x, context = random(2, 4, 8), random(2, 5, 8, seed=1)
    there = np.array([[1, 1, 1, 0, 0], [1, 1, 1, 1, 1]], "bool")
    block = EncoderDecoderBlock(**TINY, causal=True, cross=True)
    whole = np.array(block(x, context=context, context_mask=there))
    projected = block.project(context)
    cache = block.attention.empty_cache(2, 6)
    for place in range(4):
        y, cache = block(
            x[:, place : place + 1],
            projected=projected,
            context_mask=there,
            cache=cache,
            cache_index=place,
        )
        np.testing.assert_allclose(
            np.array(y)[:, 0], whole[:, place], atol=1e-5
        )


def test_hidden_tokens_change_nothing():
    block = EncoderDecoderBlock(**TINY)
    x = random(1, 4, 8)
    mask = np.array([[1, 1, 1, 0]], "bool")
    before = np.array(block(x, own_mask=mask))
    x[0, 3] = 100.0
    after = np.array(block(x, own_mask=mask))
    np.testing.assert_allclose(after[:, :3], before[:, :3], atol=1e-6)


def test_refuses():
    with pytest.raises(ValueError, match="num_heads=3, features=8"):
        EncoderDecoderBlock(3, 6)(random(1, 2, 8))
    with pytest.raises(ValueError, match="needs a context"):
        EncoderDecoderBlock(**TINY, cross=True)(random(1, 2, 8))
    with pytest.raises(ValueError, match="normalization='batch'"):
        EncoderDecoderBlock(**TINY, normalization="batch")


def test_deep_norm_scales_the_rest_and_shrinks_the_branches():
    x = random(1, 4, 8)
    deep = {"residual_scale": 3.0, "branch_gain": 0.1}
    block = EncoderDecoderBlock(**TINY, **deep)
    received = np.array(block(x))
    plain = EncoderDecoderBlock(**TINY)
    plain.build(x.shape)
    plain.set_weights(block.get_weights())
    y = plain.attention(x)
    y = plain.attention_norm(3 * x + y)
    y = plain.feed_forward_norm(3 * y + plain.feed_forward(y))
    np.testing.assert_allclose(received, y, atol=1e-5)
    largest = np.abs(block.attention.value.kernel).max()
    assert largest < 0.2 * np.abs(block.attention.query.kernel).max()
