import time

import keras
import numpy as np
import pytest
import tensorflow as tf
from tensorboard.backend.event_processing.event_accumulator import (
    EventAccumulator,
)

from keras_nn.callbacks import Throughput
from keras_nn.callbacks.throughput import resident_bytes
from keras_nn.testing import two_replicas
from keras_nn.training import Model


def functional():
    inputs = keras.Input((3,))
    return keras.Model(inputs, keras.layers.Dense(1)(inputs))


class Plain(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(1)

    def call(self, inputs):
        return self.dense(inputs)


class Ours(Model):
    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(1)

    def call(self, inputs):
        return self.dense(inputs)


class Slow(keras.callbacks.Callback):
    """Makes the time between two steps known."""

    def on_train_batch_end(self, batch, logs=None):
        time.sleep(0.02)


X, Y = np.ones((40, 3), "float32"), np.ones((40, 1), "float32")


@pytest.mark.parametrize("make", [functional, Plain, Ours])
def test_counts_examples_and_writes_at_steps(make, tmp_path):
    model = make()
    model.compile("sgd", "mse")
    throughput = Throughput(tmp_path, every=4)
    started = time.perf_counter()
    model.fit(X, Y, batch_size=4, verbose=0, callbacks=[Slow(), throughput])
    seconds = time.perf_counter() - started

    accumulator = EventAccumulator(str(tmp_path / "train")).Reload()
    tag = "throughput/examples_per_second"
    assert [e.step for e in accumulator.Tensors(tag)] == [5, 9, 10]
    rate = throughput.last["examples_per_second"]
    assert 36 / seconds < rate
    for event in accumulator.Tensors(tag)[:2]:  # four steps, three pauses
        assert tf.make_ndarray(event.tensor_proto) < 16 / 0.06
    assert 0.01 < throughput.last["process_gigabytes"] < 100
    assert 0 < throughput.last["step_milliseconds"] < 1e3 * seconds


def test_sees_a_model_wait_for_slow_data(tmp_path):
    def slow(*batch):
        tf.numpy_function(lambda: time.sleep(0.02), [], [])
        return batch

    shares = []
    for delay in (False, True):
        data = tf.data.Dataset.from_tensor_slices((X, Y)).batch(4)
        data = data.map(slow) if delay else data
        model = Ours()
        model.compile("sgd", "mse")
        throughput = Throughput(tmp_path)
        model.fit(data, verbose=0, callbacks=[throughput])
        shares.append(throughput.last["data_wait_share"])
    assert 0.7 < shares[1] <= 1
    assert shares[0] < shares[1]


def test_a_plain_model_has_no_data_wait(tmp_path):
    model = functional()
    model.compile("sgd", "mse")
    throughput = Throughput(tmp_path, batch_size=4)
    model.fit(X, Y, batch_size=4, verbose=0, callbacks=[throughput])
    assert "data_wait_share" not in throughput.last


def test_two_replicas_count_the_global_batch(tmp_path):
    with two_replicas().scope():
        model = Ours()
        model.compile("sgd", "mse")
    throughput = Throughput(tmp_path)
    model.fit(X, Y, batch_size=8, verbose=0, callbacks=[throughput])
    assert "data_wait_share" not in throughput.last
    product = (
        throughput.last["examples_per_second"]
        * throughput.last["step_milliseconds"]
        / 1e3
    )
    assert 2 < product <= 8.1  # examples of a step, less the time between


def test_memory_is_that_of_the_process():
    before = resident_bytes()
    block = np.ones(30_000_000, "float64")
    assert resident_bytes() - before > 0.8 * block.nbytes


def test_rejects_an_empty_batch(tmp_path):
    with pytest.raises(ValueError, match="Received: batch_size=0"):
        Throughput(tmp_path, batch_size=0)
