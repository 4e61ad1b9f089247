import os

import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.testing import check_layer

TENSORFLOW = keras.config.backend() == "tensorflow"


@keras.saving.register_keras_serializable(package="kit_layers")
class Good(keras.layers.Layer):
    """Two dense projections of one input, with every promise kept."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.supports_masking = True
        self.first = self.dense("first")
        self.second = self.dense("second")

    def dense(self, name):
        return keras.layers.Dense(
            self.units, dtype=self.dtype_policy, name=name
        )

    def build(self, input_shape):
        self.first.build(input_shape)
        self.second.build(input_shape)

    def call(self, inputs, training=None):
        return self.first(inputs) + ops.tanh(self.second(inputs))

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)

    def get_config(self):
        return {**super().get_config(), "units": self.units}


class DropsArgument(Good):
    def get_config(self):
        config = super().get_config()
        del config["units"]
        return config


class HidesArgument(Good):
    def __init__(self, units, rate=0.5, **kwargs):
        super().__init__(units, **kwargs)
        self.share = rate

    def get_config(self):
        return {**super().get_config(), "rate": self.share}


class ChangesArgument(Good):
    def get_config(self):
        return {**super().get_config(), "units": self.units + 1}


class RewritesInBuild(Good):
    def build(self, input_shape):
        super().build(input_shape)
        self.units = float(self.units)


class SharesDefault(Good):
    def __init__(
        self, units, initializer=keras.initializers.HeNormal(), **kwargs
    ):
        super().__init__(units, **kwargs)
        self.initializer = initializer


class WrongShape(Good):
    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units + 1)


class NoShape(Good):
    compute_output_shape = keras.layers.Layer.compute_output_shape


class FixesBatch(Good):
    def call(self, inputs, training=None):
        return super().call(inputs) * np.ones((2, 1, 1), "float32")


class WrongMask(Good):
    def call(self, inputs, training=None):
        return ops.mean(super().call(inputs), axis=1)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.units)

    def compute_mask(self, inputs, previous_mask):
        return previous_mask


class IgnoresMask(Good):
    def call(self, inputs, training=None, mask=None):
        y = super().call(inputs)
        return y + ops.mean(y, axis=1, keepdims=True)


class NaNGradient(Good):
    def call(self, inputs, training=None):
        y = super().call(inputs)
        return y + ops.sqrt(ops.sum(y - y, axis=-1, keepdims=True))


class UnusedWeight(Good):
    def call(self, inputs, training=None):
        return self.first(inputs)


class EqualWeights(Good):
    def __init__(self, units, **kwargs):
        super().__init__(units, **kwargs)
        initializer = keras.initializers.GlorotUniform()
        self.first.kernel_initializer = initializer
        self.second.kernel_initializer = initializer


class UnnamedSublayer(Good):
    def dense(self, name):
        return keras.layers.Dense(self.units, dtype=self.dtype_policy)


class SystemRandomness(Good):
    def build(self, input_shape):
        super().build(input_shape)
        seed = int.from_bytes(os.urandom(4), "little")
        value = np.random.default_rng(seed).normal(size=(3,))
        self.offset = self.add_weight(
            (3,), lambda shape, dtype: ops.cast(value, dtype), name="offset"
        )

    def call(self, inputs, training=None):
        return super().call(inputs) + self.offset


class FrozenRandomness(Good):
    def call(self, inputs, training=None):
        y = super().call(inputs)
        if training:
            y = y * np.random.uniform()
        return y


class LeavesHalf(Good):
    def call(self, inputs, training=None):
        return ops.cast(super().call(inputs), "float32")


class ForgetsPolicy(Good):
    def dense(self, name):
        return keras.layers.Dense(self.units, name=name)


class VanishesInHalf(Good):
    def call(self, inputs, training=None):
        y = super().call(inputs)
        return y / (ops.mean(y * y, axis=-1, keepdims=True) * 0 + 1e-8) * 1e-8


class LosesWeightsInFile(Good):
    def save_own_variables(self, store):
        pass

    def load_own_variables(self, store):
        pass

    def build(self, input_shape):
        super().build(input_shape)
        self.gain = self.add_weight((3,), "random_normal", name="gain")

    def call(self, inputs, training=None):
        return super().call(inputs) * self.gain


class NoBuild(Good):
    build = keras.layers.Layer.build


class BatchStatistics(Good):
    def call(self, inputs, training=None):
        y = super().call(inputs)
        return y - ops.mean(y, axis=0, keepdims=True) if training else y


class EagerOnly(Good):
    def call(self, inputs, training=None):
        y = super().call(inputs)
        return y + float(ops.convert_to_numpy(y).sum() * 0)


BROKEN = {
    DropsArgument: "`units` is not in get_config",
    HidesArgument: "`rate` is not stored under its own name",
    ChangesArgument: "does not hold `units` as it was given",
    RewritesInBuild: "rewrote an argument",
    SharesDefault: "one unseeded initializer instance",
    WrongShape: "compute_output_shape.* says",
    NoShape: r"compute_output_shape\(\) is not implemented",
    FixesBatch: "any batch size",
    WrongMask: "does not fit its output",
    IgnoresMask: "values at masked steps",
    NaNGradient: "not finite",
    EqualWeights: "the same random values",
    UnnamedSublayer: "no name of its own",
    SystemRandomness: "from the same seed",
    FrozenRandomness: "eager and graph",
    LeavesHalf: "the output must be bfloat16",
    ForgetsPolicy: "dtype=self.dtype_policy",
    VanishesInHalf: "under mixed_float16",
    LosesWeightsInFile: ".keras round trip",
    NoBuild: "round trip (warns|fails)",
    EagerOnly: "cannot run the layer",
}
if TENSORFLOW:
    BROKEN |= {
        UnusedWeight: "no gradient reaches",
        BatchStatistics: "on two replicas instead of one",
    }


def test_a_layer_that_keeps_every_promise_passes():
    check_layer(Good, {"units": 3}, (2, 5, 4), package="kit_layers")


@pytest.mark.parametrize("cls", BROKEN, ids=lambda cls: cls.__name__)
def test_a_broken_promise_is_caught(cls):
    keras.saving.register_keras_serializable("kit_layers")(cls)
    with pytest.raises(AssertionError, match=BROKEN[cls]):
        check_layer(cls, {"units": 3}, (2, 5, 4), package="kit_layers")


def test_an_unregistered_class_is_caught():
    class Unregistered(Good):
        pass

    with pytest.raises(AssertionError, match="register Unregistered"):
        check_layer(Unregistered, {"units": 3}, (2, 5, 4))


def test_a_class_that_xla_cannot_compile_is_caught():
    if not TENSORFLOW:
        pytest.skip("JAX always compiles")
    import tensorflow as tf

    @keras.saving.register_keras_serializable("kit_layers")
    class NotForXLA(Good):
        def call(self, inputs, training=None):
            y = super().call(inputs)
            same = tf.numpy_function(lambda a: a, [y], y.dtype)
            return y + 0.0 * tf.ensure_shape(same, y.shape)

    arguments = NotForXLA, {"units": 3}, (2, 5, 4)
    with pytest.raises(AssertionError, match="XLA"):
        check_layer(*arguments, package="kit_layers")
    check_layer(*arguments, package="kit_layers", jit=False, replicas=False)


@keras.saving.register_keras_serializable("kit_layers")
class Sum(keras.layers.Layer):
    """Adds a list of tensors; `strict` refuses a list of None as a mask."""

    def __init__(self, strict=False, **kwargs):
        super().__init__(**kwargs)
        self.strict = strict

    def call(self, inputs, mask=None):
        if self.strict and mask is not None:
            return inputs[0] * mask[0]
        return inputs[0] + inputs[1]

    def compute_output_shape(self, input_shape):
        return input_shape[0]

    def get_config(self):
        return {**super().get_config(), "strict": self.strict}


def test_a_list_of_none_is_a_mask():
    shapes = [(2, 3), (2, 3)]
    check_layer(Sum, {}, shapes, package="kit_layers")
    with pytest.raises(AssertionError, match="None.* is not tolerated"):
        _check_none_masks_of_strict(shapes)


def _check_none_masks_of_strict(shapes):
    # Keras hands a list of None on by itself, so the layer is caught where
    # the mask is handed over first.
    from keras_nn.testing.masks import check_none_masks

    layer = Sum(strict=True)
    inputs = [np.ones(shape, "float32") for shape in shapes]
    check_none_masks(layer, layer.__call__, inputs, takes_mask=True)


def test_rms_normalization_of_keras_is_caught():
    with pytest.raises(AssertionError, match=r"rewrote an argument"):
        check_layer(keras.layers.RMSNormalization, {}, (2, 5, 4), package=None)


@pytest.mark.parametrize(
    "cls, init_kwargs, inputs",
    [
        (keras.layers.Dense, {"units": 3}, (2, 4)),
        (keras.layers.LayerNormalization, {"axis": [-1]}, (2, 5, 4)),
        (keras.layers.Dropout, {"rate": 0.5}, (2, 5, 4)),
        (keras.layers.Add, {}, [(2, 4), (2, 4)]),
    ],
)
def test_layers_of_keras_pass(cls, init_kwargs, inputs):
    check_layer(cls, init_kwargs, inputs, package=None)
