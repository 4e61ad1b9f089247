import numpy as np
import pytest

from keras_nn.metrics import coco_evaluation

pytest.importorskip("pycocotools", reason="pycocotools is not installed")


def test_a_miss_and_a_false_alarm_of_one_class():
    y_true = np.array([[[0, 0, 40, 40, 0], [0, 0, 0, 0, -1]]])
    y_pred = np.array([[[0, 0, 40, 40, 0.5, 0], [50, 50, 90, 90, 0.9, 0]]])
    found = coco_evaluation(y_true, y_pred, ["cat"])
    assert found["ap50"] == pytest.approx(0.5)  # precision 1/2 at all recalls
    assert found["ap50_cat"] == pytest.approx(0.5)
    assert found["map_medium"] == pytest.approx(0.5)
    assert found["map_small"] == -1


def test_nothing_to_find_and_nothing_found():
    none = np.array([[[0, 0, 0, 0, -1.0]]])
    true = np.array([[[0, 0, 4, 4, 0.0]]])
    found = np.array([[[0, 0, 4, 4, 0.9, 0]]])
    nothing = np.array([[[0, 0, 0, 0, 0, -1.0]]])
    assert coco_evaluation(none, found)["map"] == -1
    assert coco_evaluation(none, nothing)["map"] == -1
    assert coco_evaluation(true, nothing)["map"] == 0
