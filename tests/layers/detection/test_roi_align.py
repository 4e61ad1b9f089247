import numpy as np
import pytest
from keras import ops

from keras_nn.layers import ROIAlign
from keras_nn.testing import check_layer

BOXES = np.array(
    [
        [[0, 0, 16, 8], [2.5, 3, 9, 14.5]],
        [[-9, -3, 5, 6], [10, 9, 30, 30]],
    ],
    "float32",
)


def test_conformance():
    check_layer(
        ROIAlign,
        {"size": 2, "stride": 4, "samples": 2},
        [(2, 3, 4, 2), BOXES],
        half=False,  # the corners of boxes need whole precision
    )


def naive(image, box, size, stride, samples):
    """One box, place by place."""
    height, width, channels = image.shape
    x0, y0, x1, y1 = box
    found = np.zeros((size, size, channels))
    for i in range(size):
        for j in range(size):
            for k in range(samples):
                for m in range(samples):
                    y = y0 + (y1 - y0) * (i + (k + 0.5) / samples) / size
                    x = x0 + (x1 - x0) * (j + (m + 0.5) / samples) / size
                    y, x = y / stride - 0.5, x / stride - 0.5
                    if not (-1 <= y <= height and -1 <= x <= width):
                        continue
                    y = min(max(y, 0), height - 1)
                    x = min(max(x, 0), width - 1)
                    top, left = int(y), int(x)
                    low, right = (
                        min(top + 1, height - 1),
                        min(left + 1, width - 1),
                    )
                    v, u = y - top, x - left
                    found[i, j] += (
                        (1 - v) * (1 - u) * image[top, left]
                        + (1 - v) * u * image[top, right]
                        + v * (1 - u) * image[low, left]
                        + v * u * image[low, right]
                    )
    return found / samples**2


def test_equals_loops_over_places():
    maps = np.random.default_rng(0).normal(size=(2, 3, 4, 2)).astype("float32")
    layer = ROIAlign(size=3, stride=4, samples=2)
    found = ops.convert_to_numpy(layer([maps, BOXES]))
    for picture in range(2):
        for box in range(2):
            expected = naive(maps[picture], BOXES[picture, box], 3, 4, 2)
            np.testing.assert_allclose(
                found[picture, box], expected, rtol=1e-4, atol=1e-5
            )


def test_a_box_on_whole_cells_is_a_crop():
    maps = np.random.default_rng(0).normal(size=(1, 6, 6, 1))
    boxes = np.array([[[8, 4, 20, 16]]])
    found = ROIAlign(size=3, stride=4, samples=1)([maps, boxes])
    np.testing.assert_allclose(
        ops.convert_to_numpy(found)[0, 0], maps[0, 1:4, 2:5], rtol=1e-5
    )


def test_refuses_no_size():
    with pytest.raises(ValueError, match="`size`, `stride` and `samples`"):
        ROIAlign(size=0)
