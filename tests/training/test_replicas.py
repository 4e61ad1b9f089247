"""N replicas equal one, for every way to write a loss or a step."""

import contextlib

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_nn.testing import slow_but
from keras_nn.testing import two_replicas
from keras_nn.training import Model
from keras_nn.training import replicas


class RawLoss(Model):
    """A `compute_loss` written with plain means."""

    def compute_loss(self, x, y, y_pred, sample_weight=None, training=True):
        loss = keras.ops.mean(keras.ops.square(y - y_pred))
        return loss + sum(self.losses)


class Decorrelated(keras.layers.Layer):
    """Adds a loss before and behind an exchange between replicas."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.norm = keras.layers.BatchNormalization()

    def call(self, inputs, training=None):
        self.add_loss(keras.ops.mean(keras.ops.square(inputs)))
        outputs = self.norm(inputs, training=training)
        self.add_loss(0.1 * keras.ops.mean(keras.ops.abs(outputs)))
        return outputs


class OwnStep(Model):
    """A `train_step` that uses `minimize`."""

    def train_step(self, data):
        x, y, weight = keras.utils.unpack_x_y_sample_weight(data)
        with tf.GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = keras.ops.mean(keras.ops.square(y - y_pred))
        self.minimize(loss, tape)
        self.track_loss(loss)
        return self.compute_metrics(x, y, y_pred, weight)


class KerasStep(Model):
    """A `train_step` as the Keras guides write it, unaware of replicas."""

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self.compute_loss(x=x, y=y, y_pred=y_pred)
        gradients = tape.gradient(loss, self.trainable_weights)
        self.optimizer.apply_gradients(
            zip(gradients, self.trainable_weights, strict=True)
        )
        self._loss_tracker.update_state(loss, sample_weight=tf.shape(x)[0])
        return self.compute_metrics(x, y, y_pred)


def network(cls, head, batch_norm=False, regularizer=None, layer=None):
    inputs = keras.Input((4,))
    x = keras.layers.Dense(
        8, activation="tanh", kernel_regularizer=regularizer, name="hidden"
    )(inputs)
    if layer:
        x = layer(name="between")(x)
    if batch_norm:
        x = keras.layers.BatchNormalization(name="norm")(x)
    outputs = keras.layers.Dense(head, dtype="float32", name="head")(x)
    return cls(inputs, outputs)


def trained(scope, cls=Model, loss="mse", optimizer=None, **options):
    """Weights, epoch losses and evaluation after uneven batches of 11."""
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    count = options.pop("count", 29)  # batches of 11, 11, 7
    x = rng.normal(size=(count, 4)).astype("float32")
    weights = options.pop("sample_weight", None)
    if weights is not None:
        weights = rng.uniform(0.1, 3, size=count).astype("float32")
    policy = options.pop("policy", "float32")
    compile_options = options.pop("compile", {})
    head = 3 if "sparse" in str(loss) else 1
    y = (x @ rng.normal(size=(4, head))).astype("float32")
    y = y.argmax(-1) if head == 3 else y
    with scope:
        before = keras.config.dtype_policy()
        keras.config.set_dtype_policy(policy)
        model = network(cls, head, **options)
        keras.config.set_dtype_policy(before)
        make = optimizer or (lambda: keras.optimizers.SGD(0.1))
        metrics = ["mae"] if head == 1 else ["accuracy"]
        model.compile(make(), loss, metrics=metrics, **compile_options)
        history = model.fit(
            x, y, 11, epochs=2, verbose=0, shuffle=False, sample_weight=weights
        )
        tested = model.evaluate(x, y, 11, verbose=0, return_dict=True)
    return model.get_weights(), history.history, tested


CASES = {
    "loss object": {},
    "sparse loss": {
        "loss": keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    },
    "sum reduction": {
        "loss": keras.losses.MeanSquaredError("sum"),
        "optimizer": lambda: keras.optimizers.SGD(0.003),
    },
    "sample weights": {"sample_weight": True},
    "weighted mean": {
        "loss": keras.losses.MeanSquaredError("mean_with_sample_weight"),
        "sample_weight": True,
    },
    "raw mean and penalty": {
        "cls": RawLoss,
        "loss": None,
        "regularizer": "l2",
    },
    "losses that layers add": {"layer": Decorrelated},
    "losses that layers add, and weights": {
        "layer": Decorrelated,
        "sample_weight": True,
    },
    "raw mean and losses that layers add": {
        "cls": RawLoss,
        "loss": None,
        "layer": Decorrelated,
    },
    "own step": {"cls": OwnStep},
    "keras step": {"cls": KerasStep},
    "batch norm": {"batch_norm": True},
    "global clip": {
        "optimizer": lambda: keras.optimizers.SGD(0.1, global_clipnorm=0.05)
    },
    "clip and adam": {
        "cls": KerasStep,
        "optimizer": lambda: keras.optimizers.Adam(0.01, clipnorm=0.05),
    },
    "one example for two": {"count": 23},  # batches of 11, 11, 1
    "raw mean, one example for two": {
        "cls": RawLoss,
        "loss": None,
        "count": 23,
    },
    "own step, one example for two": {"cls": OwnStep, "count": 23},
    "moving average": {
        "optimizer": lambda: keras.optimizers.Adam(
            0.01, use_ema=True, ema_momentum=0.5, ema_overwrite_frequency=2
        )
    },
    "moving average, to the end": {
        "optimizer": lambda: keras.optimizers.SGD(0.1, use_ema=True)
    },
    "steps per execution": {"compile": {"steps_per_execution": 2}},
    "more steps per execution than steps": {
        "compile": {"steps_per_execution": 8}
    },
    "weight decay": {
        "optimizer": lambda: keras.optimizers.AdamW(0.01, weight_decay=0.1)
    },
}


@pytest.mark.parametrize(
    "case",
    slow_but(
        "sample weights",
        "losses that layers add, and weights",
        "own step, one example for two",
        "batch norm",
        "clip and adam",
        "raw mean, one example for two",
        "moving average",
        "more steps per execution than steps",
        of=CASES,
    ),
)
def test_two_replicas_equal_one(case):
    one = trained(contextlib.nullcontext(), **CASES[case])
    two = trained(two_replicas().scope(), **CASES[case])
    for left, right in zip(one[0], two[0], strict=True):
        np.testing.assert_allclose(left, right, atol=1e-5)
    for name, values in one[1].items():
        np.testing.assert_allclose(values, two[1][name], rtol=1e-4)
    for name, value in one[2].items():
        np.testing.assert_allclose(value, two[2][name], rtol=1e-4)


@pytest.mark.parametrize("cls", slow_but(OwnStep, of=[Model, OwnStep]))
def test_two_replicas_equal_one_in_half_precision(cls):
    case = {"cls": cls, "policy": "mixed_float16"}
    one = trained(contextlib.nullcontext(), **case)
    two = trained(two_replicas().scope(), **case)
    for left, right in zip(one[0], two[0], strict=True):
        np.testing.assert_allclose(left, right, atol=2e-3)


def test_metrics_that_are_no_means_are_reduced_by_state():
    def auc(scope):
        keras.utils.set_random_seed(0)
        rng = np.random.default_rng(1)
        x = rng.normal(size=(29, 4)).astype("float32")
        y = (x[:, :1] + rng.normal(size=(29, 1)) > 0).astype("float32")
        with scope:
            model = network(Model, 1)
            model.compile("sgd", "mse", metrics=[keras.metrics.AUC()])
            return model.evaluate(x, y, 11, verbose=0)[1]

    one = auc(contextlib.nullcontext())
    assert one == pytest.approx(auc(two_replicas().scope()), abs=1e-6)


def test_outside_a_step_keras_is_as_it_was():
    assert replicas.current_step() is None
    with two_replicas().scope():
        value = keras.losses.MeanSquaredError()([[2.0]], [[0.0]])
    assert float(value) == pytest.approx(2.0)  # halved by Keras, as always
