import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.ops import segment_softmax
from keras_nn.testing.backend import compiled

IDS = np.array([3, 0, 3, -1, 0, 5, 3, 2, 7], "int32")  # of 5: 1 and 4 empty
RNG = np.random.default_rng(0)
DATA = RNG.normal(size=(9, 2)).astype("float32")


def plain(data):
    """The equation for rows of segments, operation by operation."""
    same = IDS[:, None] == IDS[None]
    same = (same & (IDS >= 0) & (IDS < 5)).astype("float32")
    exp = ops.exp(data)
    total = ops.matmul(same, exp)
    inside = same.any(1)[:, None]
    return ops.where(inside, exp / ops.where(inside, total, 1.0), 0.0)


def test_sums_to_one_and_leaves_out_what_has_no_segment():
    y = ops.convert_to_numpy(segment_softmax(100 * DATA, IDS, 5))
    for segment in (0, 2, 3):
        np.testing.assert_allclose(y[IDS == segment].sum(0), 1, rtol=1e-5)
    assert not y[[3, 5, 8]].any()
    assert np.isfinite(y).all()


@pytest.mark.parametrize("jit", [False, True])
def test_equals_the_equation(jit):
    run = compiled(lambda x: segment_softmax(x[0], IDS, 5), [], jit=jit)
    y = ops.convert_to_numpy(run([DATA]))
    np.testing.assert_allclose(y, plain(DATA), rtol=1e-5, atol=1e-7)


def test_first_and_second_gradients_are_those_of_the_equation():
    if keras.config.backend() != "tensorflow":
        return
    import tensorflow as tf

    upstream = RNG.normal(size=DATA.shape).astype("float32")

    def derivatives(function):
        data = tf.constant(DATA)
        with tf.GradientTape() as outer:
            outer.watch(data)
            with tf.GradientTape() as tape:
                tape.watch(data)
                loss = tf.reduce_sum(function(data) * upstream)
            first = tape.gradient(loss, data)
            penalty = tf.reduce_sum(first**2)
        return first, outer.gradient(penalty, data)

    ours = derivatives(lambda data: segment_softmax(data, IDS, 5))
    for found, expected in zip(ours, derivatives(plain), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)
