import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.testing import check_model

TENSORFLOW = keras.config.backend() == "tensorflow"
PLAIN = {"package": "kit_models", "epochs": 3}


@keras.saving.register_keras_serializable("kit_models")
class Good(keras.Model):
    """A functional model that is rebuilt from its arguments."""

    def __init__(self, units, size=4, rate=0.0, **kwargs):
        inputs = keras.Input((size,), name="inputs")
        x = keras.layers.Dense(units, "tanh", name="hidden")(inputs)
        if rate:
            x = keras.layers.Dropout(rate, name="dropout")(x)
        outputs = keras.layers.Dense(2, name="outputs")(x)
        super().__init__(inputs, outputs, **kwargs)
        self.units, self.size, self.rate = units, size, rate

    def get_config(self):
        return {
            "name": self.name,
            "trainable": self.trainable,
            "units": self.units,
            "size": self.size,
            "rate": self.rate,
        }

    @classmethod
    def from_config(cls, config, custom_objects=None):
        return cls(**config)


class DropsArgument(Good):
    def get_config(self):
        config = super().get_config()
        del config["units"]
        return config


class EagerOnly(Good):
    def call(self, inputs, training=None, mask=None):
        y = super().call(inputs)
        return y + float(ops.convert_to_numpy(y).sum() * 0)


class StandsStill(Good):
    def compute_loss(self, *args, **kwargs):
        return super().compute_loss(*args, **kwargs) * 0.0 + 1.0


BROKEN = {
    DropsArgument: "`units` is not in get_config",
    EagerOnly: "cannot run the layer",
    StandsStill: "does not lower the loss",
}


def test_a_model_that_keeps_every_promise_passes():
    check_model(Good, {"units": 3}, (3, 4), (3, 2), export=TENSORFLOW, **PLAIN)


@pytest.mark.parametrize("cls", BROKEN, ids=lambda cls: cls.__name__)
def test_a_broken_promise_is_caught(cls):
    keras.saving.register_keras_serializable("kit_models")(cls)
    with pytest.raises(AssertionError, match=BROKEN[cls]):
        check_model(
            cls,
            {"units": 3},
            (3, 4),
            (3, 2),
            half=False,
            replicas=False,
            **PLAIN,
        )


def test_random_training_must_say_so():
    if not TENSORFLOW:
        pytest.skip("the engine needs TensorFlow")
    from keras_nn import training

    @keras.saving.register_keras_serializable("kit_models")
    class RandomStep(training.Model, Good):
        pass

    with pytest.raises(AssertionError, match="give dropout=0"):
        check_model(
            RandomStep,
            {"units": 3, "rate": 0.5},
            (3, 4),
            (3, 2),
            half=False,
            jit=False,
            **PLAIN,
        )


@pytest.mark.skipif(not TENSORFLOW, reason="the engine needs TensorFlow")
def test_a_loss_that_counts_replicas_is_caught():
    import tensorflow as tf

    from keras_nn import training

    @keras.saving.register_keras_serializable("kit_models")
    class CountsReplicas(training.Model):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.dense = keras.layers.Dense(2, name="dense")

        def build(self, input_shape):
            self.dense.build(input_shape)

        def call(self, inputs):
            return self.dense(inputs)

        def compute_loss(self, x, y, y_pred, sample_weight=None, training=True):
            replicas = tf.distribute.get_strategy().num_replicas_in_sync
            return ops.mean((y - y_pred) ** 2) / replicas

    with pytest.raises(AssertionError, match="on two replicas"):
        check_model(
            CountsReplicas,
            {},
            (3, 4),
            (3, 2),
            compile_kwargs={},
            half=False,
            jit=False,
            **PLAIN,
        )


def test_a_model_that_never_computes_in_half_is_caught():
    from keras_nn.testing.check_model import _assert_half

    model = keras.Sequential([keras.layers.Dense(1, dtype="float32")])
    model.build((None, 2))
    model.dtype_policy = "float32"
    with pytest.raises(AssertionError, match="no layer computes in float16"):
        _assert_half(model, "mixed_float16")


def test_inputs_may_be_arrays():
    ids = np.array([[0.0, 1.0, 2.0, 3.0]] * 3, "float32")
    check_model(
        Good,
        {"units": 3},
        ids,
        fit=False,
        jit=False,
        package="kit_models",
    )
