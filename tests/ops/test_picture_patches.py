import numpy as np

from keras_nn.ops import from_patches
from keras_nn.ops import to_patches


def test_equals_a_loop_and_turns_round():
    x = np.random.default_rng(0).normal(size=(2, 4, 6, 3)).astype("float32")
    found = np.asarray(to_patches(x, 2))
    for row, column in np.ndindex(2, 3):
        square = x[:, 2 * row : 2 * row + 2, 2 * column : 2 * column + 2]
        np.testing.assert_array_equal(
            found[:, 3 * row + column], square.reshape(2, -1)
        )
    np.testing.assert_array_equal(from_patches(found, (4, 6, 3), 2), x)
