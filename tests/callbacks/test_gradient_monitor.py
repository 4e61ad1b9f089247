import keras
import numpy as np
import pytest
import tensorflow as tf
from tensorboard.backend.event_processing.event_accumulator import (
    EventAccumulator,
)

from keras_nn.callbacks import GradientMonitor
from keras_nn.callbacks.gradient_monitor import judge
from keras_nn.models import HopfieldNetwork
from keras_nn.testing import two_replicas
from keras_nn.training import Model


def functional():
    inputs = keras.Input((3,))
    x = keras.layers.Dense(4, activation="tanh", name="first")(inputs)
    return keras.Model(inputs, keras.layers.Dense(1, name="last")(x))


def sequential():
    return keras.Sequential(
        [
            keras.Input((3,)),
            keras.layers.Dense(4, activation="tanh", name="first"),
            keras.layers.Dense(1, name="last"),
        ]
    )


class Subclassed(Model):
    def __init__(self):
        super().__init__(name="net")
        self.first = keras.layers.Dense(4, activation="tanh", name="first")
        self.last = keras.layers.Dense(1, name="last")

    def call(self, inputs):
        return self.last(self.first(inputs))


X = np.random.default_rng(0).normal(size=(8, 3)).astype("float32")
Y = X.sum(axis=1, keepdims=True)


def read(log_dir):
    accumulator = EventAccumulator(str(log_dir / "train")).Reload()
    return {
        tag: [
            (event.step, tf.make_ndarray(event.tensor_proto))
            for event in accumulator.Tensors(tag)
        ]
        for tag in accumulator.Tags()["tensors"]
    }


@pytest.mark.parametrize("make", [functional, sequential, Subclassed])
def test_norms_and_ratios_are_those_of_the_step(make, tmp_path):
    model = make()
    model(X)
    model.compile(keras.optimizers.SGD(0.5), "mse")
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(model(X) - Y))
    weights = [w.numpy() for w in model.trainable_weights]
    gradients = tape.gradient(loss, [w.value for w in model.trainable_weights])
    squares = [float(tf.reduce_sum(g**2)) for g in gradients]

    monitor = GradientMonitor(tmp_path, every=1)
    model.fit(X, Y, batch_size=8, verbose=0, callbacks=[monitor])

    events = read(tmp_path)
    first = (squares[0] + squares[1]) ** 0.5
    ((step, norm),) = events["gradient_norm/first"]
    assert step == 1
    np.testing.assert_allclose(norm, first, rtol=1e-4)
    np.testing.assert_allclose(
        events["gradient_norm_global"][0][1], sum(squares) ** 0.5, rtol=1e-4
    )
    size = sum((w**2).sum() for w in weights[:2]) ** 0.5
    np.testing.assert_allclose(
        events["update_ratio/first"][0][1],
        0.5 * first / size,
        rtol=1e-3,
    )
    assert events["gradient_verdict"][-1][1] == b"healthy"


def test_writes_every_so_many_steps_over_two_fits(tmp_path):
    model = functional()
    model.compile("sgd", "mse", jit_compile=True)
    monitor = GradientMonitor(tmp_path, every=3)
    for _ in range(2):
        model.fit(X, Y, batch_size=2, verbose=0, callbacks=[monitor])
    steps = [step for step, _ in read(tmp_path)["gradient_norm_global"]]
    assert steps == [1, 4, 5, 8]


def test_a_model_that_its_first_step_builds(tmp_path):
    model = Subclassed()
    model.compile("adam", "mse")
    monitor = GradientMonitor(tmp_path, every=1)
    model.fit(X, Y, batch_size=4, verbose=0, callbacks=[monitor])
    events = read(tmp_path)
    assert [step for step, _ in events["gradient_norm/first"]] == [1, 2]
    assert [step for step, _ in events["update_ratio/first"]] == [2]


def test_a_model_that_learns_without_gradients_trains(tmp_path):
    model = HopfieldNetwork((4,))
    model.compile()
    x = np.array([[1, -1, 1, -1], [1, 1, -1, -1]], "float32")
    model.fit(x, verbose=0, callbacks=[GradientMonitor(tmp_path)])
    assert not (tmp_path / "train").exists()  # there is nothing to write


def test_two_replicas_write_what_one_writes(tmp_path):
    for name in ("one", "two"):
        keras.utils.set_random_seed(1)
        strategy = (
            two_replicas() if name == "two" else tf.distribute.get_strategy()
        )
        with strategy.scope():
            model = Subclassed()
            model(X)
            model.compile("sgd", "mse")
        model.fit(
            X,
            Y,
            batch_size=7,
            epochs=2,
            shuffle=False,
            verbose=0,
            callbacks=[GradientMonitor(tmp_path / name, every=1)],
        )
    one, two = read(tmp_path / "one"), read(tmp_path / "two")
    assert one.keys() == two.keys()
    for tag in one:
        if tag != "gradient_verdict":
            np.testing.assert_allclose(
                [value for _, value in one[tag]],
                [value for _, value in two[tag]],
                rtol=1e-3,
            )


def test_deep_sigmoids_vanish(tmp_path):
    layers = [keras.layers.Dense(8, "sigmoid") for _ in range(12)]
    model = keras.Sequential([keras.Input((3,)), *layers])
    model.add(keras.layers.Dense(1, name="last"))
    model.compile("sgd", "mse")
    monitor = GradientMonitor(tmp_path, every=1)
    model.fit(X, Y, verbose=0, callbacks=[monitor])
    assert monitor.verdict.startswith("vanishing: dense (")
    assert "largest is last" in monitor.verdict


def test_large_targets_explode(tmp_path):
    model = functional()
    model.compile("sgd", "mse")
    monitor = GradientMonitor(tmp_path, every=1)
    model.fit(X, Y * 1e6, verbose=0, callbacks=[monitor])
    assert monitor.verdict.startswith("exploding: global norm")


def test_says_where_no_gradient_arrives():
    assert judge({"a": None, "b": 1.0}) == "no gradient reaches a"


@pytest.mark.parametrize(
    "arguments", [{"vanishing": 2}, {"exploding": 0}, {"every": 0}]
)
def test_rejects_limits_that_mean_nothing(arguments, tmp_path):
    with pytest.raises(ValueError, match="Received: "):
        GradientMonitor(tmp_path, **arguments)
