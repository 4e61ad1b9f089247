import numpy as np
import pytest
from keras import ops

from keras_nn.layers import PatchMerging
from keras_nn.testing import check_layer


def test_conformance():
    check_layer(PatchMerging, {}, (2, 3, 4, 4))


def test_equals_a_loop_over_squares():
    generator = np.random.default_rng(0)
    x = generator.normal(size=(1, 4, 3, 2)).astype("float32")
    layer = PatchMerging()
    layer.build(x.shape)
    for weight in layer.weights:
        weight.assign(generator.normal(size=weight.shape))
    y = ops.convert_to_numpy(layer(x))
    gamma, beta, kernel = layer.get_weights()
    framed = np.pad(x, ((0, 0), (0, 0), (0, 1), (0, 0)))[0]
    for i in range(2):
        for j in range(2):
            square = framed[2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
            four = np.concatenate(
                [square[0, 0], square[1, 0], square[0, 1], square[1, 1]]
            )
            normed = (four - four.mean()) / np.sqrt(four.var() + 1e-5)
            expected = (gamma * normed + beta) @ kernel
            np.testing.assert_allclose(y[0, i, j], expected, rtol=1e-3)


def test_a_flat_square_keeps_no_level():
    layer = PatchMerging()
    y = ops.convert_to_numpy(layer(np.full((1, 2, 2, 3), 7.0, "float32")))
    np.testing.assert_allclose(y, 0.0, atol=1e-4)


def test_refuses_tokens_in_a_row():
    with pytest.raises(ValueError, match="expected ndim=4"):
        PatchMerging()(np.ones((1, 4, 3)))
