import numpy as np
import pytest
from keras import ops

from keras_nn.losses import FCOSLoss
from keras_nn.losses.detection.fcos_loss import centreness
from keras_nn.testing import check_loss

SIZE, STRIDES = (16, 16), [4, 8]


def some_targets():
    y_true = np.zeros((3, 2, 5), "float32")
    y_true[..., 4] = -1
    y_true[0, 0] = [1, 1, 8, 9, 1]
    y_true[1] = [[0, 0, 15, 14, 0], [9, 9, 15, 15, 1]]
    return y_true  # and a picture without an object


def some_predictions(seed=0):
    generator = np.random.default_rng(seed)
    low = generator.uniform(-2, 8, (3, 20, 2))
    high = low + generator.uniform(1, 9, (3, 20, 2))
    rest = generator.normal(size=(3, 20, 3))
    return np.concatenate([low, high, rest], axis=-1).astype("float32")


def test_conformance():
    check_loss(
        FCOSLoss,
        {"image_size": SIZE, "strides": STRIDES, "reach": 2.0},
        some_targets(),
        some_predictions(),
    )


def naive(rows, predicted, reach, radius, alpha, gamma, weight):
    """The loss of one picture, place by place."""

    def sigmoid(x):
        return 1 / (1 + np.exp(-x))

    focal = entropy = overlap = centres = 0.0
    count, place = 0, 0
    for stride in STRIDES:
        for i in range(16 // stride):
            for j in range(16 // stride):
                x, y = (j + 0.5) * stride, (i + 0.5) * stride
                answers = []
                for x0, y0, x1, y1, label in rows:
                    sides = np.array([x - x0, y - y0, x1 - x, y1 - y])
                    fine = max(sides) <= reach * 4
                    centre = max(abs(x - (x0 + x1) / 2), abs(y - (y0 + y1) / 2))
                    if (
                        label >= 0
                        and min(sides) > 0
                        and fine == (stride == 4)
                        and centre < radius * stride
                    ):
                        box = (x0, y0, x1, y1)
                        answers.append(
                            ((x1 - x0) * (y1 - y0), label, sides, box)
                        )
                p = predicted[place]
                place += 1
                hit = min(answers, key=lambda a: a[0]) if answers else None
                for c, logit in enumerate(p[5:]):
                    q = sigmoid(logit)
                    if hit and hit[1] == c:
                        focal -= alpha * (1 - q) ** gamma * np.log(q)
                    else:
                        focal -= (1 - alpha) * q**gamma * np.log(1 - q)
                if not hit:
                    continue
                count += 1
                left, top, right, below = hit[2]
                c = np.sqrt(
                    min(left, right)
                    / max(left, right)
                    * min(top, below)
                    / max(top, below)
                )
                q = sigmoid(p[4])
                entropy -= c * np.log(q) + (1 - c) * np.log(1 - q)
                overlap += c * (1 - giou(hit[3], p[:4]))
                centres += c
    boxes = overlap / centres if centres else 0.0
    return (focal + entropy) / max(count, 1) + weight * boxes


def giou(a, b):
    both = max(min(a[2], b[2]) - max(a[0], b[0]), 0)
    both *= max(min(a[3], b[3]) - max(a[1], b[1]), 0)
    union = sum((c[2] - c[0]) * (c[3] - c[1]) for c in (a, b)) - both
    hull = max(a[2], b[2]) - min(a[0], b[0])
    hull *= max(a[3], b[3]) - min(a[1], b[1])
    return both / union - (hull - union) / hull


def test_equals_loops_over_places():
    y_true, y_pred = some_targets(), some_predictions(1)
    arguments = (2.0, 1.2, 0.3, 1.7, 0.6)
    loss = FCOSLoss(SIZE, STRIDES, *arguments, reduction="none")
    expected = [
        naive(rows, predicted, *arguments)
        for rows, predicted in zip(y_true, y_pred, strict=True)
    ]
    np.testing.assert_allclose(
        ops.convert_to_numpy(loss(y_true, y_pred)), expected, rtol=1e-4
    )


def test_centreness_is_one_in_the_middle_and_zero_at_a_side():
    found = centreness(np.array([[2.0, 3.0, 2.0, 3.0], [0.0, 1.0, 4.0, 1.0]]))
    assert ops.convert_to_numpy(found).tolist() == [1.0, 0.0]


def test_perfect_predictions_cost_nearly_nothing():
    y_true = np.array([[[0, 0, 12, 12, 0]]], "float32")
    y_pred = np.zeros((1, 20, 6), "float32")
    y_pred[..., :4] = [0, 0, 12, 12]
    y_pred[..., 5] = -20
    y_pred[0, 5, 4:] = 20  # the place in the very middle
    loss = FCOSLoss(SIZE, STRIDES, radius=0.1)
    assert float(loss(y_true, y_pred)) < 1e-5


def test_arguments_out_of_range_are_refused():
    with pytest.raises(ValueError, match="`reach` and `radius`"):
        FCOSLoss(SIZE, STRIDES, reach=0)
    with pytest.raises(ValueError, match="`strides` must name"):
        FCOSLoss(SIZE, [])
    with pytest.raises(ValueError, match="`image_size` must be"):
        FCOSLoss((0, 4), STRIDES)
