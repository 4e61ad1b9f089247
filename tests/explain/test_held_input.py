import numpy as np

from keras_nn.explain.held_input import HeldInput


def test_gives_every_picture_of_a_batch_the_same_side_input():
    layer = HeldInput((2,), "int32")
    layer.value.assign(np.array([[3, 4]]))
    held = layer(np.zeros((5, 7, 7, 1), "float32"))
    assert "int32" in str(held.dtype)
    np.testing.assert_array_equal(held, np.tile([3, 4], (5, 1)))
