import numpy as np
import pytest
from PIL import Image

from keras_nn.data.reduced import reduced


@pytest.mark.parametrize("channels", [1, 3])
def test_is_pillows_bicubic(channels):
    x = np.random.default_rng(0).integers(0, 256, (2, 6, 9, channels), "uint8")
    found = reduced(x, 3)
    assert found.shape == (2, 2, 3, channels)
    for channel in range(channels):
        image = Image.fromarray(x[1, ..., channel])
        expected = image.resize((3, 2), Image.Resampling.BICUBIC)
        np.testing.assert_array_equal(found[1, ..., channel], expected)


def test_refuses_what_does_not_divide():
    with pytest.raises(ValueError, match="Received: scale=4, pictures of 6x9"):
        reduced(np.zeros((1, 6, 9, 3), "uint8"), 4)
