import numpy as np
import tensorflow as tf

from keras_nn.models.gan.lazily import lazily
from keras_nn.models.gan.lazily import updates_of


def test_strength_is_the_same_on_average_and_it_is_called_when_due():
    calls = []

    @tf.function
    def step(updates):
        def values():
            tf.py_function(lambda: calls.append(1), [], [])
            return tf.constant([1.0, 3.0])

        return lazily(values, 4, updates)

    found = [float(step(tf.constant(k))) for k in range(8)]
    assert found == [8.0, 0, 0, 0, 8.0, 0, 0, 0] and len(calls) == 2
    assert np.mean(found) == float(lazily(lambda: tf.constant([2.0]), 4, None))


def test_a_model_that_is_not_compiled_has_no_updates():
    class Model:
        compiled = False

    assert updates_of(Model(), "generator") is None
