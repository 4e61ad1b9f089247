import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_nn import losses
from keras_nn import training
from keras_nn.testing.replica_step import check_replica_step
from keras_nn.training import of_whole_batch


class Pairs(training.Model):
    gathers = True

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        contrast = losses.MultipleNegativesRanking(0.5)
        rows = y_pred[:, :3], y_pred[:, 3:]
        if self.gathers:
            return of_whole_batch(contrast, *rows)
        return contrast(*rows)


X = np.random.default_rng(0).normal(size=(7, 4)).astype("float32")


def build(cls=Pairs):
    keras.utils.set_random_seed(0)
    inputs = keras.Input((4,))
    model = cls(inputs, keras.layers.Dense(6)(inputs))
    model.compile(keras.optimizers.SGD(0.1, clipnorm=0.1))
    model.optimizer.build(model.trainable_variables)
    return model


def test_two_uneven_replicas_contrast_as_one_does():
    check_replica_step(build, (X,))


def test_without_gathering_they_do_not():
    class Apart(Pairs):
        gathers = False

    with pytest.raises(AssertionError, match="on two replicas"):
        check_replica_step(lambda: build(Apart), (X,))


def test_on_one_replica_it_is_the_function_itself():
    value = of_whole_batch(tf.reduce_sum, tf.constant([1.0, 2.0]))
    assert float(value) == 3
