import numpy as np
import pytest
from keras import ops

from keras_nn.layers import WindowAttention
from keras_nn.layers.transformer.window_attention import relative_positions
from keras_nn.layers.transformer.window_attention import shift_mask
from keras_nn.testing import check_layer


def test_conformance():
    arguments = {"num_heads": 2, "window_size": 2, "shift": 1}
    check_layer(WindowAttention, arguments, (2, 4, 5, 4))


def softmax(x):
    x = np.exp(x - x.max(-1, keepdims=True))
    return x / x.sum(-1, keepdims=True)


@pytest.mark.parametrize("shift", [0, 1])
def test_equals_a_loop_over_pixels(shift):
    size, height, width, window = 4, 6, 9, 3
    generator = np.random.default_rng(0)
    x = generator.normal(size=(1, height, width, size)).astype("float32")
    layer = WindowAttention(1, window, shift)
    layer.build(x.shape)
    for weight in layer.weights:
        weight.assign(generator.normal(size=weight.shape))
    y = ops.convert_to_numpy(layer(x))[0]
    dense = layer.attention
    q, k, v = (
        x[0] @ w + b
        for w, b in (
            part.get_weights() for part in (dense.query, dense.key, dense.value)
        )
    )
    table = np.asarray(layer.relative_position_bias_table)[:, 0]

    def window_of(i, j):
        # Moved windows end at the edge of the map, not beyond it.
        rows, columns = (i - shift) // window, (j - shift) // window
        return rows, columns

    pixels = [(i, j) for i in range(height) for j in range(width)]
    expected = np.zeros_like(y)
    for i, j in pixels:
        near = [p for p in pixels if window_of(*p) == window_of(i, j)]
        scores = [
            q[i, j] @ k[p] / np.sqrt(size)
            + table[(i - p[0] + 2) * 5 + (j - p[1] + 2)]
            for p in near
        ]
        weights = softmax(np.array(scores))
        expected[i, j] = sum(
            w * v[p] for w, p in zip(weights, near, strict=True)
        )
    kernel, bias = dense.projection.get_weights()
    np.testing.assert_allclose(
        y, expected @ kernel + bias, rtol=1e-3, atol=1e-3
    )


def test_windows_do_not_meet_without_a_shift():
    layer = WindowAttention(1, window_size=2)
    x = np.random.default_rng(0).normal(size=(1, 4, 4, 2)).astype("float32")
    other = x.copy()
    other[0, 0, 0] += 1.0
    changed = np.abs(np.asarray(layer(other)) - np.asarray(layer(x))).sum(-1)[0]
    assert changed[:2, :2].all() and not changed[2:].any()
    assert not changed[:, 2:].any()


def test_a_small_map_is_one_window():
    shifted = WindowAttention(1, window_size=7, shift=3)
    x = np.random.default_rng(0).normal(size=(1, 4, 4, 2)).astype("float32")
    plain = WindowAttention(1, window_size=7)
    for layer in (shifted, plain):
        layer.build(x.shape)
    plain.set_weights(shifted.get_weights())
    np.testing.assert_allclose(shifted(x), plain(x), rtol=1e-5)


def test_positions_count_from_the_middle_of_the_table():
    index = relative_positions(2, 2)
    assert index.shape == (4, 4) and (np.diag(index) == 4).all()
    assert index[0, 3] == 0 and index[3, 0] == 8


def test_the_mask_parts_what_the_edge_joined():
    mask = shift_mask(4, 4, 2, 1)
    assert mask.shape == (4, 1, 4, 4)
    assert not mask[0].any()
    assert (mask[3, 0] < 0).sum() == 12  # four pixels, strangers all


def test_refuses_a_shift_of_a_window():
    with pytest.raises(ValueError, match="Received: shift=2, window_size=2"):
        WindowAttention(1, window_size=2, shift=2)
    with pytest.raises(ValueError, match="Received: input_shape="):
        WindowAttention(1, window_size=2).build((None, None, 4, 2))
