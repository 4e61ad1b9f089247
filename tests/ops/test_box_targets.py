import numpy as np
import pytest
from keras import ops

from keras_nn.ops import split_targets
from keras_nn.ops import take_boxes


def test_what_fills_up_is_told_apart():
    targets = np.array([[[0, 0, 4, 4, 2], [9, 9, 9, 9, -1]]], "float32")
    boxes, classes, there = split_targets(targets)
    assert ops.convert_to_numpy(there).tolist() == [[True, False]]
    assert ops.convert_to_numpy(classes).tolist() == [[2, 0]]
    assert tuple(boxes.shape) == (1, 2, 4)


def test_each_place_gets_the_box_it_answers_for():
    boxes = np.arange(8, dtype="float32").reshape(1, 2, 4)
    found = take_boxes(boxes, np.array([[1, -1, 0]], "int32"))
    np.testing.assert_array_equal(
        ops.convert_to_numpy(found)[0], boxes[0, [1, 0, 0]]
    )


def test_refuses_rows_of_other_lengths():
    with pytest.raises(ValueError, match=r"\(batch, boxes, 5\).*Received"):
        split_targets(np.zeros((1, 2, 4)))
