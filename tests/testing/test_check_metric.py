import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.testing import check_metric

TENSORFLOW = keras.config.backend() == "tensorflow"


@keras.saving.register_keras_serializable(package="kit_metrics")
class Good(keras.metrics.Metric):
    """Weighted mean of `scale * |y_true - y_pred|`."""

    def __init__(self, scale=1.0, name="good", **kwargs):
        super().__init__(name=name, **kwargs)
        self.scale = scale
        self.total = self.add_weight(initializer="zeros", name="total")
        self.count = self.add_weight(initializer="zeros", name="count")

    def errors(self, y_true, y_pred):
        difference = ops.cast(y_true, "float32") - ops.cast(y_pred, "float32")
        return self.scale * ops.mean(ops.abs(difference), axis=-1)

    def update_state(self, y_true, y_pred, sample_weight=None):
        errors = self.errors(y_true, y_pred)
        weight = ops.ones_like(errors)
        if sample_weight is not None:
            weight = ops.convert_to_tensor(sample_weight, "float32")
        self.total.assign_add(ops.sum(errors * weight))
        self.count.assign_add(ops.sum(weight))

    def result(self):
        return ops.divide_no_nan(self.total, self.count)

    def get_config(self):
        return {**super().get_config(), "scale": self.scale}


class DropsArgument(Good):
    def get_config(self):
        config = super().get_config()
        del config["scale"]
        return config


class NaNWhenEmpty(Good):
    def result(self):
        return self.total / self.count


class ResultCounts(Good):
    def result(self):
        value = super().result()
        self.count.assign_add(1.0)
        return value


class ForgetsToReset(Good):
    def reset_state(self):
        self.count.assign(0.0)


class MeanOfMeans(Good):
    def update_state(self, y_true, y_pred, sample_weight=None):
        self.total.assign_add(ops.mean(self.errors(y_true, y_pred)))
        self.count.assign_add(1.0)


class IgnoresWeights(Good):
    def update_state(self, y_true, y_pred, sample_weight=None):
        super().update_state(y_true, y_pred)


class TakesNoWeights(Good):
    def update_state(self, y_true, y_pred):
        super().update_state(y_true, y_pred)


class EagerOnly(Good):
    def errors(self, y_true, y_pred):
        value = super().errors(y_true, y_pred)
        return value + float(ops.convert_to_numpy(y_pred).sum() * 0)


class BreaksInHalf(Good):
    def errors(self, y_true, y_pred):
        y_pred = ops.convert_to_tensor(y_pred)
        half = keras.backend.standardize_dtype(y_pred.dtype) != "float32"
        return super().errors(y_true, y_pred) * (5.0 if half else 1.0)


class KeepsAMean(Good):
    """The state is a running mean, which replicas cannot add up."""

    def update_state(self, y_true, y_pred, sample_weight=None):
        before = self.total * self.count
        count = self.count + 0.0
        super().update_state(y_true, y_pred, sample_weight)
        added = self.count - count
        total = before + self.total - before / ops.maximum(count, 1.0)
        self.total.assign(total / ops.maximum(count + added, 1.0))

    def result(self):
        return self.total + 0.0


class MaximumState(Good):
    def __init__(self, scale=1.0, name="good", **kwargs):
        super().__init__(scale, name, **kwargs)
        self.top = self.add_variable(
            (), "zeros", aggregation="mean", name="top"
        )


BROKEN = {
    DropsArgument: "`scale` is not in get_config",
    NaNWhenEmpty: "empty metric is not finite",
    ResultCounts: "a second result|after result",
    ForgetsToReset: "state after reset_state",
    MeanOfMeans: "streaming and whole",
    IgnoresWeights: "weights 2 and 0",
    TakesNoWeights: "does not take sample_weight",
    EagerOnly: "cannot run update_state",
    BreaksInHalf: "bfloat16 predictions",
    KeepsAMean: "the sum of two states",
    MaximumState: "must be a sum",
}


def test_a_metric_that_keeps_every_promise_passes():
    check_metric(Good, {"scale": 2.0}, (5, 2), (5, 2), package="kit_metrics")


@pytest.mark.parametrize("cls", BROKEN, ids=lambda cls: cls.__name__)
def test_a_broken_promise_is_caught(cls):
    keras.saving.register_keras_serializable("kit_metrics")(cls)
    with pytest.raises(AssertionError, match=BROKEN[cls]):
        check_metric(cls, {"scale": 2.0}, (5, 2), (5, 2), package="kit_metrics")


@pytest.mark.skipif(not TENSORFLOW, reason="replicas need TensorFlow")
def test_a_state_outside_keras_is_caught_on_two_replicas():
    @keras.saving.register_keras_serializable("kit_metrics")
    class PlainState(Good):
        """Counts replicas, which the sum of its states does not show."""

        def update_state(self, y_true, y_pred, sample_weight=None):
            import tensorflow as tf

            super().update_state(y_true, y_pred, sample_weight)
            replicas = tf.distribute.get_strategy().num_replicas_in_sync
            self.count.assign(self.count * replicas)

    with pytest.raises(AssertionError, match="two replicas and one"):
        check_metric(PlainState, {}, (5, 2), (5, 2), package="kit_metrics")


@pytest.mark.parametrize(
    "cls, init_kwargs, y_true, y_pred",
    [
        (keras.metrics.MeanSquaredError, {}, (5, 2), (5, 2)),
        (
            keras.metrics.SparseCategoricalAccuracy,
            {},
            np.arange(5) % 3,
            (5, 3),
        ),
        (
            keras.metrics.F1Score,
            {},
            np.eye(3, dtype="float32")[np.arange(5) % 3],
            (5, 3),
        ),
    ],
)
def test_metrics_of_keras_pass(cls, init_kwargs, y_true, y_pred):
    check_metric(cls, init_kwargs, y_true, y_pred, package=None)


def test_too_few_examples_are_refused():
    with pytest.raises(AssertionError, match="three examples. Received: 2"):
        check_metric(Good, {}, (2, 2), (2, 2), package="kit_metrics")
