import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.layers import ConnectionTableConv2D
from keras_nn.testing import check_layer

TABLE = [[0, 2], [1], [2, 1, 0]]


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_conformance(padding):
    arguments = {
        "table": TABLE,
        "kernel_size": 3,
        "strides": 2,
        "padding": padding,
        "activation": "tanh",
    }
    check_layer(ConnectionTableConv2D, arguments, (2, 6, 7, 3))


def test_equals_the_equation():
    generator = np.random.default_rng(0)
    x = generator.normal(size=(1, 5, 6, 3)).astype("float32")
    layer = ConnectionTableConv2D(TABLE, 3)
    layer.build(x.shape)
    kernel, _ = layer.get_weights()
    bias = np.array([0.5, -1.0, 2.0])
    layer.set_weights([kernel, bias])

    expected = np.zeros((1, 3, 4, 3)) + bias
    pair = 0
    for output, row in enumerate(TABLE):
        for channel in row:
            for i in range(3):
                for j in range(4):
                    patch = x[0, i : i + 3, j : j + 3, channel]
                    expected[0, i, j, output] += np.sum(
                        patch * kernel[:, :, pair]
                    )
            pair += 1
    np.testing.assert_allclose(
        ops.convert_to_numpy(layer(x)), expected, rtol=1e-4, atol=1e-5
    )


def test_an_output_ignores_the_maps_it_does_not_see():
    layer = ConnectionTableConv2D(TABLE, 3)
    x = np.zeros((1, 5, 5, 3), "float32")
    x[..., 0] = 100.0
    y = ops.convert_to_numpy(layer(x))
    assert not y[..., 1].any()
    assert y[..., 0].any() and y[..., 2].any()


def test_draws_by_the_fan_in_a_map_really_has():
    initializer = keras.initializers.VarianceScaling(
        2.0, mode="fan_in", distribution="uniform", seed=0
    )
    layer = ConnectionTableConv2D(
        [[0]] * 50 + [list(range(10))] * 50,
        5,
        kernel_initializer=initializer,
    )
    layer.build((None, 9, 9, 10))
    kernel = ops.convert_to_numpy(layer.kernel)
    alone, together = kernel[..., :50], kernel[..., 50:]
    assert np.abs(alone).max() == pytest.approx(np.sqrt(6 / 25), rel=0.02)
    assert np.abs(together).max() == pytest.approx(np.sqrt(6 / 250), rel=0.02)


@pytest.mark.parametrize("table", [[], [[0], []], [[1, 1]]])
def test_refuses_a_table_without_meaning(table):
    with pytest.raises(ValueError, match="Received: table="):
        ConnectionTableConv2D(table, 3)


def test_refuses_a_map_that_is_not_there():
    with pytest.raises(ValueError, match=r"Received: \[2\]"):
        ConnectionTableConv2D([[0, 2]], 3).build((None, 5, 5, 2))
