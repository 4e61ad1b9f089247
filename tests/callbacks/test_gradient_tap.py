import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_nn.callbacks.gradient_tap import GradientTap
from keras_nn.testing import two_replicas
from keras_nn.training import Model


class Attach(keras.callbacks.Callback):
    def __init__(self, *taps):
        super().__init__()
        self.taps = taps

    def on_train_begin(self, logs=None):
        for tap in self.taps:
            tap.attach(self.model)

    def on_train_end(self, logs=None):
        for tap in self.taps:
            tap.detach()


class Recorder:
    """An observer that keeps the gradient of the kernel and counts traces."""

    def __init__(self, strategy=None):
        self.traces = 0
        with (strategy or tf.distribute.get_strategy()).scope():
            self.kernel = tf.Variable(
                tf.zeros((3, 1)),
                synchronization=tf.VariableSynchronization.ON_READ,
                aggregation=tf.VariableAggregation.ONLY_FIRST_REPLICA,
            )

    def __call__(self, variables, gradients):
        self.traces += 1
        self.kernel.assign(tf.cast(gradients[0], "float32"))


class Plain(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(1, name="dense")

    def call(self, inputs):
        return self.dense(inputs)


class Ours(Model):
    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(1, name="dense")

    def call(self, inputs):
        return self.dense(inputs)


X = np.random.default_rng(0).normal(size=(8, 3)).astype("float32")
Y = X.sum(axis=1, keepdims=True) + 1


def expected_gradient(kernel, bias):
    return 2 * X.T @ (X @ kernel + bias - Y) / len(X)


@pytest.mark.parametrize("policy", ["float32", "mixed_float16"])
@pytest.mark.parametrize("jit_compile", [False, True])
@pytest.mark.parametrize("kind", [Plain, Ours])
def test_sees_the_gradient_of_the_step(kind, jit_compile, policy):
    keras.config.set_dtype_policy(policy)
    try:
        model = kind()
    finally:
        keras.config.set_dtype_policy("float32")
    model(X)
    kernel, bias = model.get_weights()
    optimizer = keras.optimizers.SGD(0.1, clipnorm=1e-3)
    if policy == "mixed_float16":
        optimizer = keras.optimizers.LossScaleOptimizer(
            optimizer, initial_scale=64.0
        )
    model.compile(optimizer, "mse", jit_compile=jit_compile)
    recorder = Recorder()
    model.fit(
        X,
        Y,
        batch_size=8,
        verbose=0,
        callbacks=[Attach(GradientTap(recorder))],
    )
    np.testing.assert_allclose(
        recorder.kernel.numpy(),
        expected_gradient(kernel, bias),
        rtol=1e-4 if policy == "float32" else 2e-2,
    )
    assert recorder.traces == 1


@pytest.mark.parametrize("kind", [Plain, Ours])
def test_sees_the_gradient_of_the_whole_batch_on_two_replicas(kind):
    strategy = two_replicas()
    with strategy.scope():
        model = kind()
        model(X)
        model.compile("sgd", "mse")
    kernel, bias = model.get_weights()
    recorder = Recorder(strategy)
    model.fit(
        X,
        Y,
        batch_size=8,
        verbose=0,
        callbacks=[Attach(GradientTap(recorder))],
    )
    np.testing.assert_allclose(
        recorder.kernel.numpy(), expected_gradient(kernel, bias), rtol=1e-4
    )


@pytest.mark.parametrize("kind", [Plain, Ours])
def test_a_second_fit_does_not_trace_again(kind):
    model = kind()
    model.compile("sgd", "mse")
    first, second = Recorder(), Recorder()
    attach = Attach(GradientTap(first), GradientTap(second))
    model.fit(X, Y, batch_size=8, verbose=0, callbacks=[attach])
    traces = first.traces, second.traces
    model.fit(X, Y, batch_size=8, verbose=0, callbacks=[attach])
    assert traces == (first.traces, second.traces)


@pytest.mark.parametrize("kind", [Plain, Ours])
def test_leaves_nothing_behind(kind):
    model = kind()
    model.compile("sgd", "mse")
    model.fit(X, Y, verbose=0, callbacks=[Attach(GradientTap(Recorder()))])
    assert "apply" not in vars(model.optimizer)
    assert not getattr(model, "gradient_observers", [])


def test_refuses_a_model_without_an_optimizer():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    with pytest.raises(ValueError, match="Received: optimizer=None"):
        GradientTap(Recorder()).attach(model)
