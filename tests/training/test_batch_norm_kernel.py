import numpy as np
import pytest
import tensorflow as tf

from keras_nn.ops import batch_normalization
from keras_nn.ops import normalize_batch
from keras_nn.training import batch_norm_kernel

RNG = np.random.default_rng(0)
SHAPES = [(4, 6, 5, 7), (2, 3, 2, 3), (1, 1, 1, 2), (8, 16, 16, 8)]


@pytest.fixture
def closed_form():
    """`normalize_batch` without the kernel."""

    def function(*arguments):
        batch_normalization.use_kernel(None)
        try:
            return normalize_batch(*arguments)
        finally:
            batch_norm_kernel.install()

    return function


def case(shape):
    x = tf.constant(5 + 3 * RNG.normal(size=shape), tf.float32)
    gamma, beta = (
        tf.constant(RNG.uniform(0.5, 2, shape[-1:]), tf.float32)
        for _ in range(2)
    )
    return x, gamma, beta


def derivatives(function, arguments, upstream):
    """Outputs, first gradients, and the gradient of a penalty on them."""
    with tf.GradientTape() as outer:
        outer.watch(arguments)
        with tf.GradientTape() as tape:
            tape.watch(arguments)
            outputs = function(*arguments, 1e-3)
            loss = tf.reduce_sum(outputs[0] * upstream)
        first = tape.gradient(loss, arguments)
        penalty = tf.reduce_sum(first[0] ** 2)
    return [*outputs, *first, *outer.gradient(penalty, arguments[:2])]


@pytest.mark.parametrize("jit", [False, True])
@pytest.mark.parametrize("shape", SHAPES)
def test_it_is_the_closed_form(shape, jit, closed_form):
    arguments = case(shape)
    upstream = tf.constant(RNG.normal(size=shape), tf.float32)
    expected = derivatives(closed_form, arguments, upstream)

    @tf.function(jit_compile=jit)
    def run(*arguments):
        return derivatives(normalize_batch, list(arguments), upstream)

    for ours, theirs in zip(run(*arguments), expected, strict=True):
        scale = np.abs(theirs).max() + 1e-3
        np.testing.assert_allclose(ours, theirs, atol=2e-5 * scale)


def test_the_engine_has_installed_it():
    seen = []

    def kernel(*arguments):
        seen.append(arguments[0].shape)
        return batch_norm_kernel.normalize(*arguments)

    batch_normalization.use_kernel(kernel)
    try:
        normalize_batch(*case((2, 3, 3, 4)), 1e-3)
        normalize_batch(*case((6, 4)), 1e-3)  # no pictures
        half = [tf.cast(t, tf.float16) for t in case((2, 3, 3, 4))]
        normalize_batch(*half, 1e-3)
    finally:
        batch_norm_kernel.install()
    assert seen == [(2, 3, 3, 4)]
    assert batch_normalization._kernels == [batch_norm_kernel.normalize]


def test_no_gradient_flows_through_the_statistics():
    arguments = case((2, 3, 3, 4))
    with tf.GradientTape() as tape:
        tape.watch(arguments)
        _, mean, variance = normalize_batch(*arguments, 1e-3)
        total = tf.reduce_sum(mean) + tf.reduce_sum(variance)
    assert tape.gradient(total, arguments[0]) is None
