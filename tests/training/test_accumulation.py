"""N batches in turn equal one N times larger batch."""

import contextlib

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_nn.losses import TokenCrossentropy
from keras_nn.testing import slow_but
from keras_nn.testing import two_replicas
from keras_nn.training import Model

X, Y = np.ones((8, 4)), np.ones((8, 1))
STEPS, SMALL = 3, 4  # of 29 examples: updates on 12, 12 and 4 + 1
SCOPES = {"one": contextlib.nullcontext, "two": lambda: two_replicas().scope()}
on_replicas = pytest.mark.parametrize("replicas", slow_but("two", of=SCOPES))


class RawLoss(Model):
    def compute_loss(self, x, y, y_pred, sample_weight=None, training=True):
        return keras.ops.mean(keras.ops.square(y - y_pred)) + sum(self.losses)


class OwnStep(Model):
    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            loss = keras.ops.mean(keras.ops.square(y - self(x, training=True)))
        self.minimize(loss, tape)
        self.track_loss(loss)
        return self.get_metrics_result()


class KerasStep(Model):
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


def dense(cls):
    inputs = keras.Input((4,))
    x = keras.layers.Dense(8, "tanh", kernel_regularizer="l2")(inputs)
    return cls(inputs, keras.layers.Dense(1, dtype="float32")(x))


def tokens(cls):
    """Ids of which each batch masks out another number."""
    inputs = keras.Input((4,))
    x = keras.layers.Embedding(5, 3, mask_zero=True)(inputs)
    return cls(inputs, keras.layers.Dense(1)(x))


def padded(cls):
    """Ids whose labels are padded, by another number in each batch."""
    inputs = keras.Input((4,))
    x = keras.layers.Embedding(5, 3)(inputs)
    return cls(inputs, keras.layers.Dense(5)(x))


def trained(
    replicas,
    accumulated,
    optimizer,
    make=dense,
    cls=Model,
    loss="mse",
    weigh=False,
    policy="float32",
    spoilt=None,
    attributes=None,
    **compile_options,
):
    """The model and its history after two epochs."""
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    x = rng.normal(size=(29, 4)).astype("float32")
    y = x[:, :1] * x[:, 1:2]
    if make is padded:
        x = rng.integers(0, 5, (29, 4))
        length = np.minimum(np.arange(29) // 3 % 5, 4)  # a batch may be empty
        y = np.where(np.arange(4) < length[:, None], x[:, ::-1], -1)
    if make is tokens:
        x = rng.integers(0, 5, (29, 4)) * (rng.random((29, 4)) < 0.6)
        y = rng.normal(size=(29, 4, 1)).astype("float32")
    if spoilt is not None:
        x[spoilt, 0] = np.inf
    weights = rng.uniform(0.1, 3, 29).astype("float32") if weigh else None
    with SCOPES[replicas]():
        keras.config.set_dtype_policy(policy)
        model = make(cls)
        keras.config.set_dtype_policy("float32")
        model.compile(optimizer(), loss, **compile_options)
        for name, value in (attributes or {}).items():
            setattr(model, name, value)
        if accumulated:
            model.accumulate(STEPS)
        history = model.fit(
            *(x, y, SMALL if accumulated else SMALL * STEPS),
            epochs=2,
            verbose=0,
            shuffle=False,
            sample_weight=weights,
        )
    return model, history.history


def assert_equal(model, expected, tolerance=1e-6):
    pairs = zip(model.get_weights(), expected.get_weights(), strict=True)
    for left, right in pairs:
        np.testing.assert_allclose(left, right, atol=tolerance)


def sgd(rate=0.1, **options):
    return lambda: keras.optimizers.SGD(rate, momentum=0.9, **options)


def decaying():
    rate = keras.optimizers.schedules.ExponentialDecay(0.1, 2, 0.3)
    return keras.optimizers.SGD(rate)


CASES = {
    "momentum": {"optimizer": sgd()},
    "adam": {"optimizer": lambda: keras.optimizers.Adam(0.01)},
    "global clip": {"optimizer": sgd(global_clipnorm=0.05)},
    "schedule": {"optimizer": decaying},
    "loss scale": {
        "optimizer": lambda: keras.optimizers.LossScaleOptimizer(
            keras.optimizers.AdamW(0.01, global_clipnorm=0.1)
        )
    },
    "moving average": {
        "optimizer": sgd(
            use_ema=True, ema_momentum=0.5, ema_overwrite_frequency=2
        )
    },
    "raw loss": {"optimizer": sgd(), "cls": RawLoss, "loss": None},
    "own step": {"optimizer": sgd(), "cls": OwnStep},
    "keras step": {"optimizer": sgd(), "cls": KerasStep},
    "sample weights": {"optimizer": sgd(), "weigh": True},
    "weighted mean": {
        "optimizer": sgd(),
        "weigh": True,
        "loss": keras.losses.MeanSquaredError("mean_with_sample_weight"),
    },
    "mask and sparse gradient": {"optimizer": sgd(), "make": tokens},
    "padding": {
        "optimizer": sgd(),
        "make": padded,
        "loss": TokenCrossentropy(label_smoothing=0.1),
    },
    "steps per execution": {"optimizer": sgd(), "steps_per_execution": 2},
}


@pytest.mark.parametrize(
    "case",
    slow_but(
        "adam",
        "global clip",
        "loss scale",
        "own step",
        "padding",
        "sample weights",
        "steps per execution",
        of=CASES,
    ),
)
def test_equals_the_larger_batch(case):
    expected, losses = trained("one", False, **CASES[case])
    for replicas in SCOPES:
        model, received = trained(replicas, True, **CASES[case])
        assert_equal(model, expected)
        assert int(model.optimizer.iterations) == 6
        np.testing.assert_allclose(received["loss"], losses["loss"], rtol=1e-5)


def test_equals_the_larger_batch_under_xla():
    case = {"optimizer": sgd(global_clipnorm=0.05), "jit_compile": True}
    expected, _ = trained("one", False, **case)
    assert_equal(trained("one", True, **case)[0], expected)


@on_replicas
def test_equals_the_larger_batch_in_half_precision(replicas):
    case = {"optimizer": sgd(), "policy": "mixed_float16"}
    expected, losses = trained("one", False, **case)
    model, received = trained(replicas, True, **case)
    assert_equal(model, expected, 2e-3)
    assert received["loss"][1] < received["loss"][0]


@on_replicas
def test_a_loss_scale_judges_the_whole_update(replicas):
    case = {
        "optimizer": lambda: keras.optimizers.LossScaleOptimizer(
            keras.optimizers.SGD(0.1)
        ),
        "spoilt": 13,  # in the first of three batches of the second update
        "attributes": {"guards": False},
    }
    expected, _ = trained("one", False, **case)
    model, _ = trained(replicas, True, **case)
    assert_equal(model, expected)
    for one in (model, expected):
        assert int(one.optimizer.iterations) == 4
        assert one.optimizer.dynamic_scale.numpy() == 2.0**13


@on_replicas
def test_an_update_that_is_not_finite_can_be_skipped(replicas):
    case = {
        "optimizer": sgd(),
        "spoilt": 17,
        "attributes": {"guards": False, "skip_nonfinite_updates": True},
    }
    expected, _ = trained("one", False, **case)
    model, _ = trained(replicas, True, **case)
    assert_equal(model, expected)
    assert int(model.optimizer.iterations) == 4
    assert int(model.nonfinite_steps.numpy()) == 2


@pytest.mark.filterwarnings("ignore:Your input ran out of data")
def test_a_step_of_fit_is_an_update():
    seen = []

    class Listener(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            seen.append((batch, int(self.model.optimizer.iterations)))

    model = dense(Model)
    rate = keras.optimizers.schedules.ExponentialDecay(1.0, 1, 0.5)
    model.compile(
        keras.optimizers.SGD(rate, gradient_accumulation_steps=3), "mse"
    )
    data = tf.data.Dataset.from_tensor_slices(
        (np.ones((40, 4)), np.ones((40, 1)))
    ).batch(4)
    model.fit(data, verbose=0, callbacks=[Listener()])
    assert seen == [(0, 1), (1, 2), (2, 3), (3, 4)]  # 10 batches
    assert float(model.optimizer.learning_rate) == 0.5**4
    model.fit(data, verbose=0, steps_per_epoch=6, callbacks=[Listener()])
    assert seen[4:] == [(0, 5), (1, 6)]
    model.fit(data.filter(lambda x, y: True), verbose=0)  # of unknown length
    assert int(model.optimizer.iterations) == 10


def test_a_plain_keras_model_accumulates_as_keras_does():
    rate = keras.optimizers.schedules.ExponentialDecay(1.0, 1, 0.5)
    optimizer = keras.optimizers.SGD(rate, gradient_accumulation_steps=2)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    model.compile(optimizer, "mse")
    model.fit(X, Y, 2, verbose=0)
    assert int(optimizer.iterations) == 2
    assert float(optimizer.learning_rate) == 0.5**4  # it counts batches


@pytest.mark.slow
def test_save_and_load_keep_the_accumulation(tmp_path, recwarn):
    model, _ = trained("one", True, lambda: keras.optimizers.Adam(0.01))
    model.save(tmp_path / "m.keras")
    loaded = keras.saving.load_model(tmp_path / "m.keras")
    assert [w for w in recwarn if w.category is UserWarning] == []
    assert loaded.optimizer.gradient_accumulation_steps == STEPS
    x, y = np.ones((29, 4)), np.zeros((29, 1))
    for one in (model, loaded):
        one.fit(x, y, SMALL, verbose=0, shuffle=False)
        assert int(one.optimizer.iterations) == 9
    assert_equal(loaded, model, 0.0)


def compiled(optimizer=None, cls=Model, loss="mse"):
    model = dense(cls)
    model.compile(
        optimizer or keras.optimizers.SGD(gradient_accumulation_steps=2), loss
    )
    return model


def test_refuses_a_sum_over_the_batch():
    model = compiled(loss=keras.losses.MeanSquaredError("sum"))
    with pytest.raises(ValueError, match="Received: reduction='sum'"):
        model.fit(X, Y, 2, verbose=0)


@pytest.mark.filterwarnings("ignore:Layer 'flatten'")
def test_refuses_losses_that_are_means_over_different_things():
    inputs = keras.Input((4,))
    x = keras.layers.Embedding(5, 3, mask_zero=True)(inputs)
    heads = [
        keras.layers.Dense(1, name="masked")(x),
        keras.layers.Dense(1, name="whole")(keras.layers.Flatten()(x)),
    ]
    model = Model(inputs, heads)
    model.compile(
        keras.optimizers.SGD(gradient_accumulation_steps=2), ["mse", "mse"]
    )
    with pytest.raises(ValueError, match="Received: losses over 2 different"):
        model.fit(X, [np.ones((8, 4, 1)), Y], 2, verbose=0)


@pytest.mark.parametrize("steps", [0, 1.5])
def test_refuses_a_number_of_steps_that_is_none(steps):
    with pytest.raises(ValueError, match=f"Received: steps={steps}"):
        compiled("sgd").accumulate(steps)


def test_refuses_to_be_set_too_late():
    model = compiled("sgd")
    model.fit(X, Y, verbose=0)
    with pytest.raises(ValueError, match="before the optimiser is built"):
        model.accumulate(2)
    model.optimizer.gradient_accumulation_steps = 2
    with pytest.raises(ValueError, match="before the optimiser is built"):
        model.fit(X, Y, verbose=0)


def test_refuses_an_optimiser_that_the_model_does_not_name():
    class Hidden(Model):
        def train_step(self, data):
            x, y = data
            with tf.GradientTape() as tape:
                loss = keras.ops.mean(self(x) - y)
            self.minimize(loss, tape, optimizer=self.hidden)
            return {"loss": loss}

    model = compiled("sgd", cls=Hidden)
    model.hidden = keras.optimizers.SGD(gradient_accumulation_steps=2)
    with pytest.raises(ValueError, match="override that property"):
        model.fit(X, Y, verbose=0)


def test_refuses_two_updates_of_an_optimiser_in_one_step():
    class Twice(OwnStep):
        def train_step(self, data):
            super().train_step(data)
            return super().train_step(data)

    with pytest.raises(ValueError, match="must apply an optimiser once"):
        compiled(cls=Twice).fit(X, Y, 2, verbose=0)
