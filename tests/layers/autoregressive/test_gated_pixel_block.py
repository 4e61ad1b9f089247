import numpy as np
import pytest
import tensorflow as tf

from keras_nn.layers import GatedPixelBlock
from keras_nn.layers import MaskedConv2D
from keras_nn.testing import check_layer

RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    "given, shape",
    [
        ({"filters": 2}, (2, 3, 4, 4)),
        ({"filters": 2, "first": True}, [(2, 3, 4, 1), (2, 5)]),
    ],
)
def test_conformance(given, shape):
    check_layer(GatedPixelBlock, given, shape, mask=False, jit=False)


def gate(x):
    value, by = np.split(x, 2, axis=-1)
    return np.tanh(value) / (1 + np.exp(-by))


def test_equals_the_equations():
    x, told = RNG.normal(size=(2, 3, 4, 4)), RNG.normal(size=(2, 5))
    x, told = x.astype("float32"), told.astype("float32")
    layer = GatedPixelBlock(2)
    found = np.asarray(layer([x, told]))
    above, left = np.split(x, 2, axis=-1)
    c, d = (told @ t.get_weights()[0] for t in layer.told)
    vertical = np.asarray(layer.vertical(above)) + c[:, None, None]
    u, u_bias = layer.link.get_weights()
    along = np.asarray(layer.horizontal(left)) + vertical @ u + u_bias
    w, w_bias = layer.end.get_weights()
    y = left + gate(along + d[:, None, None]) @ w + w_bias
    expected = np.concatenate([gate(vertical), y], axis=-1)
    np.testing.assert_allclose(found, expected, atol=1e-5)


def seen_from(layers, row, column, side=7):
    """Which places of a picture the gradient of one place reaches."""
    reached = np.zeros((side, side), bool)
    for _ in range(3):
        x = tf.constant(RNG.normal(size=(1, side, side, 1)), "float32")
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = x
            for layer in layers:
                y = layer(y)
            # The horizontal stack, which the outputs are made of.
            total = tf.reduce_sum(y[0, row, column, y.shape[-1] // 2 :])
        reached |= np.asarray(tape.gradient(total, x))[0, :, :, 0] != 0
    return reached


def before(row, column, side=7):
    return np.arange(side * side).reshape(side, side) < row * side + column


@pytest.mark.parametrize("row, column", [(0, 0), (3, 3), (5, 6), (6, 0)])
def test_all_that_comes_before_is_seen_and_nothing_else(row, column):
    layers = [GatedPixelBlock(3, first=i == 0) for i in range(7)]
    np.testing.assert_array_equal(
        seen_from(layers, row, column), before(row, column)
    )


def test_plain_masked_convolutions_have_a_blind_spot():
    masks = "ABBBBBB"
    layers = [
        MaskedConv2D(4, 3, mask, name=f"{i}") for i, mask in enumerate(masks)
    ]
    reached = seen_from(layers, 5, 3)
    assert not reached[~before(5, 3)].any()
    assert before(5, 3)[4, 5] and not reached[4, 5]  # above, to the right


def test_refuses_stacks_of_another_width():
    with pytest.raises(ValueError, match="4 features each. Received: 4 in all"):
        GatedPixelBlock(4).build((None, 3, 3, 4))
