import numpy as np
import pytest

from keras_nn.data.displayable import displayable
from keras_nn.data.displayable import resize


@pytest.mark.parametrize(
    ("pictures", "expected"),
    [
        (np.array([0, 255], "uint8"), [0, 255]),
        (np.array([0.0, 1.0]), [0, 255]),
        (np.array([0.0, 0.5]), [0, 128]),
        (np.array([0.0, 200.0]), [0, 200]),
        (np.array([-1.0, 3.0]), [0, 255]),
        (np.array([4.0, 16.0]), [64, 255]),
        (np.array([0, 1], "uint8"), [0, 255]),
        (np.array([100, 250], "int32"), [100, 250]),
        (np.array([np.nan, 1.0]), [0, 255]),
    ],
)
@pytest.mark.parametrize("channels", [1, 3])
def test_pictures_of_every_range_become_uint8_rgb(pictures, expected, channels):
    pictures = np.tile(pictures.reshape(1, 1, 2, 1), (1, 1, 1, channels))
    shown = displayable(pictures)
    assert shown.dtype == "uint8" and shown.shape == (1, 1, 2, 3)
    assert shown[0, 0, :, 0].tolist() == expected
    assert (shown == shown[..., :1]).all()


def test_rejects_what_is_no_picture():
    with pytest.raises(ValueError, match=r"Received: shape \(2, 3\)"):
        displayable(np.zeros((2, 3)))


def test_growing_keeps_edges_sharp_and_shrinking_averages():
    edge = np.zeros((2, 2, 3), "uint8")
    edge[:, 1] = 200
    assert set(np.unique(resize(edge, 4, 6))) == {0, 200}
    assert resize(edge, 1, 1).tolist() == [[[100, 100, 100]]]
