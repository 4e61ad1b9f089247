import keras
import pytest

from keras_nn.models.diffusion.denoising_blocks import DenoisingBlocks
from keras_nn.models.diffusion.denoising_blocks import check_sides


@pytest.mark.parametrize("shape", [(8, 2), (8, 6, 2)])
def test_blocks_of_either_rank(shape):
    build = DenoisingBlocks(len(shape) - 1, dropout=0.5)
    told, embedding = build.told(4, num_classes=2)
    assert set(told) == {"times", "labels"} and embedding.shape == (None, 4)
    x = build.residual(keras.Input(shape), embedding, 6, "a")
    assert x.shape == (None, *shape[:-1], 6)
    x = build.conv(x, 3, "half", strides=2)
    assert x.shape == (None, *(side // 2 for side in shape[:-1]), 3)
    assert build.doubled(x, "twice").shape == (None, *shape[:-1], 3)


def test_sides_are_checked():
    assert check_sides((8, 12, 1), [4, 4]) == 2
    assert check_sides((8, 1), [4]) == 1
    with pytest.raises(ValueError, match="divisible by 4 in each side"):
        check_sides((10, 1), [4, 4, 4])
    with pytest.raises(ValueError, match="Received: input_shape=.8, 1., fil"):
        check_sides((8, 1), [])
    with pytest.raises(ValueError, match=r"or \(time, channels\)"):
        check_sides((2, 2, 2, 1), [4])
