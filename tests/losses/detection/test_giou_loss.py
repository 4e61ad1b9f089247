import numpy as np
import pytest

from keras_nn.losses import GIoULoss
from keras_nn.losses import giou_loss
from keras_nn.testing import check_loss

RNG = np.random.default_rng(0)
LOW = RNG.uniform(0, 4, (2, 3, 5, 2))
BOXES = np.concatenate([LOW, LOW + RNG.uniform(1, 4, LOW.shape)], axis=-1)
TRUE, PREDICTED = BOXES.astype("float32")


def naive(a, b):
    ax, ay, bx, by = a[2] - a[0], a[3] - a[1], b[2] - b[0], b[3] - b[1]
    wide = max(0, min(a[2], b[2]) - max(a[0], b[0]))
    high = max(0, min(a[3], b[3]) - max(a[1], b[1]))
    union = ax * ay + bx * by - wide * high
    iou = wide * high / union
    cx = max(a[2], b[2]) - min(a[0], b[0])
    cy = max(a[3], b[3]) - min(a[1], b[1])
    dx, dy = (a[0] + a[2] - b[0] - b[2]) / 2, (a[1] + a[3] - b[1] - b[3]) / 2
    distance = (dx**2 + dy**2) / (cx**2 + cy**2)
    v = 4 / np.pi**2 * (np.arctan(ax / ay) - np.arctan(bx / by)) ** 2
    penalties = {
        "iou": 0,
        "giou": (cx * cy - union) / (cx * cy),
        "diou": distance,
        "ciou": distance + v * v / (1 - iou + v),
    }
    return 1 - iou + penalties["giou"]


def test_conformance():
    check_loss(GIoULoss, {}, TRUE[:, 0], PREDICTED[:, 0], function=giou_loss)


def test_equals_the_definition():
    expected = [
        [naive(a, b) for a, b in zip(*pair, strict=True)]
        for pair in zip(TRUE, PREDICTED, strict=True)
    ]
    np.testing.assert_allclose(giou_loss(TRUE, PREDICTED), expected, rtol=1e-4)


def test_the_farther_the_boxes_the_more_it_costs():
    box = np.array([[0.0, 0.0, 2.0, 2.0]])
    costs = [float(giou_loss(box, box + shift)[0]) for shift in (0, 2, 4, 40)]
    assert costs[0] == pytest.approx(0, abs=1e-6)
    assert 1.4 < costs[1] < costs[2] < costs[3] < 2
