import numpy as np
import pytest
import tensorflow as tf

from keras_nn.models.energy.surrogate_loss import surrogate_loss
from keras_nn.models.energy.surrogate_loss import unlikeness


def test_shows_one_value_and_has_the_gradient_of_the_other():
    x = tf.Variable([2.0, 3.0])
    with tf.GradientTape() as tape:
        loss = surrogate_loss(x**2, 5 * x)
    assert loss.numpy().tolist() == [4.0, 9.0]
    assert tape.gradient(loss, x).numpy().tolist() == [5.0, 5.0]


def test_unlikeness_is_cross_entropy_or_half_the_squared_error():
    v, p = np.array([[1.0, 0.0]]), np.array([[0.8, 0.4]])
    expected = -np.log(0.8) - np.log(0.6)
    assert float(unlikeness(v, p, "bernoulli")[0]) == pytest.approx(expected)
    assert float(unlikeness(v, p, "gaussian")[0]) == pytest.approx(0.1)
