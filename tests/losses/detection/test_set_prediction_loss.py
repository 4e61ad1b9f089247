import itertools

import numpy as np
import pytest
from keras import ops

from keras_nn.losses import SetPredictionLoss
from keras_nn.testing import check_loss

SIZE = (12, 16)


def some_targets():
    y_true = np.zeros((3, 2, 5), "float32")
    y_true[..., 4] = -1
    y_true[0, 0] = [1, 1, 8, 9, 1]
    y_true[1] = [[0, 0, 15, 11, 0], [9, 7, 15, 12, 1]]
    return y_true  # and a picture without an object


def some_predictions(seed=0, layers=2):
    generator = np.random.default_rng(seed)
    low = generator.uniform(-2, 8, (3, layers, 4, 2))
    high = low + generator.uniform(1, 9, (3, layers, 4, 2))
    rest = generator.normal(size=(3, layers, 4, 3))
    return np.concatenate([low, high, rest], axis=-1).astype("float32")


@pytest.mark.slow
def test_conformance():
    check_loss(
        SetPredictionLoss,
        {"image_size": SIZE},
        some_targets(),
        some_predictions(),
    )


def giou(a, b):
    both = max(min(a[2], b[2]) - max(a[0], b[0]), 0)
    both *= max(min(a[3], b[3]) - max(a[1], b[1]), 0)
    union = sum((c[2] - c[0]) * (c[3] - c[1]) for c in (a, b)) - both
    hull = max(a[2], b[2]) - min(a[0], b[0])
    hull *= max(a[3], b[3]) - min(a[1], b[1])
    return both / union - (hull - union) / hull


def distance(a, b):
    def shares(c):
        x, y, w, h = c[0] + c[2], c[1] + c[3], c[2] - c[0], c[3] - c[1]
        return np.array([x / 2 / 16, y / 2 / 12, w / 16, h / 12])

    return np.abs(shares(a) - shares(b)).sum()


def naive(rows, predicted, weights):
    """The loss of one picture and layer, over all assignments."""
    p, d, o, none = weights
    rows = rows[rows[:, 4] >= 0]
    shares = np.exp(predicted[:, 4:])
    shares /= shares.sum(axis=1, keepdims=True)

    def cost(queries):
        return sum(
            d * distance(row, predicted[q])
            + o * (1 - giou(row, predicted[q]))
            - p * shares[q, int(row[4])]
            for q, row in zip(queries, rows, strict=True)
        )

    best = min(itertools.permutations(range(4), len(rows)), key=cost)
    labels = [2] * 4
    for q, row in zip(best, rows, strict=True):
        labels[q] = int(row[4])
    w = np.array([none if label == 2 else 1.0 for label in labels])
    entropy = -np.log(shares[range(4), labels])
    boxes = cost(best) + sum(
        p * shares[q, int(row[4])] for q, row in zip(best, rows, strict=True)
    )
    return (w * entropy).sum() / w.sum() + boxes / max(len(rows), 1)


def test_equals_the_best_of_all_assignments():
    y_true, y_pred = some_targets(), some_predictions(1)
    weights = (1.5, 4.0, 1.2, 0.3)
    loss = SetPredictionLoss(SIZE, *weights, reduction="none")
    expected = [
        sum(naive(rows, layer, weights) for layer in predicted)
        for rows, predicted in zip(y_true, y_pred, strict=True)
    ]
    np.testing.assert_allclose(
        ops.convert_to_numpy(loss(y_true, y_pred)), expected, rtol=1e-4
    )


def test_the_order_of_queries_does_not_matter():
    y_true, y_pred = some_targets(), some_predictions(2)
    loss = SetPredictionLoss(SIZE, reduction="none")
    np.testing.assert_allclose(
        loss(y_true, y_pred), loss(y_true, y_pred[:, :, ::-1]), rtol=1e-5
    )


def test_more_boxes_than_queries_are_refused():
    y_true = np.zeros((1, 5, 5), "float32")
    with pytest.raises(ValueError, match="5 objects and 4 places"):
        SetPredictionLoss(SIZE)(y_true, some_predictions()[:1])
    with pytest.raises(ValueError, match="weights not negative"):
        SetPredictionLoss(SIZE, none_weight=-1.0)
    with pytest.raises(ValueError, match="batch, layers, queries"):
        SetPredictionLoss(SIZE)(y_true, np.zeros((1, 4, 7)))
