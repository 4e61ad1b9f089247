import numpy as np
import pytest
from keras import ops
from PIL import Image

from keras_nn.ops.resized_crops import resized_crops

PICTURES = np.random.default_rng(0).normal(size=(3, 12, 10, 1))
PICTURES = PICTURES.astype("float32")
BOXES = np.array([[0, 0, 12, 10], [3, 2, 7, 5], [5, 9, 1, 1]], "float32")


@pytest.mark.parametrize("size", [(4, 3), (9, 15)])
def test_equals_what_pillow_makes_of_each_rectangle(size):
    found = resized_crops(ops.convert_to_tensor(PICTURES), BOXES, *size)
    for picture, box, result in zip(PICTURES, BOXES, found, strict=True):
        top, left, height, width = box.astype(int)
        part = Image.fromarray(picture[..., 0])
        part = part.crop((left, top, left + width, top + height))
        expected = part.resize(size[::-1], Image.Resampling.BILINEAR)
        np.testing.assert_allclose(
            np.asarray(result)[..., 0], np.asarray(expected), atol=1e-5
        )
