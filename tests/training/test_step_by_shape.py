import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_nn.data import OrderedBatches
from keras_nn.training import Model


class Lengths(OrderedBatches):
    """Seven batches whose rows have two or three numbers."""

    num_batches = 7
    has_few_shapes = True

    def batches_from(self, start):
        def batch(index):
            x = tf.ones((4, 2 + tf.cast(index % 2, "int32"))) / 3.0
            return x, tf.ones((4, 1)) * tf.cast(index, "float32")

        numbers = start.flat_map(lambda _, n: tf.data.Dataset.range(n, 7))
        return numbers.map(batch)


class UnknownLengths(Lengths):
    has_few_shapes = False


class Sum(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.seen = []
        self.scale = self.add_weight(shape=(), initializer="ones")

    def call(self, x):
        self.seen.append(x.shape)
        return keras.ops.sum(x, -1, keepdims=True) * self.scale


def fitted(source, jit_compile=False, steps=1):
    layer = Sum()
    inputs = keras.Input((None,))
    model = Model(inputs, layer(inputs))
    model.compile(
        "adam", "mse", jit_compile=jit_compile, steps_per_execution=steps
    )
    layer.seen.clear()
    history = model.fit(source, epochs=2, verbose=0)
    return history.history["loss"], float(layer.scale), layer.seen


@pytest.mark.parametrize("jit_compile", [False, True])
def test_a_step_is_traced_for_each_shape(jit_compile):
    loss, scale, seen = fitted(Lengths(), jit_compile)
    assert [tuple(s) for s in seen] == [(4, 2), (4, 3)]
    other, same, seen = fitted(UnknownLengths(), jit_compile)
    np.testing.assert_allclose(loss, other, rtol=1e-6)
    assert scale == pytest.approx(same, rel=1e-6)
    assert (4, 2) not in [tuple(s) for s in seen]  # as Keras does it


def test_several_steps_at_once_are_the_same_steps():
    once, several = fitted(Lengths()), fitted(Lengths(), steps=3)
    assert once[:2] == several[:2]
