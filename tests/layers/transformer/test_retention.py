import numpy as np
import pytest
from keras import ops

from keras_nn.layers import Retention
from keras_nn.ops import rotate_pairs
from keras_nn.testing import check_layer

X = np.random.default_rng(0).normal(size=(2, 6, 5)).astype("float32")


def test_conformance():
    arguments = {"num_heads": 2, "key_dim": 2}
    check_layer(Retention, arguments, (3, 4, 5), mask=False)


def test_equals_the_equation():
    layer = Retention(2, 4, value_dim=3)
    received = layer(X)

    def heads(dense, size):
        return (X @ dense.get_weights()[0]).reshape(2, 6, 2, size)

    places = ops.arange(6)
    q, k = (
        np.array(rotate_pairs(heads(d, 4), places))
        for d in (layer.query, layer.key)
    )
    v = heads(layer.value, 3)
    gap = np.arange(6)[:, None] - np.arange(6)
    y = np.zeros((2, 6, 2, 3))
    for head, decay in enumerate((1 - 1 / 32, 1 - 1 / 64)):
        fade = np.where(gap >= 0, decay ** np.maximum(gap, 0), 0)
        scores = q[:, :, head] @ k[:, :, head].swapaxes(1, 2) / 2 * fade
        y[:, :, head] = scores @ v[:, :, head]
    y -= y.mean(-1, keepdims=True)
    y /= np.sqrt((y**2).mean(-1, keepdims=True) + 1e-6)
    gate = X @ layer.gate.get_weights()[0]
    gate = gate / (1 + np.exp(-gate))
    expected = (gate * y.reshape(2, 6, 6)) @ layer.out.get_weights()[0]
    np.testing.assert_allclose(received, expected, atol=1e-4)


def test_the_recurrence_is_the_parallel_form():
    layer = Retention(2, 4)
    whole, state, parts = layer(X), layer.empty_state(2), []
    for place in range(6):
        y, state = layer(X[:, place : place + 1], state=state, index=place)
        parts.append(np.array(y))
    np.testing.assert_allclose(np.concatenate(parts, 1), whole, atol=1e-4)


def test_refuses_an_odd_number_of_features():
    with pytest.raises(ValueError, match="key_dim=3"):
        Retention(2, 3)
