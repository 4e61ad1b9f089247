import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.layers import FlexibleAttention
from keras_nn.ops import alibi_slopes
from keras_nn.ops import relative_buckets
from keras_nn.ops import rotate_pairs
from keras_nn.testing import check_layer

VARIANTS = {
    "plain": {},
    "multi-query": {"num_key_value_heads": 1, "causal": True},
    "rotary": {"position": "rotary", "num_key_value_heads": 2, "causal": True},
    "alibi": {"position": "alibi", "causal": True, "window": 3},
    "t5": {"position": "t5", "num_buckets": 8, "max_distance": 6},
}


def x_of(shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def randomized(layer, *inputs):
    layer(*inputs)
    for seed, weight in enumerate(layer.weights):
        weight.assign(0.5 * x_of(weight.shape, seed))
    return layer


@pytest.mark.parametrize("variant", ["rotary", "t5"])
def test_conformance(variant):
    arguments = {"num_heads": 4, "key_dim": 2, **VARIANTS[variant]}
    check_layer(FlexibleAttention, arguments, (3, 5, 6))


BANDS = {
    "causal rotary": {"position": "rotary", "causal": True, "window": 2},
    "both ways t5": {**VARIANTS["t5"], "window": 3},
    "alibi": {"position": "alibi", "causal": True, "window": 3},
}


@pytest.mark.parametrize("variant", BANDS)
def test_in_bands_it_is_the_same(variant):
    layer = FlexibleAttention(4, 2, **BANDS[variant])
    x = x_of((2, 10, 6))  # no multiple of a window, more than two of them
    randomized(layer, x)
    np.testing.assert_allclose(layer(x), naive(layer, x), atol=1e-4)
    mask = np.ones((2, 10), bool)
    mask[1, 7:] = False
    received = np.array(layer(x, mask=ops.convert_to_tensor(mask)))
    expected = naive(layer, x, mask)
    np.testing.assert_allclose(received[mask], expected[mask], atol=1e-4)
    # A length that is not known beforehand.
    inputs = keras.Input((None, 6))
    model = keras.Model(inputs, layer(inputs))
    np.testing.assert_allclose(
        model.predict(x, verbose=0), naive(layer, x), atol=1e-4
    )


def test_sinks_are_seen_from_afar():
    layer = FlexibleAttention(4, 2, causal=True, window=2, num_sinks=1)
    x = x_of((1, 8, 6))
    randomized(layer, x)
    before = np.array(layer(x))
    sink, middle = x.copy(), x.copy()
    sink[:, 0] += 1
    middle[:, 1] += 1
    assert np.abs(np.array(layer(sink)) - before).max(-1).min() > 1e-4
    after = np.array(layer(middle))
    np.testing.assert_allclose(after[:, 3:], before[:, 3:], atol=1e-6)
    # With a cache, and tokens in front that are not there.
    padded = np.concatenate([x_of((1, 2, 6), 5), x], axis=1)
    mask = np.arange(10)[None] >= 2
    cache, parts = layer.empty_cache(1, 10), []
    for start, stop in ((0, 6), (6, 7), (7, 10)):
        y, cache = layer(
            padded[:, start:stop],
            context_mask=mask,
            cache=cache,
            cache_index=start,
        )
        parts.append(np.array(y))
    received = np.concatenate(parts, axis=1)[:, 2:]
    np.testing.assert_allclose(received, before, atol=1e-5)
    with pytest.raises(ValueError, match="num_sinks=1, window=None"):
        FlexibleAttention(4, 2, num_sinks=1)


def naive(layer, x, mask=None):
    """Head by head and query by query."""
    heads, groups, size = layer.num_heads, layer.groups, layer.key_dim
    q, k, v = (
        (x @ np.array(d.kernel) + np.array(d.bias)).reshape(
            *x.shape[:2], -1, size
        )
        for d in (layer.query, layer.key, layer.value)
    )
    length = x.shape[1]
    if layer.position == "rotary":
        q = np.array(rotate_pairs(q, ops.arange(length)))
        k = np.array(rotate_pairs(k, ops.arange(length)))
    y = np.zeros((*x.shape[:2], heads, size))
    for b, i, h in np.ndindex(len(x), length, heads):
        g = h * groups // heads
        scores = np.full(length, -np.inf)
        for j in range(length):
            hidden = layer.causal and j > i
            hidden |= layer.window is not None and abs(i - j) >= layer.window
            hidden |= mask is not None and not mask[b, j]
            if hidden:
                continue
            scores[j] = q[b, i, h] @ k[b, j, g] / np.sqrt(size)
            if layer.position == "alibi":
                scores[j] -= alibi_slopes(heads)[h] * abs(i - j)
            if layer.position == "t5":
                bucket = int(relative_buckets(j - i, not layer.causal, 8, 6))
                scores[j] += np.array(layer.relative_bias)[bucket, h]
        weights = np.exp(scores - scores.max())
        y[b, i, h] = weights / weights.sum() @ v[b, :, g]
    kernel, bias = layer.out.get_weights()
    return y.reshape(*x.shape[:2], -1) @ kernel + bias


@pytest.mark.parametrize("variant", VARIANTS)
def test_equals_the_written_rule(variant):
    layer = FlexibleAttention(4, 2, **VARIANTS[variant])
    x = x_of((2, 5, 6))
    randomized(layer, x)
    mask = np.array([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]], bool)
    np.testing.assert_allclose(layer(x), naive(layer, x), atol=1e-4)
    received = layer(x, mask=ops.convert_to_tensor(mask))
    np.testing.assert_allclose(received, naive(layer, x, mask), atol=1e-4)


def test_without_extras_it_is_the_attention_of_keras():
    theirs = keras.layers.MultiHeadAttention(4, 2)
    ours = FlexibleAttention(4, 2)
    x, context = x_of((2, 5, 6)), x_of((2, 3, 6), 1)
    randomized(ours, x, context)
    theirs(x, context)
    theirs.set_weights(
        [
            np.reshape(ours_weight, theirs_weight.shape)
            for ours_weight, theirs_weight in zip(
                ours.weights, theirs.weights, strict=True
            )
        ]
    )
    np.testing.assert_allclose(ours(x, context), theirs(x, context), atol=1e-5)
    mask = np.array([[1, 1, 0], [1, 1, 1]], bool)
    np.testing.assert_allclose(
        ours(x, context, context_mask=mask),
        theirs(x, context, attention_mask=np.repeat(mask[:, None], 5, 1)),
        atol=1e-5,
    )
    np.testing.assert_allclose(
        ours(x), theirs(x, x), atol=1e-5, err_msg="self attention"
    )


@pytest.mark.parametrize("variant", ["rotary", "alibi"])
def test_decoding_with_a_cache_is_the_full_pass(variant):
    layer = FlexibleAttention(4, 2, **VARIANTS[variant])
    x = x_of((2, 5, 6))
    randomized(layer, x)
    cache = layer.empty_cache(2, 7)
    first, cache = layer(x[:, :2], cache=cache, cache_index=0)
    parts = [first]
    for place in range(2, 5):
        one, cache = layer(
            x[:, place : place + 1], cache=cache, cache_index=place
        )
        parts.append(one)
    np.testing.assert_allclose(
        np.concatenate(parts, axis=1), layer(x), atol=1e-5
    )
    assert not np.any(ops.convert_to_numpy(cache)[:, :, 5:])


def test_what_stands_left_of_a_prompt_does_not_matter():
    """Batched prompts are filled up on the left; distances stay."""
    layer = FlexibleAttention(4, 2, **VARIANTS["rotary"])
    x = x_of((1, 3, 6))
    randomized(layer, x)
    padded = np.concatenate([x_of((1, 2, 6), 9), x], axis=1)
    mask = np.array([[0, 0, 1, 1, 1]], bool)
    np.testing.assert_allclose(
        layer(padded, mask=mask)[:, 2:], layer(x), atol=1e-5
    )


@pytest.mark.parametrize(
    "arguments, received",
    [
        ({"num_key_value_heads": 3}, "num_key_value_heads=3"),
        ({"position": "sine"}, "position='sine'"),
        ({"position": "rotary", "key_dim": 3}, "key_dim=3"),
        ({"window": 0}, "window=0"),
    ],
)
def test_refuses_arguments_that_contradict(arguments, received):
    with pytest.raises(ValueError, match=f"Received: .*{received}"):
        FlexibleAttention(**{"num_heads": 4, "key_dim": 2, **arguments})


def test_refuses_a_cache_of_what_is_to_come():
    layer = FlexibleAttention(1, 2)
    x = x_of((1, 2, 4))
    with pytest.raises(ValueError, match="Received: causal=False"):
        layer(x, cache=layer.empty_cache(1, 4), cache_index=0)
    with pytest.raises(ValueError, match="Received: causal=True"):
        FlexibleAttention(1, 2, causal=True)(x, x)
