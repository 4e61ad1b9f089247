import contextlib

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_nn.testing import two_replicas
from keras_nn.training import Model


def network(policy="float32"):
    inputs = keras.Input((4,))
    x = keras.layers.Dense(8, "tanh", dtype=policy)(inputs)
    return Model(inputs, keras.layers.Dense(1, dtype="float32")(x))


def examples():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(25, 4)).astype("float32")
    return x, x[:, :1] * x[:, 1:2]


@pytest.mark.parametrize("policy", ["float32", "mixed_float16"])
@pytest.mark.parametrize("way", ["xla", "graph", "two replicas", "accumulated"])
def test_observers_see_the_gradient_of_the_whole_update(way, policy):
    two = way == "two replicas"
    with two_replicas().scope() if two else contextlib.nullcontext():
        keras.config.set_dtype_policy(policy)
        model = network(policy)
        model.compile("sgd", "mse", jit_compile=way == "xla")
        keras.config.set_dtype_policy("float32")
        if way == "accumulated":
            model.accumulate(3)
        seen = tf.Variable(
            0.0, aggregation=tf.VariableAggregation.ONLY_FIRST_REPLICA
        )
    model.gradient_observers.append(
        lambda variables, gradients: seen.assign(tf.norm(gradients[-1]))
    )
    x, y = examples()
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((y - model(x)) ** 2)
    weight = model.trainable_weights[-1].value
    if two:
        weight = two_replicas().experimental_local_results(weight)[0]
    expected = tf.norm(tape.gradient(loss, weight))
    batch_size = 10 if way == "accumulated" else 25
    with two_replicas().scope() if two else contextlib.nullcontext():
        model.fit(x, y, batch_size, verbose=0, shuffle=False)
    assert float(seen.numpy()) == pytest.approx(float(expected), rel=2e-3)


def averaged(**options):
    model = network()
    optimizer = keras.optimizers.SGD(
        0.1, use_ema=True, ema_momentum=0.5, ema_overwrite_frequency=2
    )
    model.compile(optimizer, "mse", **options)
    keras.utils.set_random_seed(0)
    model.set_weights([np.full(w.shape, 0.1) for w in model.get_weights()])
    model.fit(*examples(), 5, epochs=1, verbose=0, shuffle=False)
    return model.get_weights()


@pytest.mark.parametrize("jit_compile", [False, True])
def test_weights_are_overwritten_by_their_average_as_in_keras(jit_compile):
    received = averaged(jit_compile=jit_compile)
    model = keras.Model(*(lambda m: (m.inputs, m.outputs))(network()))
    model.compile(
        keras.optimizers.SGD(
            0.1, use_ema=True, ema_momentum=0.5, ema_overwrite_frequency=2
        ),
        "mse",
    )
    model.set_weights([np.full(w.shape, 0.1) for w in model.get_weights()])
    model.fit(*examples(), 5, epochs=1, verbose=0, shuffle=False)
    for left, right in zip(received, model.get_weights(), strict=True):
        np.testing.assert_allclose(left, right, atol=1e-6)


class Counted(keras.optimizers.schedules.LearningRateSchedule):
    asked = 0

    def __call__(self, step):
        self.asked += 1
        return 0.1 / (1.0 + keras.ops.cast(step, "float32"))


def test_a_schedule_is_asked_once_a_step_and_weights_are_those_of_keras():
    x, y = examples()
    weights = []
    for build in (Model, keras.Model):
        keras.utils.set_random_seed(0)
        inputs = keras.Input((4,))
        h = keras.layers.Dense(8, "tanh")(inputs)
        model = build(inputs, keras.layers.Dense(1)(h))
        schedule = Counted()
        model.compile(keras.optimizers.AdamW(schedule, 0.1), "mse")
        model.fit(x, y, 5, 2, verbose=0, shuffle=False)
        weights.append(model.get_weights())
        if build is Model:
            assert model.optimizer._learning_rate is schedule
            traced = schedule.asked
    assert traced <= 3 < schedule.asked  # Keras: once a variable
    for ours, theirs in zip(*weights, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-7)


def test_the_step_is_traced_once():
    traced = []

    class Traced(Model):
        def train_step(self, data):
            traced.append(data)
            return super().train_step(data)

    inputs = keras.Input((4,))
    model = Traced(inputs, keras.layers.Dense(1)(inputs))
    model.compile("adam", "mse")
    model.fit(*examples(), 10, 2, verbose=0)
    assert len(traced) == 1
