"""AdaptiveSoftmax against torch's AdaptiveLogSoftmaxWithLoss."""

from pathlib import Path

import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.layers import AdaptiveSoftmax
from keras_nn.testing.backend import gradients


def test_probabilities_loss_and_gradient_are_torchs():
    with np.load(Path(__file__).parent / "torch_adaptive_softmax.npz") as file:
        numbers = dict(file)
    layer = AdaptiveSoftmax(20, [3, 8, 14], factor=2.0, head_bias=True)
    layer.build((None, 16))

    def take(name):
        return numbers[f"weight/{name}.weight"].T

    layer.head.set_weights([take("head"), numbers["weight/head.bias"]])
    for index in range(3):
        layer.narrow[index].set_weights([take(f"tail.{index}.0")])
        layer.tails[index].set_weights([take(f"tail.{index}.1")])
    inputs = keras.Variable(numbers["inputs"])

    def loss():
        found = layer(inputs.value, targets=numbers["targets"])
        return -ops.mean(found), (found,)

    value, (found,), (gradient,) = gradients(loss, [inputs])
    assert float(value) == pytest.approx(float(numbers["loss"]), abs=1e-5)
    np.testing.assert_allclose(found, numbers["output"], atol=1e-5)
    np.testing.assert_allclose(
        ops.convert_to_numpy(gradient), numbers["inputs_gradient"], atol=1e-5
    )
    np.testing.assert_allclose(
        layer(inputs), numbers["log_probabilities"], atol=1e-5
    )
