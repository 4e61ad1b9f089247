import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.ops import add_bias
from keras_nn.testing.backend import gradients


@pytest.mark.parametrize("shape", [(5, 3), (2, 4, 5, 3)])
def test_output_and_gradients_are_those_of_a_sum(shape):
    generator = np.random.default_rng(0)
    weights = ops.cast(generator.normal(size=shape), "float32")
    found = []
    for add in (add_bias, lambda x, bias: x + bias):
        x = keras.Variable(np.ones(shape, "float32"))
        bias = keras.Variable(np.arange(3.0, dtype="float32"))

        def forward(add=add, x=x, bias=bias):
            y = add(x.value, bias.value)
            return ops.sum(weights * ops.square(y)), y

        found.append(gradients(forward, [x, bias], [x, bias]))
    ours, theirs = found
    np.testing.assert_allclose(ours[1], theirs[1])
    for a, b in zip(ours[2], theirs[2], strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)


def test_counts_more_rows_than_half_precision_can():
    x = keras.Variable(np.zeros((4096, 1), "float16"), dtype="float16")
    bias = keras.Variable(np.zeros(1, "float16"), dtype="float16")

    def forward():
        y = add_bias(x.value, bias.value)
        return ops.sum(ops.cast(y, "float32")), y

    _, _, (_, slope) = gradients(forward, [x, bias], [x, bias])
    assert float(slope[0]) == 4096.0


def test_refuses_a_bias_of_another_size():
    with pytest.raises(Exception, match="[Ii]ncompatible|broadcast|shape"):
        add_bias(ops.ones((2, 3)), ops.ones(4))
