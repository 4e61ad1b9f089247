import numpy as np
import pytest
from PIL import Image

from keras_nn.ops import luminance


def test_equals_the_scaled_luma_of_pillow():
    x = np.random.default_rng(0).integers(0, 256, (1, 6, 7, 3), "uint8")
    luma = np.asarray(Image.fromarray(x[0]).convert("YCbCr"))[..., 0]
    # Pillow's luma has the full range, this one 16 to 235; it rounds down.
    np.testing.assert_allclose(
        luminance(x)[0, ..., 0], 16 + luma * (219 / 255), atol=0.9
    )


def test_grey_stays_and_others_are_refused():
    grey = np.full((1, 2, 2, 1), 7.0)
    np.testing.assert_array_equal(luminance(grey), grey)
    with pytest.raises(ValueError, match="1 or 3 channels"):
        luminance(np.zeros((1, 2, 2, 4)))
