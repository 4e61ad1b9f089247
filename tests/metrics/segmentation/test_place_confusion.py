import numpy as np
import pytest

from keras_nn.metrics import SegmentationIoU

RNG = np.random.default_rng(0)
MASKS = RNG.integers(0, 3, (4, 5, 6))
SHARES = RNG.dirichlet(np.ones(3), MASKS.shape).astype("float32")


def test_counts_every_pair_of_true_and_predicted_class():
    metric = SegmentationIoU(3, ignore_class=255)
    masks = MASKS.copy()
    masks[:, 0] = 255
    metric.update_state(masks[..., None], SHARES)
    expected = np.zeros((3, 3))
    for true, shares in zip(masks.ravel(), SHARES.reshape(-1, 3), strict=True):
        if true != 255:
            expected[true, shares.argmax()] += 1
    np.testing.assert_array_equal(metric.confusion.value, expected)


def test_weights_of_examples_and_of_places():
    metric = SegmentationIoU(3)
    weights = np.array([0.0, 1.0, 0.0, 2.0])
    metric.update_state(MASKS, SHARES, sample_weight=weights)
    by_example = np.array(metric.confusion.value)
    metric.reset_state()
    places = np.broadcast_to(weights[:, None, None], MASKS.shape)
    metric.update_state(MASKS, SHARES, sample_weight=places)
    np.testing.assert_allclose(metric.confusion.value, by_example)
    assert by_example.sum() == 3 * 30


def test_one_channel_is_cut_at_the_threshold():
    metric = SegmentationIoU(2, threshold=0.0)
    metric.update_state([[0, 1, 1]], np.array([[[-1.0], [0.3], [-0.3]]]))
    np.testing.assert_array_equal(metric.confusion.value, [[1, 0], [1, 1]])


def test_refuses_one_class_and_classes_that_are_not_there():
    with pytest.raises(ValueError, match="`num_classes` must be at least 2"):
        SegmentationIoU(1)
    with pytest.raises(ValueError, match="`classes` must be below"):
        SegmentationIoU(2, classes=[2])
