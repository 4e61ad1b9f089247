import keras
import numpy as np
import pytest
import tensorflow as tf
from tensorboard.backend.event_processing.event_accumulator import (
    EventAccumulator,
)

from keras_nn.callbacks import LearningRateFinder
from keras_nn.testing import two_replicas
from keras_nn.training import Model

RNG = np.random.default_rng(0)
X = RNG.normal(size=(64, 3)).astype("float32")
Y = X @ np.array([[1.0], [-2.0], [0.5]], "float32")


def layers():
    return [
        keras.layers.BatchNormalization(),
        keras.layers.Dropout(0.1),
        keras.layers.Dense(1),
    ]


def functional():
    inputs = x = keras.Input((3,))
    for layer in layers():
        x = layer(x)
    return keras.Model(inputs, x)


def sequential():
    return keras.Sequential([keras.Input((3,)), *layers()])


class Subclassed(Model):
    def __init__(self):
        super().__init__()
        self.blocks = layers()

    def call(self, inputs, training=None):
        norm, dropout, dense = self.blocks
        x = norm(inputs, training=training)
        return dense(dropout(x, training=training))


def optimizer():
    schedule = keras.optimizers.schedules.CosineDecay(0.01, 100)
    return keras.optimizers.Adam(schedule)


@pytest.mark.parametrize("make", [functional, sequential, Subclassed])
def test_leaves_the_model_exactly_as_it_was(make, tmp_path):
    model = make()
    model.compile(optimizer(), "mse", metrics=["mae"])
    model.fit(X, Y, verbose=0)
    history, compiled = model.history, model.optimizer
    weights = [v.numpy() for v in model.variables]
    state = [v.numpy() for v in model.optimizer.variables]

    curve = LearningRateFinder(tmp_path, minimum=1e-4, steps=30).find(
        model, X, Y, batch_size=16
    )

    assert model.optimizer is compiled and model.history is history
    for variable, value in zip(model.variables, weights, strict=True):
        np.testing.assert_array_equal(variable.numpy(), value)
    for variable, value in zip(model.optimizer.variables, state, strict=True):
        np.testing.assert_array_equal(variable.numpy(), value)
    model.fit(X, Y, verbose=0)
    assert int(compiled.iterations) == 4

    accumulator = EventAccumulator(
        str(tmp_path / "train"), {"tensors": 0}
    ).Reload()
    rates = [
        float(tf.make_ndarray(event.tensor_proto))
        for event in accumulator.Tensors("learning_rate_finder/learning_rate")
    ]
    np.testing.assert_allclose(rates, curve.learning_rates, rtol=1e-5)
    (picture,) = accumulator.Tensors("learning_rate_finder/curve")
    assert picture.step == len(curve.losses) - 1


def test_finds_the_limit_of_gradient_descent():
    """Full-batch SGD on a quadratic diverges above 2 / curvature."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    x = np.linspace(-1, 1, 32, dtype="float32")[:, None] * 3
    curvature = 2 * float((x**2).mean())
    curve = LearningRateFinder(minimum=1e-4, steps=60).find(
        model, x, 5 * x, batch_size=32
    )
    assert curve.suggestion < 2 / curvature
    assert curve.upper < 2 / curvature
    assert curve.suggestion > 1e-3
    ratio = curve.learning_rates[1:] / curve.learning_rates[:-1]
    np.testing.assert_allclose(ratio, (10 / 1e-4) ** (1 / 59), rtol=1e-6)


def test_takes_a_data_set_shorter_than_the_sweep():
    model = functional()
    model.compile("sgd", "mse", jit_compile=True)
    data = tf.data.Dataset.from_tensor_slices((X, Y)).batch(32)
    curve = LearningRateFinder(minimum=1e-4, maximum=1e-2, steps=12).find(
        model, data
    )
    assert len(curve.losses) == 12


def test_half_precision():
    keras.config.set_dtype_policy("mixed_float16")
    try:
        model = functional()
    finally:
        keras.config.set_dtype_policy("float32")
    model.compile(optimizer(), "mse")
    assert isinstance(model.optimizer, keras.optimizers.LossScaleOptimizer)
    curve = LearningRateFinder(minimum=1e-3, steps=10).find(model, X, Y)
    assert np.isfinite(curve.losses).all()


def test_two_replicas():
    with two_replicas().scope():
        model = Subclassed()
        model.compile("sgd", "mse")
        model(X)
    before = model.get_weights()
    curve = LearningRateFinder(minimum=1e-4, maximum=0.1, steps=8).find(
        model, X, Y, batch_size=16
    )
    assert len(curve.losses) == 8
    for value, old in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(value, old)


def test_a_failing_sweep_restores_too():
    model = functional()
    model.compile("sgd", "mse")
    compiled = model.optimizer
    with pytest.raises(ValueError):
        LearningRateFinder(steps=10).find(model, X, np.ones((3, 1)))
    assert model.optimizer is compiled


@pytest.mark.parametrize(
    "arguments",
    [{"minimum": 0}, {"steps": 1}, {"smoothing": 1}, {"stop_factor": 1}],
)
def test_rejects(arguments):
    with pytest.raises(ValueError, match="Received: "):
        LearningRateFinder(**arguments)


def test_rejects_a_model_that_is_not_built():
    model = Subclassed()
    model.compile("sgd", "mse")
    with pytest.raises(ValueError, match="must be built"):
        LearningRateFinder().find(model, X, Y)
