import numpy as np
import pytest
from keras import ops

from keras_nn.layers import MaxOverTime
from keras_nn.testing import check_layer


@pytest.mark.parametrize("kernel_size", [1, 3])
def test_conformance(kernel_size):
    arguments = {"filters": 4, "kernel_size": kernel_size}
    check_layer(MaxOverTime, arguments, (2, 6, 3))


def test_reads_each_of_many_sequences():
    layer = MaxOverTime(4, 3)
    x = np.random.default_rng(0).normal(size=(2, 3, 5, 2)).astype("float32")
    mask = np.arange(5) < np.array([[[2], [5], [1]]] * 2)
    together = layer(x, mask=mask)
    assert tuple(together.shape) == layer.compute_output_shape(x.shape)
    alone = layer(x[:, 1], mask=mask[:, 1])
    np.testing.assert_allclose(together[:, 1], alone, rtol=1e-6)


def test_equals_the_equation():
    layer = MaxOverTime(2, 3)
    x = np.random.default_rng(0).normal(size=(1, 5, 4)).astype("float32")
    y = ops.convert_to_numpy(layer(x))
    kernel, bias = layer.get_weights()
    bias = np.array([0.3, -0.2], "float32")
    layer.set_weights([kernel, bias])
    y = ops.convert_to_numpy(layer(x))
    padded = np.pad(x[0], ((1, 1), (0, 0)))
    answers = [
        np.einsum("kd,kdf->f", padded[t : t + 3], kernel) + bias
        for t in range(5)
    ]
    expected = np.maximum(np.max(answers, axis=0), 0)
    np.testing.assert_allclose(y[0], expected, rtol=1e-5)


def test_padding_changes_nothing():
    layer = MaxOverTime(8, 3)
    x = np.random.default_rng(0).normal(size=(1, 5, 4)).astype("float32")
    layer.build(x.shape)
    kernel, _ = layer.get_weights()
    layer.set_weights([kernel, np.ones(8)])  # padding alone would answer
    longer = np.concatenate([x, np.full((1, 6, 4), 7.0)], axis=1)
    mask = np.arange(11)[None] < 5
    np.testing.assert_allclose(layer(longer, mask=mask), layer(x), rtol=1e-6)


def test_rejects_sizes_that_are_not_positive():
    with pytest.raises(ValueError, match="Received: filters=0"):
        MaxOverTime(0, 3)
    with pytest.raises(ValueError, match="Received: kernel_size=0"):
        MaxOverTime(3, 0)
