import numpy as np
import pytest
from keras import ops

from keras_nn.losses import RetinaNetLoss
from keras_nn.ops import pyramid_anchors
from keras_nn.testing import check_loss

ARGUMENTS = {
    "image_size": (16, 16),
    "strides": [8],
    "size": 1.0,
    "scales": [1.0],
    "ratios": [0.5, 2.0],
}


def some_targets():
    y_true = np.zeros((3, 2, 5), "float32")
    y_true[..., 4] = -1
    y_true[0, 0] = [1, 1, 8, 9, 1]
    y_true[1] = [[0, 0, 15, 14, 0], [9, 9, 15, 15, 1]]
    return y_true  # and a picture without an object


def some_predictions(seed=0):
    generator = np.random.default_rng(seed)
    low = generator.uniform(-2, 8, (3, 8, 2))
    high = low + generator.uniform(1, 9, (3, 8, 2))
    rest = generator.normal(size=(3, 8, 2))
    return np.concatenate([low, high, rest], axis=-1).astype("float32")


@pytest.mark.parametrize("kind", ["smooth_l1", "giou"])
def test_conformance(kind):
    check_loss(
        RetinaNetLoss,
        {**ARGUMENTS, "box_loss_kind": kind},
        some_targets(),
        some_predictions(),
    )


def naive(rows, predicted, positive, negative, alpha, gamma, weight):
    """The loss of one picture, anchor by anchor."""
    anchors = pyramid_anchors((16, 16), [8], 1.0, [1.0], [0.5, 2.0])
    rows = [row for row in rows if row[4] >= 0]
    overlap = np.array([[iou(a, r) for r in rows] for a in anchors])
    focal = boxes = count = 0.0
    for n, anchor in enumerate(anchors):
        row = None
        best = overlap[n].max() if len(rows) else 0.0
        if best >= positive:
            row = rows[overlap[n].argmax()]
        for k in range(len(rows)):
            if overlap[n, k] == overlap[:, k].max() > 0:
                row = rows[k]
        if row is None and negative <= best:
            continue
        for c, logit in enumerate(predicted[n, 4:]):
            q = 1 / (1 + np.exp(-logit))
            if row is not None and row[4] == c:
                focal -= alpha * (1 - q) ** gamma * np.log(q)
            else:
                focal -= (1 - alpha) * q**gamma * np.log(1 - q)
        if row is not None:
            count += 1
            gaps = deltas(predicted[n, :4], anchor) - deltas(row[:4], anchor)
            for gap in abs(gaps):
                boxes += 4.5 * gap**2 if gap < 1 / 9 else gap - 1 / 18
    return (focal + weight * boxes) / max(count, 1)


def iou(a, b):
    both = max(min(a[2], b[2]) - max(a[0], b[0]), 0)
    both *= max(min(a[3], b[3]) - max(a[1], b[1]), 0)
    return both / (sum((c[2] - c[0]) * (c[3] - c[1]) for c in (a, b)) - both)


def deltas(box, anchor):
    width, height = anchor[2] - anchor[0], anchor[3] - anchor[1]
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return np.array(
        [
            (x - (anchor[0] + anchor[2]) / 2) / width,
            (y - (anchor[1] + anchor[3]) / 2) / height,
            np.log((box[2] - box[0]) / width),
            np.log((box[3] - box[1]) / height),
        ]
    )


def test_equals_loops_over_anchors():
    y_true, y_pred = some_targets(), some_predictions(1)
    numbers = (0.4, 0.2, 0.3, 1.7, 0.6)
    positive, negative, alpha, gamma, weight = numbers
    loss = RetinaNetLoss(
        **ARGUMENTS,
        positive=positive,
        negative=negative,
        alpha=alpha,
        gamma=gamma,
        box_weight=weight,
        reduction="none",
    )
    expected = [
        naive(rows, predicted, *numbers)
        for rows, predicted in zip(y_true, y_pred, strict=True)
    ]
    np.testing.assert_allclose(
        ops.convert_to_numpy(loss(y_true, y_pred)), expected, rtol=1e-4
    )


def test_perfect_predictions_cost_nearly_nothing():
    anchors = pyramid_anchors((16, 16), [8], 1.0, [1.0], [0.5, 2.0])
    y_pred = np.concatenate([anchors, np.full((8, 1), -20.0)], axis=1)
    y_pred[3, 4] = 20
    y_true = np.array([[[*anchors[3], 0]]])
    for kind in ("smooth_l1", "giou"):
        loss = RetinaNetLoss(**ARGUMENTS, box_loss_kind=kind)
        value = float(loss(y_true, y_pred[None].astype("float32")))
        assert value < 1e-5


def test_arguments_out_of_range_are_refused():
    with pytest.raises(ValueError, match="`box_loss_kind` must be one of"):
        RetinaNetLoss(**ARGUMENTS, box_loss_kind="l2")
    with pytest.raises(ValueError, match="`negative` must not exceed"):
        RetinaNetLoss(**ARGUMENTS, positive=0.3, negative=0.4)
