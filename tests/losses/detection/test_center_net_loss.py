import numpy as np
import pytest
from keras import ops

from keras_nn.losses import CenterNetLoss
from keras_nn.losses import heatmap_focal
from keras_nn.ops import centre_heatmap
from keras_nn.testing import check_loss

SIZE = (12, 16)


def some_targets():
    y_true = np.zeros((3, 2, 5), "float32")
    y_true[..., 4] = -1
    y_true[0, 0] = [1, 1, 8, 9, 1]
    y_true[1] = [[0, 0, 15, 11, 0], [9, 7, 15, 12, 1]]
    return y_true  # and a picture without an object


def some_predictions(seed=0):
    generator = np.random.default_rng(seed)
    low = generator.uniform(-2, 8, (3, 12, 2))
    high = low + generator.uniform(1, 9, (3, 12, 2))
    rest = generator.normal(size=(3, 12, 2))
    return np.concatenate([low, high, rest], axis=-1).astype("float32")


def test_conformance():
    arguments = {"image_size": SIZE, "stride": 4}
    check_loss(CenterNetLoss, arguments, some_targets(), some_predictions())


def test_equals_loops_over_objects():
    y_true, y_pred = some_targets(), some_predictions(1)
    there = y_true[..., 4] >= 0
    heat, _ = centre_heatmap(
        y_true[..., :4] / 4,
        y_true[..., 4].clip(0).astype("int32"),
        there,
        (3, 4),
        2,
    )
    logits = y_pred[..., 4:].reshape(3, 3, 4, 2)
    expected = np.array(heatmap_focal(heat, logits, from_logits=True))
    for picture, rows in enumerate(y_true):
        for x0, y0, x1, y1, label in rows:
            if label < 0:
                continue
            x, y = (x0 + x1) / 2, (y0 + y1) / 2
            cell = int(y // 4) * 4 + int(x // 4)
            a, b, c, d = y_pred[picture, cell, :4]
            offset = abs((a + c) / 2 - x) + abs((b + d) / 2 - y)
            size = abs(c - a - (x1 - x0)) + abs(d - b - (y1 - y0))
            count = (rows[:, 4] >= 0).sum()
            expected[picture] += (0.7 * offset + 0.2 * size) / 4 / count
    loss = CenterNetLoss(
        SIZE, 4, offset_weight=0.7, size_weight=0.2, reduction="none"
    )
    np.testing.assert_allclose(
        ops.convert_to_numpy(loss(y_true, y_pred)), expected, rtol=1e-4
    )


def test_arguments_out_of_range_are_refused():
    with pytest.raises(ValueError, match="`stride` positive"):
        CenterNetLoss(SIZE, 0)
    with pytest.raises(ValueError, match="`overlap` must lie"):
        CenterNetLoss(SIZE, 4, overlap=1.0)
    with pytest.raises(ValueError, match="have 12 predictions"):
        CenterNetLoss(SIZE, 4)(some_targets(), some_predictions()[:, :5])
