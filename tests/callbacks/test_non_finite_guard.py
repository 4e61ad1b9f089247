import keras
import numpy as np
import pytest
import tensorflow as tf
from tensorboard.backend.event_processing.event_accumulator import (
    EventAccumulator,
)

from keras_nn.callbacks import NonFiniteGuard
from keras_nn.testing import two_replicas
from keras_nn.training import Model


class Log(keras.layers.Layer):
    """Not finite where its input is not positive."""

    def call(self, inputs):
        return keras.ops.log(inputs)


class Root(keras.layers.Layer):
    """Finite at zero, with a gradient that is not."""

    def call(self, inputs):
        return keras.ops.sqrt(keras.ops.abs(inputs))


def layers(suspect):
    return [
        keras.layers.BatchNormalization(name="norm"),
        suspect,
        keras.layers.Dense(1, name="head"),
    ]


def functional(suspect):
    inputs = x = keras.Input((3,))
    x = keras.layers.Dense(3, kernel_initializer="identity", name="in")(x)
    for layer in layers(suspect)[1:]:
        x = layer(x)
    return keras.Model(inputs, x)


def sequential(suspect):
    first = keras.layers.Dense(3, kernel_initializer="identity", name="in")
    return keras.Sequential([keras.Input((3,)), first, *layers(suspect)[1:]])


class Subclassed(Model):
    def __init__(self, suspect):
        super().__init__()
        self.blocks = [
            keras.layers.Dense(3, kernel_initializer="identity", name="in"),
            *layers(suspect)[1:],
        ]

    def call(self, inputs, training=None):
        for block in self.blocks:
            inputs = (
                block(inputs, training=training)
                if (block.name == "norm")
                else block(inputs)
            )
        return inputs


class PlainSubclassed(keras.Model):
    def __init__(self, suspect):
        super().__init__()
        self.blocks = [
            keras.layers.Dense(3, kernel_initializer="identity", name="in"),
            *layers(suspect)[1:],
        ]

    def call(self, inputs):
        for block in self.blocks:
            inputs = block(inputs)
        return inputs


def batches(bad):
    """Six batches of 4 positive rows; batch 3 has one row of `bad`."""
    x = np.random.default_rng(0).uniform(1, 2, (24, 3)).astype("float32")
    x[13] = bad
    return x, np.ones((24, 1), "float32")


def fit(model, guard, bad):
    x, y = batches(bad)
    with pytest.warns(UserWarning, match="training stopped: epoch 0, batch 3"):
        model.fit(
            x,
            y,
            batch_size=4,
            shuffle=False,
            epochs=3,
            verbose=0,
            callbacks=[guard],
        )
    assert all(np.isfinite(w).all() for w in model.get_weights())
    return guard.report


@pytest.mark.parametrize(
    ("make", "jit_compile"),
    [
        (functional, False),
        (sequential, False),
        (Subclassed, False),
        (PlainSubclassed, False),
        (Subclassed, True),
    ],
)
def test_names_the_first_layer(make, jit_compile, tmp_path):
    model = make(Log(name="log"))
    model.compile("sgd", "mse", jit_compile=jit_compile)
    guard = NonFiniteGuard(tmp_path)
    report = fit(model, guard, bad=-100.0)
    assert (report.what, report.layer) == ("activations", "log")

    accumulator = EventAccumulator(str(tmp_path / "train")).Reload()
    (event,) = accumulator.Tensors("non_finite")
    text = tf.make_ndarray(event.tensor_proto).item().decode()
    assert "layer 'log' is the first whose output is not finite" in text


@pytest.mark.parametrize("make", [Subclassed, PlainSubclassed])
def test_names_the_gradient(make, tmp_path):
    model = make(Root(name="root"))
    model.compile(keras.optimizers.SGD(0.0), "mse")
    report = fit(model, NonFiniteGuard(tmp_path), bad=0.0)
    assert (report.what, report.layer) == ("gradients", "in")


@pytest.mark.parametrize("make", [functional, Subclassed])
def test_names_the_data(make, tmp_path):
    model = make(keras.layers.BatchNormalization(name="norm"))
    model.guards = False
    model.compile("adam", "mse")
    report = fit(model, NonFiniteGuard(tmp_path), bad=np.nan)
    assert (report.what, report.layer) == ("data", None)


def test_names_the_loss(tmp_path):
    model = sequential(keras.layers.ReLU(name="relu"))
    model.compile("sgd", lambda y, p: keras.ops.log(p - p) * 0 + p)
    guard = NonFiniteGuard(tmp_path)
    with pytest.warns(UserWarning, match="epoch 0, batch 0: every layer"):
        model.fit(*batches(1.0), verbose=0, callbacks=[guard])
    assert guard.report.what == "loss"


@pytest.mark.parametrize("make", [Subclassed, PlainSubclassed])
def test_two_replicas(make, tmp_path):
    with two_replicas().scope():
        model = make(Log(name="log"))
        model.compile("sgd", "mse")
    report = fit(model, NonFiniteGuard(tmp_path), bad=-100.0)
    assert report.layer == "log"


@pytest.mark.parametrize("make", [functional, Subclassed])
def test_overflow_of_the_loss_scale_is_no_fault(make, tmp_path):
    keras.config.set_dtype_policy("mixed_float16")
    try:
        model = make(keras.layers.ReLU(name="relu"))
    finally:
        keras.config.set_dtype_policy("float32")
    optimizer = keras.optimizers.LossScaleOptimizer(
        keras.optimizers.SGD(0.01), initial_scale=2.0**30
    )
    model.compile(optimizer, "mse")
    guard = NonFiniteGuard(tmp_path)
    model.fit(
        *batches(1.0), batch_size=1, epochs=2, verbose=0, callbacks=[guard]
    )
    assert guard.report is None
    assert float(model.optimizer.dynamic_scale) < 2.0**30


def test_a_healthy_run_is_left_alone(tmp_path):
    results = []
    for callbacks in ([], [NonFiniteGuard(tmp_path)]):
        keras.utils.set_random_seed(0)
        model = functional(keras.layers.BatchNormalization(name="norm"))
        model.compile("adam", "mse")
        model.fit(*batches(1.0), epochs=2, verbose=0, callbacks=callbacks)
        results.append(model.get_weights())
    for plain, guarded in zip(*results, strict=True):
        np.testing.assert_allclose(plain, guarded, rtol=1e-6)


def test_rejects_no_patience(tmp_path):
    with pytest.raises(ValueError, match="Received: patience=0"):
        NonFiniteGuard(tmp_path, patience=0)


def test_an_accumulated_update_is_not_made(tmp_path):
    inputs = keras.Input((3,))
    x = keras.layers.Dense(3, name="in")(inputs)
    model = Model(inputs, keras.layers.Dense(1, name="head")(x))
    optimizer = keras.optimizers.SGD(0.01, gradient_accumulation_steps=2)
    model.compile(optimizer, "mse")
    model.guards = False
    guard = NonFiniteGuard(tmp_path)
    x, y = batches(np.nan)  # in the second batch of the second update
    with pytest.warns(UserWarning, match="batch 1: the mean gradient of the"):
        model.fit(x, y, 4, shuffle=False, verbose=0, callbacks=[guard])
    assert (guard.report.what, guard.report.layer) == ("update", "head")
    assert int(optimizer.iterations) == 1
    assert all(np.isfinite(w).all() for w in model.get_weights())
