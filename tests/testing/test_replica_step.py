import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_nn import training
from keras_nn.testing import replica_step

X = np.random.default_rng(0).normal(size=(3, 2)).astype("float32")
Y = np.ones((3, 1), "float32")


def build(model_class):
    inputs = keras.Input((2,))
    outputs = keras.layers.Dense(1, name="dense")(inputs)
    return replica_step.regression(model_class(inputs, [outputs]))


def test_the_parts_of_an_uneven_batch():
    from keras_nn.testing import two_replicas

    batch = replica_step.over_two_replicas((X,))
    parts = two_replicas().experimental_local_results(batch[0])
    assert [len(part) for part in parts] == [2, 1]


def test_the_engine_passes():
    replica_step.check_replica_step(lambda: build(training.Model), (X, [Y]))


def test_keras_itself_is_caught_on_an_uneven_batch():
    class Plain(keras.Model):
        pass

    with pytest.raises(AssertionError, match="on two replicas"):
        replica_step.check_replica_step(lambda: build(Plain), (X, [Y]))
    assert tf.distribute.get_strategy().num_replicas_in_sync == 1
