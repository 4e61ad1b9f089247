import keras
import numpy as np

from keras_nn.layers import IndependentCell
from keras_nn.testing import check_layer


def test_conformance():
    def arguments():
        cell = IndependentCell(3, activation="tanh", name="cell")
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
    cell = IndependentCell(3, dtype="mixed_float16")
    layer = keras.layers.RNN(cell, dtype="mixed_float16")
    assert layer(np.ones((2, 3, 2), "float16")).dtype == "float16"
    assert cell.kernel.dtype == "float32"


def test_a_unit_remembers_itself_alone():
    cell = IndependentCell(2, activation="linear", recurrent_clip=0.5)
    cell.build((None, 1))
    cell.set_weights([np.ones((1, 2)), np.array([0.25, 2.0]), np.zeros(2)])
    x = np.array([[[1.0], [0.0], [0.0]]], "float32")
    y = keras.layers.RNN(cell)(x)
    np.testing.assert_allclose(y, [[0.25**2, 0.5**2]])


def test_it_counts_with_relu():
    cell = IndependentCell(1, kernel_initializer="ones")
    y = keras.layers.RNN(cell)(np.ones((1, 7, 1), "float32"))
    np.testing.assert_allclose(y, [[7.0]])
