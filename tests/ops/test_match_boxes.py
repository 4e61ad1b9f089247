import numpy as np
from keras import ops

from keras_nn.ops import match_anchors
from keras_nn.ops import match_points
from keras_nn.ops import pyramid_anchors
from keras_nn.ops import pyramid_points


def draw(seed, batch=3, most=5, size=64):
    generator = np.random.default_rng(seed)
    low = generator.uniform(0, size - 20, (batch, most, 2))
    sides = generator.uniform(4, 30, (batch, most, 2))
    boxes = np.concatenate([low, low + sides], axis=-1).astype("float32")
    valid = generator.random((batch, most)) < 0.7
    valid[0] = False
    return boxes, valid


def naive_iou(a, b):
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    both = max(width, 0) * max(height, 0)
    areas = [(c[2] - c[0]) * (c[3] - c[1]) for c in (a, b)]
    return both / (sum(areas) - both)


def test_anchors_are_matched_as_by_loops():
    anchors = pyramid_anchors((64, 64), [16, 32], 1.0, [1.0], [1.0, 2.0])
    boxes, valid = draw(0)
    found = ops.convert_to_numpy(match_anchors(anchors, boxes, valid, 0.4, 0.3))
    for picture in range(len(boxes)):
        there = np.flatnonzero(valid[picture])
        overlap = np.array(
            [[naive_iou(a, boxes[picture, m]) for m in there] for a in anchors]
        ).reshape(len(anchors), len(there))
        for n in range(len(anchors)):
            expected = -1
            if len(there):
                best = overlap[n].max()
                expected = there[overlap[n].argmax()] if best >= 0.4 else -2
                expected = -1 if best < 0.3 else expected
                closest = [
                    k
                    for k in range(len(there))
                    if overlap[n, k] == overlap[:, k].max() > 0
                ]
                if closest:
                    expected = there[max(closest, key=lambda k: overlap[n, k])]
            assert found[picture, n] == expected


def test_no_box_is_left_without_an_anchor():
    anchors = pyramid_anchors((64, 64), [32], 1.0, [1.0], [1.0])
    boxes = np.array([[[3.0, 3.0, 9.0, 9.0]]], "float32")  # far too small
    found = match_anchors(anchors, boxes, np.ones((1, 1), bool))
    assert ops.convert_to_numpy(found).tolist() == [[0, -1, -1, -1]]


def test_points_are_matched_as_by_loops():
    strides = [4, 8, 16]
    points, steps = pyramid_points((64, 64), strides)
    boxes, valid = draw(1, most=8)
    reach, radius = 3.0, 1.5
    found = ops.convert_to_numpy(
        match_points(points, steps, boxes, valid, reach, radius)
    )
    limits = {4: (0, 12), 8: (12, 24), 16: (24, np.inf)}
    for picture in range(len(boxes)):
        for n, ((x, y), stride) in enumerate(zip(points, steps, strict=True)):
            answers = []
            for m in np.flatnonzero(valid[picture]):
                x0, y0, x1, y1 = boxes[picture, m]
                sides = [x - x0, y - y0, x1 - x, y1 - y]
                low, high = limits[int(stride)]
                centre = max(abs(x - (x0 + x1) / 2), abs(y - (y0 + y1) / 2))
                if (
                    min(sides) > 0
                    and low < max(sides) <= high
                    and centre < radius * stride
                ):
                    answers.append(((x1 - x0) * (y1 - y0), m))
            assert found[picture, n] == (min(answers)[1] if answers else -1)
    assert (found[1:] >= 0).any() and (found[0] == -1).all()
