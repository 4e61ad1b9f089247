import keras
import numpy as np
import pytest

from keras_nn.layers import EchoStateCell
from keras_nn.testing import check_layer

X = np.random.default_rng(0).normal(size=(1, 60, 2)).astype("float32")


def test_conformance():
    def arguments():
        cell = EchoStateCell(5, connectivity=0.5, name="cell")
        cell.build((None, 2))  # else its config grows when it is built
        return {"cell": cell}

    check_layer(
        keras.layers.RNN,
        arguments,
        (3, 4, 2),
        half=False,
        mask=False,
        package=None,
    )


def test_equals_the_equation():
    cell = EchoStateCell(6, leak=0.3, connectivity=0.5)
    layer = keras.layers.RNN(cell, return_sequences=True)
    y = np.array(layer(X[:, :4]))
    kernel, recurrent, bias = cell.get_weights()
    state = np.zeros((1, 6))
    for step in range(4):
        new = np.tanh(X[:, step] @ kernel + state @ recurrent + bias)
        state = 0.7 * state + 0.3 * new
        np.testing.assert_allclose(y[:, step], state, rtol=1e-4, atol=1e-6)


def test_the_reservoir_is_sparse_fixed_and_of_its_radius():
    cell = EchoStateCell(80, spectral_radius=0.7)
    cell.build((None, 2))
    recurrent = np.array(cell.recurrent_kernel)
    assert np.abs(np.linalg.eigvals(recurrent)).max() == pytest.approx(
        0.7, abs=1e-4
    )
    assert 0.05 < (recurrent != 0).mean() < 0.15
    assert not cell.trainable_weights
    again = EchoStateCell(80, spectral_radius=0.7)
    again.build((None, 2))
    np.testing.assert_array_equal(again.recurrent_kernel, recurrent)


def test_the_state_forgets_where_it_began():
    cell = EchoStateCell(30, spectral_radius=0.5)
    layer = keras.layers.RNN(cell)
    apart = [
        np.array(layer(X, initial_state=[np.full((1, 30), value, "float32")]))
        for value in (-1, 1)
    ]
    np.testing.assert_allclose(*apart, atol=1e-5)


def test_refuses_a_share_that_is_none():
    with pytest.raises(ValueError, match="leak=0"):
        EchoStateCell(4, leak=0)
