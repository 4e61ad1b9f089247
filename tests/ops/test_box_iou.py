import numpy as np
from keras import ops

from keras_nn.ops import box_area
from keras_nn.ops import box_iou

RNG = np.random.default_rng(0)
LOW = RNG.uniform(0, 4, (7, 2))
BOXES = np.concatenate([LOW, LOW + RNG.uniform(0.5, 4, LOW.shape)], axis=-1)


def test_equals_counting_small_squares():
    boxes = np.rint(BOXES).astype(int)
    grid = np.zeros((7, 10, 10), bool)
    for cells, (x, y, right, below) in zip(grid, boxes, strict=True):
        cells[y:below, x:right] = True
    expected = [
        [(a & b).sum() / max((a | b).sum(), 1) for b in grid[4:]]
        for a in grid[:4]
    ]
    boxes = boxes.astype("float32")
    np.testing.assert_allclose(
        box_iou(boxes[:4], boxes[4:]), expected, rtol=1e-5
    )
    np.testing.assert_allclose(box_area(boxes), grid.sum((1, 2)))


def test_leading_axes_are_batches():
    boxes = BOXES.astype("float32")
    both = box_iou(np.stack([boxes, boxes + 1]), boxes)
    assert both.shape == (2, 7, 7)
    np.testing.assert_allclose(both[1], box_iou(boxes + 1, boxes))
    np.testing.assert_allclose(np.diag(both[0]), np.ones(7), rtol=1e-6)


def test_empty_boxes_overlap_with_nothing_not_even_themselves():
    empty = ops.zeros((1, 4))
    assert float(box_iou(empty, empty)[0, 0]) == 0
