import numpy as np
from keras import ops

from keras_nn.ops import box_centres
from keras_nn.ops import box_corners
from keras_nn.ops import decode_deltas
from keras_nn.ops import decode_distances
from keras_nn.ops import encode_deltas
from keras_nn.ops import encode_distances


def some_boxes(count, seed=0):
    generator = np.random.default_rng(seed)
    low = generator.uniform(-20, 60, (count, 2))
    sides = generator.uniform(1, 50, (count, 2))
    return np.concatenate([low, low + sides], axis=1).astype("float32")


def test_centres_and_corners_are_inverse():
    boxes = some_boxes(9)
    centres = ops.convert_to_numpy(box_centres(boxes))
    for (x0, y0, x1, y1), row in zip(boxes, centres, strict=True):
        expected = [(x0 + x1) / 2, (y0 + y1) / 2, x1 - x0, y1 - y0]
        np.testing.assert_allclose(row, expected, rtol=1e-5)
    back = ops.convert_to_numpy(box_corners(centres))
    np.testing.assert_allclose(back, boxes, atol=1e-5)


def test_deltas_equal_loops_over_numbers():
    boxes, anchors = some_boxes(7), some_boxes(7, 1)
    deltas = ops.convert_to_numpy(encode_deltas(boxes, anchors))
    for b, a, row in zip(boxes, anchors, deltas, strict=True):
        width, height = a[2] - a[0], a[3] - a[1]
        expected = [
            ((b[0] + b[2]) / 2 - (a[0] + a[2]) / 2) / width,
            ((b[1] + b[3]) / 2 - (a[1] + a[3]) / 2) / height,
            np.log((b[2] - b[0]) / width),
            np.log((b[3] - b[1]) / height),
        ]
        np.testing.assert_allclose(row, expected, rtol=1e-4, atol=1e-5)
    back = ops.convert_to_numpy(decode_deltas(deltas, anchors))
    np.testing.assert_allclose(back, boxes, atol=1e-3)


def test_a_growth_beyond_measure_is_cut_off():
    anchors = np.array([[0.0, 0.0, 2.0, 2.0]], "float32")
    deltas = np.array([[0.0, 0.0, 99.0, 99.0]], "float32")
    box = ops.convert_to_numpy(decode_deltas(deltas, anchors))[0]
    np.testing.assert_allclose(box[2:] - box[:2], 2 * 1000 / 16, rtol=1e-5)


def test_distances_equal_loops_over_numbers():
    boxes = some_boxes(7)
    points = np.random.default_rng(2).uniform(0, 60, (7, 2)).astype("float32")
    distances = ops.convert_to_numpy(encode_distances(boxes, points))
    for b, (x, y), row in zip(boxes, points, distances, strict=True):
        np.testing.assert_allclose(
            row, [x - b[0], y - b[1], b[2] - x, b[3] - y], rtol=1e-5
        )
    back = ops.convert_to_numpy(decode_distances(distances, points))
    np.testing.assert_allclose(back, boxes, atol=1e-4)
