import keras
import numpy as np
import pytest
import tensorflow as tf
from tensorboard.backend.event_processing.event_accumulator import (
    EventAccumulator,
)

from keras_nn.callbacks import ActivationMonitor
from keras_nn.testing import two_replicas


def layers():
    return [
        keras.layers.Dense(4, name="linear"),
        keras.layers.ReLU(name="relu"),
        keras.layers.Dense(5, activation="tanh", name="tanh"),
        keras.layers.Dense(2, activation="softmax", name="head"),
    ]


def functional():
    inputs = x = keras.Input((3,))
    for layer in layers():
        x = layer(x)
    return keras.Model(inputs, x)


def sequential():
    return keras.Sequential([keras.Input((3,)), *layers()])


class Subclassed(keras.Model):
    def __init__(self):
        super().__init__()
        self.blocks = layers()

    def call(self, inputs):
        for block in self.blocks:
            inputs = block(inputs)
        return inputs


X = np.random.default_rng(0).normal(size=(16, 3)).astype("float32")
Y = np.zeros(16, "int32")


def read(folder):
    accumulator = EventAccumulator(str(folder)).Reload()
    return {
        tag: [
            (event.step, tf.make_ndarray(event.tensor_proto))
            for event in accumulator.Tensors(tag)
        ]
        for tag in accumulator.Tags()["tensors"]
    }


def kill_and_saturate(model):
    """Two of four relu units dead, three of five tanh units at their limit."""
    model(X)
    linear, _, tanh, _ = [
        layer
        for layer in model.layers
        if not isinstance(layer, keras.layers.InputLayer)
    ]
    linear.bias.assign([-50.0, -50.0, 0.0, 0.0])
    tanh.bias.assign([50.0, -50.0, 50.0, 0.0, 0.0])


@pytest.mark.parametrize("policy", ["float32", "mixed_float16"])
@pytest.mark.parametrize("make", [functional, sequential, Subclassed])
def test_dead_and_saturated_units(make, policy, tmp_path):
    keras.config.set_dtype_policy(policy)
    try:
        model = make()
    finally:
        keras.config.set_dtype_policy("float32")
    kill_and_saturate(model)
    model.compile(keras.optimizers.SGD(0.0), "sparse_categorical_crossentropy")
    monitor = ActivationMonitor(tmp_path, X, every=2, limit=8)
    model.fit(X, Y, epochs=3, verbose=0, callbacks=[monitor])

    events = read(tmp_path / "train")
    assert [step for step, _ in events["dead_units/relu"]] == [0, 2]
    values = {tag: items[0][1] for tag, items in events.items()}
    assert values["dead_units/relu"] == 0.5
    assert values["zero_activations/relu"] >= 0.5
    assert values["dead_units/tanh"] >= 0.6
    assert 0.6 <= values["saturated/tanh"] < 1
    assert "saturated/relu" not in values and "dead_units/head" not in values
    assert "dead_units/linear" not in values
    assert values["activation/relu"][:, 2].sum() == 8 * 4


def test_two_replicas(tmp_path):
    with two_replicas().scope():
        model = Subclassed()
        kill_and_saturate(model)
        model.compile("sgd", "sparse_categorical_crossentropy")
    monitor = ActivationMonitor(tmp_path, X)
    model.fit(X, Y, batch_size=8, verbose=0, callbacks=[monitor])
    assert monitor.dead_units["relu"] == 0.5


@pytest.mark.parametrize(
    "x", [np.ones((0, 3)), (np.ones((2, 3)), np.ones((3, 3)))]
)
def test_rejects_data_that_is_none(x, tmp_path):
    with pytest.raises(ValueError, match="Received: lengths"):
        ActivationMonitor(tmp_path, x)
