import numpy as np
import pytest

from keras_nn.layers import PixelShuffle2D
from keras_nn.testing import check_layer


@pytest.mark.parametrize("factor", [1, 3])
def test_conformance(factor):
    check_layer(PixelShuffle2D, {"factor": factor}, (2, 4, 3, 2 * factor**2))


def test_equals_the_definition():
    x = np.random.default_rng(0).normal(size=(2, 3, 4, 18)).astype("float32")
    expected = np.zeros((2, 9, 12, 2), "float32")
    for i in range(9):
        for j in range(12):
            first = ((i % 3) * 3 + j % 3) * 2
            expected[:, i, j] = x[:, i // 3, j // 3, first : first + 2]
    np.testing.assert_array_equal(PixelShuffle2D(3)(x), expected)


def test_refuses_what_cannot_be_laid_out():
    with pytest.raises(ValueError, match="multiple of 4. Received"):
        PixelShuffle2D(2)(np.zeros((1, 2, 2, 6)))
    with pytest.raises(ValueError, match="Received: factor=0"):
        PixelShuffle2D(0)
