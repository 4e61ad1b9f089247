import numpy as np
import pytest
from keras import ops

from keras_nn.layers import TrainableSubsampling2D
from keras_nn.testing import check_layer


@pytest.mark.parametrize("shape", [(2, 4, 6, 3), (2, 5, 5, 1)])
def test_conformance(shape):
    check_layer(TrainableSubsampling2D, {"activation": "tanh"}, shape)


def test_equals_the_equation():
    generator = np.random.default_rng(0)
    x = generator.normal(size=(2, 6, 9, 2)).astype("float32")
    layer = TrainableSubsampling2D(3, activation="tanh")
    layer.build(x.shape)
    coefficient, bias = np.array([0.5, 2.0]), np.array([0.1, -0.2])
    layer.set_weights([coefficient, bias])

    expected = np.zeros((2, 2, 3, 2))
    for i in range(2):
        for j in range(3):
            block = x[:, 3 * i : 3 * i + 3, 3 * j : 3 * j + 3]
            expected[:, i, j] = np.tanh(block.mean((1, 2)) * coefficient + bias)
    np.testing.assert_allclose(
        ops.convert_to_numpy(layer(x)), expected, rtol=1e-5, atol=1e-6
    )


def test_a_flat_picture_stays_as_it_is():
    y = TrainableSubsampling2D()(ops.full((1, 4, 4, 1), 3.0))
    np.testing.assert_allclose(ops.convert_to_numpy(y), 3.0)


def test_refuses_a_block_without_pixels():
    with pytest.raises(ValueError, match="Received: pool_size=0"):
        TrainableSubsampling2D(0)
