import numpy as np
import tensorflow as tf

from keras_nn.training import input_gradients


def test_each_example_has_the_gradient_of_its_own_score():
    x = tf.constant([[1.0, 2.0], [3.0, -1.0]])
    scores, gradients = input_gradients(lambda x: x[:, :1] ** 2 * x[:, 1:], x)
    np.testing.assert_allclose(scores[:, 0], [2, -9])
    np.testing.assert_allclose(gradients, [[4, 1], [-6, 9]])


def test_a_penalty_on_it_reaches_weights():
    weight = tf.Variable([[2.0], [-1.0]])
    with tf.GradientTape() as tape:
        _, gradients = input_gradients(lambda x: x @ weight, tf.ones((3, 2)))
        penalty = tf.reduce_sum(gradients**2)
    np.testing.assert_allclose(
        tape.gradient(penalty, weight), 3 * 2 * np.array([[2.0], [-1.0]])
    )


def test_half_precision_gives_float32():
    _, gradients = input_gradients(tf.square, tf.ones((1, 1), "float16"))
    assert gradients.dtype == "float32"
