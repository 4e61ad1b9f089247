import numpy as np
import pytest

from keras_nn.data import pack_boxes
from keras_nn.data.boxes import Annotated
from keras_nn.data.boxes import fitted


def annotated(boxes, size=(60, 80)):
    return Annotated("a.jpg", "a.xml", boxes, ["x"] * len(boxes), size)


def test_pictures_with_fewer_boxes_are_filled_up():
    packed = pack_boxes([[[1, 2, 3, 4]], np.zeros((0, 4))], [[0], []], 3)
    assert packed.shape == (2, 3, 5)
    assert packed[0, 0].tolist() == [1, 2, 3, 4, 0]
    assert (packed[0, 1:, 4] == -1).all() and (packed[1, :, 4] == -1).all()
    assert pack_boxes([[], []], [[], []]).shape == (2, 1, 5)


def test_more_boxes_than_rows_are_refused():
    with pytest.raises(ValueError, match="max_boxes=1 and a picture with 2"):
        pack_boxes([np.zeros((2, 4))], [[0, 0]], 1)


def test_boxes_are_cut_off_at_the_margin_and_scaled():
    boxes, names = fitted(
        annotated([(-5, 10, 40, 70), (20, 20, 30, 40)]), (60, 80), (30, 20)
    )
    assert boxes.tolist() == [[0, 5, 10, 30], [5, 10, 7.5, 20]]
    assert names == ["x", "x"]


def test_boxes_follow_a_picture_that_is_padded():
    boxes, _ = fitted(
        annotated([(20, 30, 40, 60)]), (60, 80), (40, 40), "raise", True
    )
    # 30 rows of 40, in the middle: 5 of padding before and behind.
    assert boxes.tolist() == [[10, 20, 20, 35]]


@pytest.mark.parametrize(
    "box",
    [
        (10, 10, 10, 20),
        (10, 20, 30, 10),
        (90, 10, 99, 20),
        (10, 10, float("nan"), 20),
    ],
)
def test_boxes_without_area_are_refused_or_left_out(box):
    with pytest.raises(ValueError, match="must have an area.*a.xml"):
        fitted(annotated([box]), (60, 80), (60, 80))
    boxes, names = fitted(
        annotated([box, (0, 0, 4, 4)]), (60, 80), (60, 80), "drop"
    )
    assert boxes.tolist() == [[0, 0, 4, 4]] and names == ["x"]


def test_an_annotation_of_another_size_is_refused():
    with pytest.raises(ValueError, match="a.xml for 60x80.*a.jpg of 80x60"):
        fitted(annotated([]), (80, 60), (8, 8))
