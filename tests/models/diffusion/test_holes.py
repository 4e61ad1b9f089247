import numpy as np
import pytest

from keras_nn.models.diffusion.holes import checked_holes

SHAPE = (2, 3, 4, 3)


def holes(shape=(2, 3, 4)):
    found = np.zeros(shape)
    found[:, 1] = 1
    return found


@pytest.mark.parametrize("shape", [(2, 3, 4), (2, 3, 4, 1), SHAPE])
def test_channels_may_be_left_out(shape):
    found = checked_holes(holes(shape), SHAPE)
    assert found.shape == (shape if len(shape) == 4 else (2, 3, 4, 1))
    assert found.dtype == "float32" and found.mean() == pytest.approx(1 / 3)
    assert checked_holes(holes(shape) == 1, SHAPE).sum() == found.sum()


@pytest.mark.parametrize(
    "wrong, message",
    [
        (holes((2, 4, 3)), r"shape of the pictures.*Received: shape \(2, 4"),
        (holes((2, 3, 4, 2)), "with all channels, one, or none"),
        (holes() * 255, "must be 1 .or True.*values .0.0, 255.0"),
        (holes() * 0.5, "must be 1"),
        (holes() * np.array([1, 0])[:, None, None], "nothing of picture 1"),
        (np.ones((2, 3, 4)), "all of picture 0"),
        (holes() * np.nan, "must be 1"),
    ],
)
def test_refuses_what_are_no_holes(wrong, message):
    with pytest.raises(ValueError, match=message):
        checked_holes(wrong, SHAPE)
