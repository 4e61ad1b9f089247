import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_nn.callbacks.sampled_rows import drawn_rows
from keras_nn.callbacks.sampled_rows import first_batches


def test_rows_are_drawn_once_each_and_sorted():
    rows = drawn_rows(50, 20, seed=1)
    assert sorted(set(rows)) == rows.tolist() and len(rows) == 20
    np.testing.assert_array_equal(rows, drawn_rows(50, 20, seed=1))


def test_batches_are_joined_up_to_the_limit():
    pair = np.arange(10.0), np.arange(10)
    x, y = first_batches(tf.data.Dataset.from_tensor_slices(pair).batch(4), 6)
    assert x.tolist() == y.tolist() == list(range(6))

    class Empty(keras.utils.PyDataset):
        def __len__(self):
            return 0

    with pytest.raises(ValueError, match="0 batches"):
        first_batches(Empty(), 3)
