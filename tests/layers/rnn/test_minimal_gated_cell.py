import keras
import numpy as np

from keras_nn.layers import MinimalGatedCell
from keras_nn.testing import check_layer

X = np.random.default_rng(0).normal(size=(1, 4)).astype("float32")


def test_conformance():
    def arguments():
        cell = MinimalGatedCell(3, name="cell")
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
    cell = MinimalGatedCell(3, dtype="mixed_float16")
    layer = keras.layers.RNN(cell, dtype="mixed_float16")
    assert layer(np.ones((2, 3, 2), "float16")).dtype == "float16"
    assert cell.kernel.dtype == "float32"


def test_equals_the_equation():
    cell = MinimalGatedCell(3, bias_initializer="normal")
    cell.build(X.shape)
    state = np.array([[0.5, -0.2, 0.1]], "float32")
    y, _ = cell(X, [state])
    kernel, recurrent, bias = cell.get_weights()
    gate, new = np.split(X @ kernel + bias, 2, axis=-1)
    gate = 1 / (1 + np.exp(-gate - state @ recurrent[:, :3]))
    new = np.tanh(new + (gate * state) @ recurrent[:, 3:])
    expected = (1 - gate) * state + gate * new
    np.testing.assert_allclose(y, expected, rtol=1e-5)


def test_a_closed_gate_remembers():
    cell = MinimalGatedCell(2)
    cell.build(X.shape)
    kernel, recurrent, _ = cell.get_weights()
    bias = np.array([-100.0, -100.0, 0.0, 0.0])
    cell.set_weights([kernel, recurrent, bias])
    state = np.array([[0.5, -0.2]], "float32")
    np.testing.assert_allclose(cell(X, [state])[0], state, atol=1e-6)
