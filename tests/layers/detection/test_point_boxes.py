import numpy as np
from keras import ops

from keras_nn.layers import PointBoxes
from keras_nn.testing import check_layer


def test_conformance():
    # In float32 under every policy.
    check_layer(
        PointBoxes,
        {"image_size": (8, 8), "strides": [4, 8]},
        (2, 5, 4),
        half=False,
    )


def test_equals_loops_over_places():
    raw = np.random.default_rng(0).normal(size=(1, 5, 4))
    boxes = ops.convert_to_numpy(PointBoxes((8, 8), [4, 8])(raw))[0]
    places = [(2, 2, 4), (6, 2, 4), (2, 6, 4), (6, 6, 4), (4, 4, 8)]
    for (x, y, stride), row, box in zip(places, raw[0], boxes, strict=True):
        left, top, right, below = np.log1p(np.exp(row)) * stride
        expected = [x - left, y - top, x + right, y + below]
        np.testing.assert_allclose(box, expected, rtol=1e-5)


def test_half_precision_inputs_give_whole_precision_boxes():
    layer = PointBoxes((8, 8), [8])
    assert layer(ops.zeros((1, 1, 4), "float16")).dtype == "float32"
