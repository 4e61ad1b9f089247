import sys

import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.testing import check_loss

TENSORFLOW = keras.config.backend() == "tensorflow"


def good(y_true, y_pred, delta=1.0):
    y_true = ops.cast(y_true, "float32")
    y_pred = ops.cast(y_pred, "float32")
    return delta * ops.mean((y_true - y_pred) ** 2, axis=-1)


@keras.saving.register_keras_serializable(package="kit_losses")
class Good(keras.losses.Loss):
    def __init__(self, delta=1.0, reduction="sum_over_batch_size", name="good"):
        super().__init__(name=name, reduction=reduction)
        self.delta = delta

    def call(self, y_true, y_pred):
        return good(y_true, y_pred, self.delta)

    def get_config(self):
        return {**super().get_config(), "delta": self.delta}


class DropsArgument(Good):
    def get_config(self):
        config = super().get_config()
        del config["delta"]
        return config


class ReducesItself(Good):
    def call(self, y_true, y_pred):
        return ops.mean(super().call(y_true, y_pred))


class IgnoresWeights(Good):
    def __call__(self, y_true, y_pred, sample_weight=None):
        return super().__call__(y_true, y_pred)


class AlwaysMean(Good):
    def __call__(self, y_true, y_pred, sample_weight=None):
        value = super().__call__(y_true, y_pred, sample_weight)
        return value / 3 if self.reduction == "sum" else value


class DependsOnBatch(Good):
    def call(self, y_true, y_pred):
        return super().call(y_true, y_pred - ops.mean(y_pred, axis=0))


class InfiniteAtZero(Good):
    def call(self, y_true, y_pred):
        return super().call(y_true, y_pred) + ops.sqrt(
            ops.sum(y_pred**2, axis=-1)
        )


class InfiniteAtTruth(Good):
    def call(self, y_true, y_pred):
        return ops.sqrt(super().call(y_true, y_pred))


class NoGradient(Good):
    def call(self, y_true, y_pred):
        return super().call(y_true, ops.stop_gradient(y_pred))


class NotItsTwin(Good):
    def call(self, y_true, y_pred):
        return 2 * super().call(y_true, y_pred)


class EagerOnly(Good):
    def call(self, y_true, y_pred):
        value = super().call(y_true, y_pred)
        return value + float(ops.convert_to_numpy(y_true).sum() * 0)


class OverflowsInHalf(Good):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)

    def __call__(self, y_true, y_pred, sample_weight=None):
        big = 1e5 if y_pred.dtype in ("float16", "bfloat16") else 1.0
        value = super().__call__(y_true, y_pred, sample_weight)
        return value * big


BROKEN = {
    DropsArgument: "`delta` is not in get_config",
    ReducesItself: "one value an example",
    IgnoresWeights: "sample_weight under",
    AlwaysMean: "reduction='sum'",
    DependsOnBatch: "an example alone",
    InfiniteAtZero: "gradient by y_pred is not finite",
    InfiniteAtTruth: "gradient by y_pred is not finite",
    NotItsTwin: "the function `good`",
    EagerOnly: "graph cannot run the loss",
    OverflowsInHalf: "float16 predictions",
}
if TENSORFLOW:
    BROKEN[NoGradient] = "no gradient reaches y_pred"


def test_a_loss_that_keeps_every_promise_passes():
    check_loss(Good, {"delta": 2.0}, (3, 4), (3, 4), package="kit_losses")


@pytest.mark.parametrize("cls", BROKEN, ids=lambda cls: cls.__name__)
def test_a_broken_promise_is_caught(cls):
    keras.saving.register_keras_serializable("kit_losses")(cls)
    with pytest.raises(AssertionError, match=BROKEN[cls]):
        check_loss(
            cls,
            {"delta": 2.0},
            (3, 4),
            (3, 4),
            function=good,
            package="kit_losses",
        )


@keras.saving.register_keras_serializable(package="kit_losses")
class Lonely(Good):
    pass


def test_a_missing_twin_is_caught():
    with pytest.raises(AssertionError, match="no function twin `lonely`"):
        check_loss(Lonely, {}, (3, 4), (3, 4), package="kit_losses")


def test_a_twin_without_an_argument_is_caught():
    def short(y_true, y_pred):
        return good(y_true, y_pred)

    with pytest.raises(AssertionError, match="Missing: .'delta'"):
        check_loss(
            Good, {}, (3, 4), (3, 4), function=short, package="kit_losses"
        )


@pytest.mark.skipif(not TENSORFLOW, reason="the engine needs TensorFlow")
def test_a_step_that_differs_on_two_replicas_is_caught():
    import tensorflow as tf

    @keras.saving.register_keras_serializable("kit_losses")
    class CountsReplicas(Good):
        def call(self, y_true, y_pred):
            replicas = tf.distribute.get_strategy().num_replicas_in_sync
            return super().call(y_true, y_pred) / replicas

    with pytest.raises(AssertionError, match="on two replicas"):
        check_loss(
            CountsReplicas,
            {},
            (3, 4),
            (3, 4),
            function=None,
            package="kit_losses",
        )


def test_a_loss_of_a_whole_batch_passes_without_weights_and_replicas():
    @keras.saving.register_keras_serializable("kit_losses")
    class Contrastive(Good):
        def call(self, y_true, y_pred):
            y_pred = y_pred - ops.mean(y_pred, axis=0)
            return ops.mean(super().call(y_true, y_pred))

    check_loss(
        Contrastive,
        {},
        (3, 4),
        (3, 4),
        function=None,
        per_example=False,
        package="kit_losses",
    )


def test_integer_labels_and_logits():
    @keras.saving.register_keras_serializable("kit_losses")
    class Labels(Good):
        def call(self, y_true, y_pred):
            return keras.losses.sparse_categorical_crossentropy(
                y_true, y_pred, from_logits=True
            )

    check_loss(
        Labels,
        {},
        np.array([0, 1, 2]),
        (3, 4),
        function=None,
        package="kit_losses",
    )
    assert sys.modules[__name__].good is good
