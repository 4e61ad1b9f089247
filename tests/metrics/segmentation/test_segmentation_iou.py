import numpy as np
import pytest

from keras_nn.metrics import SegmentationIoU
from keras_nn.testing import check_metric

RNG = np.random.default_rng(0)
MASKS = RNG.integers(0, 3, (4, 5, 6))
SHARES = RNG.dirichlet(np.ones(3), MASKS.shape).astype("float32")


def test_conformance():
    check_metric(SegmentationIoU, {"num_classes": 3}, MASKS, SHARES)


def naive(masks, shares, classes):
    predicted, found = shares.argmax(-1), []
    for c in classes:
        true, said = masks == c, predicted == c
        both = (true & said).sum()
        found.append(both / (true | said).sum())
    return np.mean(found)


@pytest.mark.parametrize("classes", [[0, 1, 2], [1]])
def test_equals_the_definition_over_batches(classes):
    metric = SegmentationIoU(3, classes=classes)
    for part in (slice(0, 1), slice(1, 4)):
        metric.update_state(MASKS[part], SHARES[part])
    expected = naive(MASKS, SHARES, classes)
    assert float(metric.result()) == pytest.approx(expected)
    assert float(np.mean(np.take(metric.per_class(), classes))) == (
        pytest.approx(expected)
    )


def test_a_class_that_never_was_does_not_count():
    metric = SegmentationIoU(5)
    assert float(metric.result()) == 0
    metric.update_state(MASKS, SHARES)
    assert float(metric.result()) == pytest.approx(
        naive(MASKS, SHARES, range(3))
    )


def test_the_mean_is_that_of_keras():
    import keras

    theirs = keras.metrics.MeanIoU(3, ignore_class=2, sparse_y_pred=False)
    ours = SegmentationIoU(3, ignore_class=2)
    for metric in (theirs, ours):
        metric.update_state(MASKS, SHARES)
    assert float(ours.result()) == pytest.approx(float(theirs.result()))
