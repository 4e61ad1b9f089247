import keras
import numpy as np

from keras_nn.models.segmentation.dpt_blocks import DPTBlocks


def test_levels_are_four_two_one_and_half_as_fine():
    blocks = DPTBlocks(3, None)
    x = keras.Input((4, 6, 5))
    sides = [
        blocks.reassembled(x, 2, level, f"level_{level}").shape[1:]
        for level in range(4)
    ]
    assert sides == [(16, 24, 3), (8, 12, 3), (4, 6, 3), (2, 3, 3)]


def test_a_silent_residual_is_what_goes_in():
    x = keras.Input((4, 4, 3))
    model = keras.Model(x, DPTBlocks(3, None).residual(x, "unit"))
    for weight in model.weights:
        if "kernel" in weight.path:
            weight.assign(np.zeros(weight.shape))
    x = np.random.default_rng(0).normal(size=(1, 4, 4, 3)).astype("float32")
    np.testing.assert_allclose(model(x), x, atol=1e-6)
