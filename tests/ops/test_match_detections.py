import numpy as np
from keras import ops

from keras_nn.ops import match_detections


def match(boxes, rows, thresholds=(0.5,), areas=((0.0, 1e10),), classes=None):
    boxes = np.array([boxes], "float32")
    classes = np.zeros(boxes.shape[:2], "int32") if classes is None else classes
    found = match_detections(
        boxes,
        classes,
        np.ones(boxes.shape[:2], bool),
        np.array([rows], "float32"),
        thresholds,
        areas,
    )
    return [ops.convert_to_numpy(part)[0] for part in found]


def test_a_true_box_is_hit_once_by_the_best_score():
    right, wrong, counts = match(
        [[0, 0, 10, 10]],
        [[0, 0, 10, 8, 0.9, 0], [0, 0, 10, 10, 0.8, 0], [0, 0, 0, 0, 0, -1]],
    )
    assert right[:, 0, 0].tolist() == [True, False, False]
    assert wrong[:, 0, 0].tolist() == [False, True, False]
    assert counts.all()


def test_another_class_is_no_hit():
    right, wrong, _ = match([[0, 0, 10, 10]], [[0, 0, 10, 10, 0.9, 1]])
    assert not right.any() and wrong.all()


def test_a_detection_turns_to_the_box_that_is_still_free():
    right, _, _ = match(
        [[0, 0, 10, 10], [0, 3, 10, 13]],
        [[0, 0, 10, 10, 0.9, 0], [0, 1, 10, 11, 0.8, 0]],
    )
    assert right.all()


def test_boxes_outside_of_the_area_neither_help_nor_harm():
    small = ((0.0, 50.0),)
    right, wrong, counts = match(
        [[0, 0, 10, 10], [20, 20, 25, 25]],
        [
            [0, 0, 10, 10, 0.9, 0],  # hits the large box
            [20, 20, 25, 25, 0.8, 0],
            [40, 40, 60, 60, 0.7, 0],  # hits nothing, and is large
            [40, 40, 43, 43, 0.6, 0],  # hits nothing, and is small
        ],
        areas=small,
    )
    assert right[:, 0, 0].tolist() == [False, True, False, False]
    assert wrong[:, 0, 0].tolist() == [False, False, False, True]
    assert counts[:, 0].tolist() == [False, True]
