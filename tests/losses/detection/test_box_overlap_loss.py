import numpy as np
import pytest

from keras_nn.losses.detection.box_overlap_loss import BoxOverlapLoss


def test_boxes_that_are_empty_or_inside_out_cost_one():
    loss = BoxOverlapLoss(reduction="none")
    box = np.array([[0.0, 0.0, 2.0, 2.0]])
    for empty in ([1, 1, 1, 1], [2, 2, 0, 0], [0, 0, 0, 2]):
        assert float(loss(box, np.array([empty], "float32"))[0]) == 1


def test_refuses_what_is_no_box():
    with pytest.raises(ValueError, match="four corners"):
        BoxOverlapLoss()(np.zeros((2, 4)), np.zeros((2, 5)))
