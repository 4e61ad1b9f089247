import importlib.util

import numpy as np
import pytest

from keras_nn.metrics import MeanAveragePrecision
from keras_nn.metrics import coco_evaluation
from keras_nn.testing import check_metric
from keras_nn.testing.backend import read

NAMES = ["cat", "dog", "owl"]


def scene(pictures, most=6, extra=6, seed=0, classes=3, size=150.0):
    """True boxes and detections: moved copies of them, and false alarms."""
    generator = np.random.default_rng(seed)
    y_true = np.zeros((pictures, most, 5), "float32")
    y_pred = np.zeros((pictures, most + extra, 6), "float32")
    y_true[..., 4] = y_pred[..., 5] = -1
    # Every score has a bin of its own.
    scores = generator.permutation(1000)[: pictures * (most + extra)]
    scores = (scores.reshape(pictures, -1) + 0.5) / 1000
    for picture in range(pictures):
        count = generator.integers(0, most + 1)
        low = generator.uniform(0, size - 20, (count, 2))
        sides = np.exp(generator.uniform(np.log(8), np.log(130), (count, 2)))
        boxes = np.concatenate([low, low + sides], axis=1)
        labels = generator.integers(0, classes, count)
        y_true[picture, :count] = np.c_[boxes, labels]
        moved = boxes + generator.normal(0, 0.08, boxes.shape) * np.tile(
            sides, 2
        )
        strange = generator.uniform(0, size / 2, (extra, 2))
        strange = np.c_[strange, strange + generator.uniform(9, 60, (extra, 2))]
        guessed = generator.integers(0, classes, count + extra)
        guessed[:count] = np.where(
            generator.random(count) < 0.85, labels, guessed[:count]
        )
        rows = np.c_[
            np.r_[moved, strange],
            scores[picture, : count + extra],
            guessed,
        ]
        y_pred[picture, : count + extra] = rows
    order = np.argsort(-y_pred[..., 4], axis=1)
    return y_true, np.take_along_axis(y_pred, order[..., None], axis=1)


def test_conformance():
    y_true, y_pred = scene(4, most=3, extra=2)
    check_metric(
        MeanAveragePrecision,
        {
            "num_classes": 3,
            "iou_thresholds": [0.5, 0.75],
            "class_names": NAMES,
            "by_area": True,
            "bins": 50,
        },
        y_true,
        y_pred,
        half=False,  # does not hold the corners of boxes
    )


@pytest.mark.skipif(
    importlib.util.find_spec("pycocotools") is None,
    reason="pycocotools is not installed",
)
@pytest.mark.parametrize("seed", [0, 1])
def test_equals_pycocotools(seed):
    y_true, y_pred = scene(60, seed=seed)
    metric = MeanAveragePrecision(3, class_names=NAMES, by_area=True)
    for start in range(0, 60, 25):
        metric.update_state(
            y_true[start : start + 25], y_pred[start : start + 25]
        )
    received = {name: float(v) for name, v in metric.result().items()}
    expected = coco_evaluation(y_true, y_pred, NAMES)
    assert 0.3 < expected["ap50"] < 0.9 and expected["map_small"] > 0
    assert received.keys() == expected.keys()
    for name, value in expected.items():
        # Of recalls such as 29/50 on the grid of 0, 0.01 .. 1, pycocotools
        # rounds some below it.
        assert received[name] == pytest.approx(value, abs=2e-4), name
    assert received["map"] == pytest.approx(expected["map"], abs=1e-5)
    assert received["ap50"] == pytest.approx(expected["ap50"], abs=1e-5)


def test_scores_that_share_a_bin_differ_by_little():
    y_true, y_pred = scene(60)
    values = []
    for bins in (1000, 100):
        metric = MeanAveragePrecision(3, bins=bins)
        metric.update_state(y_true, y_pred)
        values.append(float(metric.result()["map"]))
    assert values[0] == pytest.approx(values[1], abs=0.01)


def test_perfect_boxes_and_none_at_all():
    y_true, _ = scene(5)
    scores = np.where(y_true[..., 4:] >= 0, 0.9, 0.0)
    perfect = np.concatenate([y_true[..., :4], scores, y_true[..., 4:]], -1)
    metric = MeanAveragePrecision(3)
    assert float(metric.result()["map"]) == 0
    metric.update_state(y_true, perfect)
    assert float(metric.result()["map"]) == pytest.approx(1)
    metric.reset_state()
    nothing = np.zeros_like(perfect)
    nothing[..., 5] = -1
    metric.update_state(y_true, nothing)
    assert float(metric.result()["map"]) == 0
    assert not read([metric.wrong])[0].any()


def test_arguments_out_of_range_are_refused():
    with pytest.raises(ValueError, match="`num_classes` and `bins`"):
        MeanAveragePrecision(0)
    with pytest.raises(ValueError, match="`iou_thresholds` must lie"):
        MeanAveragePrecision(2, iou_thresholds=[0.0])
    with pytest.raises(ValueError, match="`class_names` must name"):
        MeanAveragePrecision(2, class_names=["a"])
