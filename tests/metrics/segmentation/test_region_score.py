import numpy as np
import pytest

from keras_nn.metrics import SegmentationIoU
from keras_nn.testing import check_metric

RNG = np.random.default_rng(0)
MASKS = RNG.integers(0, 3, (4, 5, 6))
SHARES = RNG.dirichlet(np.ones(3), MASKS.shape).astype("float32")


def test_conformance():
    arguments = {"num_classes": 3, "reduction": "macro_imagewise"}
    check_metric(SegmentationIoU, arguments, MASKS, SHARES)


def test_each_picture_by_itself_then_their_mean():
    metric = SegmentationIoU(3, reduction="micro_imagewise", classes=[1, 2])
    metric.update_state(MASKS, SHARES)
    alone = []
    for mask, share in zip(MASKS, SHARES, strict=True):
        one = SegmentationIoU(3, reduction="micro", classes=[1, 2])
        one.update_state(mask[None], share[None])
        alone.append(float(one.result()))
    assert float(metric.result()) == pytest.approx(np.mean(alone))


def test_what_a_class_that_is_not_there_is_worth():
    masks, shares = (
        np.zeros((1, 2, 2), int),
        np.eye(3)[np.zeros((1, 2, 2), int)],
    )
    for absent, value in ((None, 1.0), (0.0, 1 / 3), (1.0, 1.0)):
        for reduction in ("macro", "macro_imagewise"):
            metric = SegmentationIoU(
                3, reduction=reduction, zero_division=absent
            )
            assert float(metric.result()) == 0
            metric.update_state(masks, shares)
            assert float(metric.result()) == pytest.approx(value)


def test_pictures_without_weight_are_none():
    metric = SegmentationIoU(
        3, reduction="macro_imagewise", zero_division=1.0, ignore_class=255
    )
    metric.update_state(MASKS[:2], SHARES[:2])
    value = float(metric.result())
    metric.update_state(MASKS[2:3], SHARES[2:3], sample_weight=[0.0])
    metric.update_state(np.full_like(MASKS[:1], 255), SHARES[:1])
    assert float(metric.result()) == pytest.approx(value)


def test_refuses_another_reduction():
    with pytest.raises(ValueError, match="Received: reduction='mean'"):
        SegmentationIoU(3, reduction="mean")
