import time

import numpy as np
import pytest
import tensorflow as tf

from keras_nn.data.batches import array_batches
from keras_nn.data.batches import cpu_count
from keras_nn.data.batches import file_batches


def test_every_example_is_as_likely_anywhere():
    # Mean position of example 0 over 400 passes of 9: 4 +- 0.13.
    dataset = array_batches(np.arange(9), np.arange(9), 9, shuffle=True)
    orders = [y for _, y in dataset.repeat(400).as_numpy_iterator()]
    positions = [order.tolist().index(0) for order in orders]
    assert len(positions) == 400
    assert abs(np.mean(positions) - 4) < 0.5
    assert set(positions) == set(range(9))


def test_the_next_batch_is_made_while_the_model_works():
    pause = 0.05

    def decode(path):
        def read(path):
            time.sleep(pause)
            return np.zeros((), "float32")

        value = tf.numpy_function(read, [path], tf.float32)
        value.set_shape(())
        return value

    paths = np.arange(6).astype(str)
    batches = iter(file_batches(paths, np.arange(6), decode, batch_size=1))
    next(batches)
    waited = 0.0
    for _ in range(5):
        time.sleep(3 * pause)  # the model's turn
        start = time.perf_counter()
        next(batches)
        waited += time.perf_counter() - start
    assert waited < pause


def test_files_are_decoded_side_by_side_but_in_order():
    if cpu_count() < 2:
        pytest.skip("one processor")

    def decode(path):
        def read(path):
            time.sleep(0.2 if path == b"0" else 0.0)
            return np.int64(path)

        value = tf.numpy_function(read, [path], tf.int64)
        value.set_shape(())
        return value

    paths = np.arange(8).astype(str)
    batches = file_batches(paths, np.arange(8), decode, batch_size=4)
    order = np.concatenate([x for x, _ in batches.as_numpy_iterator()])
    assert order.tolist() == list(range(8))
