import numpy as np

from keras_nn.ops import banded_attention
from keras_nn.ops import grouped_attention
from keras_nn.ops.grouped_attention import heads_first

generator = np.random.default_rng(0)


def draw(*shape):
    return generator.normal(size=shape).astype("float32")


def test_heads_share_the_keys_of_their_group():
    query, key, value = draw(2, 3, 4, 2), draw(2, 5, 2, 2), draw(2, 5, 2, 2)
    bias = draw(4, 3, 5)
    mask = np.array([[1, 1, 1, 1, 1], [1, 1, 0, 1, 0]], bool)
    received = grouped_attention(
        query,
        heads_first(key),
        heads_first(value),
        key_mask=mask,
        biases=[bias],
    )
    for head in range(4):
        k, v = key[:, :, head // 2], value[:, :, head // 2]
        scores = query[:, :, head] @ k.swapaxes(1, 2) / 2**0.5 + bias[head]
        weights = np.exp(scores) * mask[:, None]
        weights /= weights.sum(-1, keepdims=True)
        np.testing.assert_allclose(
            received[..., 2 * head : 2 * head + 2], weights @ v, atol=1e-5
        )


def test_bands_are_a_window():
    query, key = draw(2, 7, 2, 3), draw(2, 7, 1, 3)
    gap = np.arange(7) - np.arange(7)[:, None]
    for causal in (True, False):
        visible = np.abs(gap) < 2
        visible &= (gap <= 0) if causal else True
        whole = grouped_attention(
            query, heads_first(key), heads_first(key), visible
        )
        bands = banded_attention(query, key, key, 2, causal)
        np.testing.assert_allclose(bands, whole, atol=1e-5)
