import numpy as np
import pytest
from keras import ops

from keras_nn.ops import dense_labels

LABELS = np.array([[0, 2, 255, -1]])
LIKE = ops.zeros((1, 4, 3))


@pytest.mark.parametrize("labels", [LABELS, LABELS[..., None] * 1.0])
def test_indices_become_rows_and_an_ignored_one_a_row_of_zeros(labels):
    targets, valid = dense_labels(labels, LIKE, ignore_class=255)
    expected = [[[1, 0, 0], [0, 0, 1], [0, 0, 0], [0, 0, 0]]]
    np.testing.assert_array_equal(targets, expected)
    np.testing.assert_array_equal(valid[..., 0], [[1, 1, 0, 1]])


def test_one_channel_keeps_the_label_and_rows_stay_rows():
    targets, valid = dense_labels([[1, 0, 255]], ops.zeros((1, 3, 1)), 255)
    np.testing.assert_array_equal(targets[..., 0], [[1, 0, 0]])
    np.testing.assert_array_equal(valid[..., 0], [[1, 1, 0]])
    rows = np.full((1, 4, 3), 1 / 3, "float32")
    np.testing.assert_array_equal(dense_labels(rows, LIKE)[0], rows)


def test_refuses_shapes_that_do_not_belong_together():
    with pytest.raises(ValueError, match="shapes .*4, 2.*4, 3"):
        dense_labels(np.zeros((1, 4, 2)), LIKE)
