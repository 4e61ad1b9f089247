import numpy as np
import pytest
from keras import ops

from keras_nn.losses.detection.dense_detection_loss import DenseDetectionLoss


class OneOfEach(DenseDetectionLoss):
    """Three places: an object, background, and one that does not count."""

    def __init__(self, alpha=0.25, gamma=2.0, box_weight=1.0):
        super().__init__((4, 12), [4], alpha, gamma, box_weight, "loss")

    num_places = 3

    def match(self, boxes, there):
        first = ops.where(there[:, :1], 0, -1)
        return ops.concatenate([first, first * 0 - 1, first * 0 - 2], axis=1)

    def box_loss(self, true, predicted, objects, number):
        return 10 * number + ops.sum(objects, axis=-1)


def test_the_focal_loss_counts_objects_and_background_only():
    y_true = np.array([[[0, 0, 4, 4, 1]], [[0, 0, 0, 0, -1]]], "float32")
    logits = np.array([[0.3, -0.7], [0.1, 0.2], [5.0, 5.0]])
    y_pred = np.concatenate([np.zeros((3, 4)), logits], axis=1)
    y_pred = np.stack([y_pred, y_pred]).astype("float32")
    loss = OneOfEach(alpha=0.3, gamma=1.5)
    loss.reduction = None
    received = ops.convert_to_numpy(loss(y_true, y_pred))

    def focal(logit, target):
        p = 1 / (1 + np.exp(-logit))
        p, weight = (p, 0.3) if target else (1 - p, 0.7)
        return -weight * (1 - p) ** 1.5 * np.log(p)

    background = focal(0.1, 0) + focal(0.2, 0)
    expected = [
        focal(0.3, 0) + focal(-0.7, 1) + background + 11,
        focal(0.3, 0) + focal(-0.7, 0) + background + 10,
    ]
    np.testing.assert_allclose(received, expected, rtol=1e-5)


def test_predictions_must_be_those_of_the_places():
    with pytest.raises(ValueError, match="have 3 predictions.*4, 6"):
        OneOfEach()(np.zeros((1, 1, 5)), np.zeros((1, 4, 6)))


@pytest.mark.parametrize(
    "arguments", [{"alpha": 1.5}, {"gamma": -1.0}, {"box_weight": -1.0}]
)
def test_arguments_out_of_range_are_refused(arguments):
    with pytest.raises(ValueError, match="`alpha` must lie"):
        OneOfEach(**arguments)
