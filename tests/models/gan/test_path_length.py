import numpy as np
import tensorflow as tf

from keras_nn.models.gan.path_length import path_lengths

RNG = np.random.default_rng(0)


def test_equals_the_jacobian_of_autodiff():
    kernel = tf.constant(RNG.normal(size=(12, 3 * 3 * 2)).astype("float32"))
    styles = tf.constant(RNG.normal(size=(2, 3, 4)).astype("float32"))

    def synthesis(styles):
        flat = tf.tanh(tf.reshape(styles, (-1, 12)) @ kernel)
        return tf.reshape(flat, (-1, 3, 3, 2))

    noise = RNG.normal(size=(2, 3, 3, 2)).astype("float32")
    found = path_lengths(synthesis, styles, noise)
    with tf.GradientTape() as tape:
        tape.watch(styles)
        pictures = synthesis(styles)
    jacobian = tape.batch_jacobian(pictures, styles).numpy()
    shadow = np.einsum("bhwc,bhwclu->blu", noise / 3.0, jacobian)
    expected = np.sqrt((shadow**2).sum(-1).mean(-1))
    np.testing.assert_allclose(found, expected, rtol=1e-4)


def test_has_a_gradient_of_its_own():
    weight = tf.Variable(2.0)
    styles = tf.ones((3, 1, 4))
    noise = tf.ones((3, 1, 4, 1))
    with tf.GradientTape() as tape:
        lengths = path_lengths(lambda s: weight * s[..., None], styles, noise)
        total = tf.reduce_sum(lengths)
    # Lengths are in proportion to the weight.
    expected = float(total) / 2.0
    np.testing.assert_allclose(
        tape.gradient(total, weight), expected, rtol=1e-4
    )
