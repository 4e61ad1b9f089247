import numpy as np
import pytest

from keras_nn.layers import ContinuousFlow
from keras_nn.testing import check_layer
from keras_nn.testing.backend import TENSORFLOW

X = np.random.default_rng(0).normal(size=(3, 3)).astype("float32")


def test_conformance():
    check_layer(
        ContinuousFlow,
        {"units": [4], "steps": 2},
        (3, 2),
        call_kwargs={"condition": (3, 2)},
        mask=False,
        half=False,
        jit=False,
        replicas=False,
        output_dtype="float32",
    )


def test_runs_backwards_and_knows_its_volume(check_flow):
    check_flow(ContinuousFlow([6], steps=12), "rows", told=True)


def test_the_estimated_trace_is_right_on_average():
    exact = ContinuousFlow([4], steps=2)
    drawn = ContinuousFlow([4], "hutchinson", steps=2)
    x = np.tile(X[:1], (20000, 1))
    exact(X)
    drawn(X)
    drawn.set_weights(exact.get_weights())
    found = np.asarray(drawn(x)[1])
    error = found.std() / len(x) ** 0.5
    assert abs(found.mean() - float(exact(X[:1])[1][0])) < 4 * error


@pytest.mark.slow
@pytest.mark.skipif(not TENSORFLOW, reason="the solver is one for TensorFlow")
def test_equals_the_solver_of_tensorflow_probability():
    import tensorflow as tf

    ours = ContinuousFlow([4])
    theirs = ContinuousFlow([4], solver="dormand_prince", tolerance=1e-3)
    for layer in (ours, theirs):
        layer(X) if layer is ours else layer.build(X.shape)
    theirs.set_weights(ours.get_weights())

    @tf.function
    def solved(x):
        with tf.GradientTape() as tape:
            z, log_det = theirs.forward(x)
            loss = tf.reduce_sum(z**2) + tf.reduce_sum(log_det)
        return z, log_det, tape.gradient(loss, theirs.kernels[0].value)

    z, log_det, gradient = solved(tf.constant(X))
    with tf.GradientTape() as tape:
        expected, expected_log_det = ours(X)
        loss = tf.reduce_sum(expected**2) + tf.reduce_sum(expected_log_det)
    kernel = ours.kernels[0].value
    np.testing.assert_allclose(z, expected, atol=5e-3)
    np.testing.assert_allclose(log_det, expected_log_det, atol=5e-3)
    np.testing.assert_allclose(gradient, tape.gradient(loss, kernel), atol=1e-2)


@pytest.mark.parametrize(
    "given, message",
    [
        ({"trace": "half"}, "`trace` must be one of"),
        ({"solver": "euler"}, "`solver` must be one of"),
        ({"steps": 0}, "must be positive"),
    ],
)
def test_refuses_what_it_cannot_solve(given, message):
    with pytest.raises(ValueError, match=message):
        ContinuousFlow(**given)
