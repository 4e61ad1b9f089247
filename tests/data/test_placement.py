import numpy as np
import pytest

from keras_nn.data import Placement


def naive(size, frame):
    """Of the whole picture: rows and columns, and what lies before it."""
    scale = min(frame[0] / size[0], frame[1] / size[1])
    inner = [max(round(side * scale), 1) for side in size]
    before = [(f - side) // 2 for f, side in zip(frame, inner, strict=True)]
    return inner, before


@pytest.mark.parametrize("size", [(30, 70), (70, 30), (1000, 3), (17, 17)])
def test_the_whole_picture_lies_in_the_middle_in_its_proportions(size):
    placement = Placement(size, (32, 48), keep_aspect_ratio=True)
    (rows, columns), (top, left) = naive(size, (32, 48))
    assert placement.inner == (rows, columns)
    whole = placement.boxes([0, 0, size[1], size[0]])
    assert whole.tolist() == [left, top, left + columns, top + rows]
    ratio = rows / size[0], columns / size[1]
    if min(size) > 3:
        assert abs(ratio[0] - ratio[1]) < 0.5 / min(size)
    padded = placement.pad(np.zeros((rows, columns, 1), "uint8"))
    assert padded.shape == (32, 48, 1)
    assert (padded == 0).sum() == rows * columns
    assert (padded[top : top + rows, left : left + columns] == 0).all()
    assert (padded[padded != 0] == 114).all()


def test_boxes_come_back_and_end_at_the_margin():
    for keep in (True, False):
        placement = Placement((30, 70), (32, 48), keep)
        boxes = np.array([[[3.5, 2, 60, 20], [0, 0, 70, 30]]])
        again = placement.undo(placement.boxes(boxes))
        np.testing.assert_allclose(again, boxes, atol=1e-9)
    beyond = Placement((10, 40), (20, 20), True).undo([-5, 0, 25, 20])
    assert beyond.tolist() == [0, 0, 40, 10]


def test_without_proportions_it_fills_the_frame():
    placement = Placement((10, 40), (20, 20))
    assert placement.inner == (20, 20) and placement.offset == (0, 0)
    assert placement.boxes([10, 5, 20, 10]).tolist() == [5, 10, 10, 20]
    picture = np.ones((20, 20, 3))
    assert placement.pad(picture) is picture


def test_refuses_what_is_no_size():
    with pytest.raises(ValueError, match=r"in pixels.*size=\(0, 4\)"):
        Placement((0, 4), (4, 4))
