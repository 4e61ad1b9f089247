import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.layers import FlexibleLSTMCell
from keras_nn.testing import check_layer
from keras_nn.testing.backend import gradients

X = np.random.default_rng(0).normal(size=(3, 6, 4)).astype("float32")


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


@pytest.mark.slow
def test_conformance():
    def arguments():
        extras = {"peephole": True, "coupled": True, "layer_norm": True}
        cell = FlexibleLSTMCell(3, **extras, name="cell")
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


def test_half_precision_stays_in_half():
    cell = FlexibleLSTMCell(3, dtype="mixed_float16")
    layer = keras.layers.RNN(cell, dtype="mixed_float16")
    assert layer(np.ones((2, 3, 2), "float16")).dtype == "float16"
    assert cell.kernel.dtype == "float32"


@pytest.mark.parametrize("use_bias", [True, False])
def test_without_extras_it_is_keras_lstm_and_its_gradient(use_bias):
    theirs = keras.layers.LSTM(5, return_sequences=True, use_bias=use_bias)
    ours = keras.layers.RNN(
        FlexibleLSTMCell(5, use_bias=use_bias), return_sequences=True
    )
    theirs(X), ours(X)
    names = [[w.name for w in layer.weights] for layer in (ours, theirs)]
    assert names[0] == names[1][: len(names[0])]
    if use_bias:  # the forget gate starts open in both
        np.testing.assert_array_equal(ours.weights[2], theirs.weights[2])
    ours.set_weights(theirs.get_weights())
    results = []
    for layer in (ours, theirs):
        _, y, found = gradients(
            lambda layer=layer: ((y := layer(X)), (ops.sum(y**2), y))[1],
            layer.trainable_weights,
        )
        results.append([y, *found])
    for one, other in zip(*results, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


def test_gates_look_at_the_memory_through_peepholes():
    cell = FlexibleLSTMCell(2, peephole=True, recurrent_initializer="normal")
    cell.build((None, 4))
    state = [np.full((1, 2), 0.3, "float32"), np.full((1, 2), -0.7, "float32")]
    y, (_, memory) = cell(X[:1, 0], state)
    kernel, recurrent, bias, peep = cell.get_weights()
    z = X[:1, 0] @ kernel + state[0] @ recurrent + bias
    i, f, g, o = np.split(z, 4, axis=-1)
    c = sigmoid(f + peep[1] * state[1]) * state[1]
    c += sigmoid(i + peep[0] * state[1]) * np.tanh(g)
    np.testing.assert_allclose(memory, c, rtol=1e-5)
    expected = sigmoid(o + peep[2] * c) * np.tanh(c)
    np.testing.assert_allclose(y, expected, rtol=1e-5)


def test_a_coupled_cell_takes_in_what_it_forgets():
    cell = FlexibleLSTMCell(2, coupled=True)
    cell.build((None, 4))
    kernel, recurrent, bias = cell.get_weights()
    assert bias.tolist() == [1, 1, 0, 0, 0, 0]
    cell.set_weights([0 * kernel, 0 * recurrent, bias + [[50], [-50]][0]])
    state = [np.zeros((1, 2), "float32"), np.full((1, 2), 0.7, "float32")]
    _, (_, memory) = cell(X[:1, 0], state)
    np.testing.assert_allclose(memory, state[1], rtol=1e-5)


def test_normed_sums_do_not_depend_on_the_scale_of_the_input():
    cell = FlexibleLSTMCell(4, layer_norm=True)
    state = cell.get_initial_state(3)
    once, _ = cell(X[:, 0], state)
    thrice, _ = cell(3 * X[:, 0], state)
    np.testing.assert_allclose(once, thrice, atol=1e-3)
