"""A step of a model, run as a step of the engine."""

import keras
import tensorflow as tf

from keras_nn.training import replicas
from keras_nn.training.step import Step


def prepare(model):
    """Makes what the training steps of `model` need, in its strategy."""
    if replicas.num_replicas(model.distribute_strategy) > 1:
        # Statistics of a replica's part would make N replicas differ from one.
        for layer in model._flatten_layers():
            if isinstance(layer, keras.layers.BatchNormalization):
                layer.synchronized = True
    if model.skip_nonfinite_updates and model.nonfinite_steps is None:
        with model.distribute_strategy.scope():
            model.nonfinite_steps = tf.Variable(
                0,
                dtype="int64",
                trainable=False,
                aggregation=tf.VariableAggregation.ONLY_FIRST_REPLICA,
            )


def train(model, turn, data, accumulate=None):
    """Logs of `turn(data)`, one training step of one replica.

    Args:
        model: `keras_nn.training.Model`.
        turn: callable from a batch to logs, such as `model.train_step`.
        data: the replica's batch.
        accumulate: as in `Step`.
    """
    skips = model.skip_nonfinite_updates
    step = Step(data, tuple(model.gradient_observers), skips, accumulate)
    with replicas.enter(step):
        if not skips:
            return turn(data)
        # Batch statistics move in the forward pass, before anyone knows
        # whether the gradient is finite.
        states = [
            weight
            for weight in model.non_trainable_weights
            if keras.backend.is_float_dtype(weight.dtype)
        ]
        before = [tf.identity(weight.value) for weight in states]
        logs = turn(data)
        if step.finite is not None:
            for weight, old in zip(states, before, strict=True):
                weight.assign(tf.where(step.finite, weight.value, old))
        if not accumulate:
            count_skipped(model, step)
        return logs


def count_skipped(model, update):
    """Adds to `nonfinite_steps` if `update` was not made."""
    if update.finite is not None:
        skipped = tf.cast(tf.logical_not(update.finite), "int64")
        model.nonfinite_steps.assign_add(skipped)


def test(model, data):
    """Logs of `model.test_step(data)`, one test step of one replica."""
    with replicas.enter(Step(data)):
        return model.test_step(data)
