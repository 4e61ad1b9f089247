"""What is true of every flow layer."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.testing.backend import TENSORFLOW

RNG = np.random.default_rng(0)
EXAMPLES = {
    "rows": RNG.normal(size=(3, 4)).astype("float32"),
    "pictures": RNG.normal(size=(3, 4, 4, 2)).astype("float32"),
    "condition": RNG.normal(size=(3, 2)).astype("float32"),
}


@pytest.fixture
def check_flow():
    """x = inverse(forward(x)); the log determinant is that of autodiff."""

    def check(layer, x, told=False, scale=0.3, tolerance=1e-5):
        x = EXAMPLES[x] if isinstance(x, str) else x
        condition = EXAMPLES["condition"] if told else None
        keras.utils.set_random_seed(0)
        rng = np.random.default_rng(1)
        layer(x, condition)
        for weight in layer.trainable_weights:
            noise = rng.normal(size=weight.shape).astype("float32")
            weight.assign(weight + scale * noise)
        z, log_det = layer(x, condition)
        back, back_log_det = layer(z, condition, inverse=True)
        np.testing.assert_allclose(back, x, atol=tolerance)
        np.testing.assert_allclose(back_log_det, -log_det, atol=tolerance)
        assert z.shape != x.shape or np.abs(np.asarray(z) - x).max() > 1e-3
        if TENSORFLOW:
            expected = slogdet(lambda x: layer(x, condition)[0], x)
            np.testing.assert_allclose(
                log_det, expected, rtol=1e-5, atol=tolerance
            )

    return check


def slogdet(function, x):
    """`log |det|` of the Jacobian of each example, by autodiff."""
    import tensorflow as tf

    x = tf.constant(x)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        z = function(x)
        flat = tf.unstack(tf.reshape(z, (len(x), -1)), axis=1)
    rows = [tape.gradient(value, x) for value in flat]
    rows = [0 * x if row is None else row for row in rows]
    found = ops.convert_to_numpy(tf.stack(rows, axis=1))
    size = int(np.prod(x.shape[1:]))
    return np.linalg.slogdet(found.reshape(-1, size, size).astype("float64"))[1]
