"""The recurrent cells without extras against torch's LSTM and GRU."""

from pathlib import Path

import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.layers import FlexibleGRUCell
from keras_nn.layers import FlexibleLSTMCell
from keras_nn.testing.backend import gradients

# Torch's order of the gates, from Keras's.
ORDER = {"lstm": (0, 1, 2, 3), "gru": (1, 0, 2)}
CELLS = {"lstm": FlexibleLSTMCell, "gru": FlexibleGRUCell}


@pytest.fixture(scope="module")
def numbers():
    with np.load(Path(__file__).parent / "torch_recurrent.npz") as file:
        return dict(file)


@pytest.mark.parametrize("name", CELLS)
def test_outputs_and_gradients_are_torchs(numbers, name):
    def take(key):
        value = numbers[f"{name}/{key}_l0"]
        parts = np.split(value, len(ORDER[name]))
        return np.concatenate([parts[i] for i in ORDER[name]]).T

    x = keras.Variable(numbers[f"{name}/inputs"])
    layer = keras.layers.RNN(CELLS[name](5), return_sequences=True)
    layer.build(x.shape)
    biases = np.stack([take("bias_ih"), take("bias_hh")])
    bias = biases if name == "gru" else biases.sum(axis=0)
    layer.set_weights([take("weight_ih"), take("weight_hh"), bias])

    def loss():
        y = layer(x.value)
        return ops.sum(ops.square(y)), y

    _, y, (gradient,) = gradients(loss, [x])
    np.testing.assert_allclose(y, numbers[f"{name}/outputs"], atol=1e-5)
    np.testing.assert_allclose(gradient, numbers[f"{name}/gradient"], atol=1e-4)
