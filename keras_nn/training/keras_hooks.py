"""The one file that replaces private names of Keras.

Keras scales a loss by `1 / replicas` inside every `Loss` object, clips
gradients before they are summed over replicas, decides whether a half
precision step is finite by looking at the first replica, and keeps what
`add_loss` is given on the layer, which replicas share. The engine needs these
four places to behave otherwise *while one of its steps runs*. Each is
replaced here by a function that asks `replicas.current_step()` and is Keras's
own when no step of ours runs. And the steps of an epoch are taken from the
`Position` of data that have one. `tests/training/test_keras_hooks.py` fails
loudly on a Keras in which a name has moved.
"""

import functools

import keras
from keras.src.backend.tensorflow import trainer as keras_trainer
from keras.src.backend.tensorflow.optimizer import TFOptimizer
from keras.src.layers.layer import Layer
from keras.src.losses import loss as keras_loss
from keras.src.optimizers.base_optimizer import BaseOptimizer
from keras.src.optimizers.loss_scale_optimizer import LossScaleOptimizer

from keras_nn.training import replicas
from keras_nn.training import update


def _unless_in_step(original, inside):
    """`inside(step, original, *args)` during an engine step, else Keras's."""

    @functools.wraps(original)
    def dispatch(*args, **kwargs):
        step = replicas.current_step()
        if step is None:
            return original(*args, **kwargs)
        return inside(step, original, *args, **kwargs)

    dispatch.keras_original = original
    return dispatch


def _same_value(step, original, value):
    return step.of_examples(value)


def _reduce(
    step,
    original,
    values,
    sample_weight=None,
    mask=None,
    reduction="sum_over_batch_size",
    dtype=None,
):
    value = original(values, sample_weight, mask, reduction, dtype)
    return step.correct(value, values, sample_weight, mask, reduction)


def _scale_loss(step, original, optimizer, loss):
    step.scaled_by.add(id(optimizer))
    return step.weigh(original(optimizer, loss))


def _apply(step, original, optimizer, grads, trainable_variables=None):
    if step.applying:  # the inner optimiser of a loss-scale optimiser
        return original(optimizer, grads, trainable_variables)
    return step.apply(original, optimizer, grads, trainable_variables)


def _add_loss(step, original, layer, loss):
    before = len(layer._losses)
    original(layer, loss)
    step.added_losses.setdefault(id(layer), []).extend(layer._losses[before:])


def _own_losses(step, original, layer):
    return list(step.added_losses.get(id(layer), ()))


def _clear_losses(step, original, layer):
    step.added_losses.pop(id(layer), None)
    original(layer)  # which clears the layers inside, too


def _if_marked(owner, name, is_marked, inside):
    """Replaces a method for the optimisers that the engine has marked."""
    original = getattr(owner, name)

    @functools.wraps(original)
    def dispatch(self, *args, **kwargs):
        if is_marked(self):
            return inside(self, *args, **kwargs)
        return original(self, *args, **kwargs)

    dispatch.keras_original = original
    setattr(owner, name, dispatch)


def _already_reduced(optimizer, grads_and_vars):
    return list(grads_and_vars)


def count_updates(optimizer):
    """Lets a schedule of `optimizer` see its updates instead of batches."""
    object.__setattr__(optimizer, "_keras_nn_counts_updates", True)


def _has_schedule_of_updates(optimizer):
    return getattr(optimizer, "_keras_nn_counts_updates", False) and isinstance(
        optimizer._learning_rate,
        keras.optimizers.schedules.LearningRateSchedule,
    )


def _scheduled_rate(optimizer):
    return optimizer._learning_rate(optimizer.iterations)


def _patch_epochs():
    original = keras_trainer.TFEpochIterator._enumerate_iterator

    @functools.wraps(original)
    def steps(self):
        position = getattr(self.data_adapter, "position", None)
        return original(self) if position is None else position.steps(self)

    steps.keras_original = original
    keras_trainer.TFEpochIterator._enumerate_iterator = steps


def install():
    """Puts the engine's hooks in place, once a process."""
    if hasattr(keras_loss.scale_loss_for_distribution, "keras_original"):
        return
    for name, inside in (
        ("scale_loss_for_distribution", _same_value),
        ("unscale_loss_for_distribution", _same_value),
        ("reduce_weighted_values", _reduce),
    ):
        original = getattr(keras_loss, name)
        setattr(keras_loss, name, _unless_in_step(original, inside))
    for name, inside in (
        ("add_loss", _add_loss),
        ("_get_own_losses", _own_losses),
        ("_clear_losses", _clear_losses),
    ):
        setattr(Layer, name, _unless_in_step(getattr(Layer, name), inside))
    for optimizer_class in (BaseOptimizer, LossScaleOptimizer):
        for name, inside in (("apply", _apply), ("scale_loss", _scale_loss)):
            original = getattr(optimizer_class, name)
            setattr(optimizer_class, name, _unless_in_step(original, inside))
    for owner, name, is_marked, inside in (
        (
            TFOptimizer,
            "_all_reduce_sum_gradients",
            update.holds_whole_gradients,
            _already_reduced,
        ),
        (
            BaseOptimizer,
            "_backend_apply_gradients",
            update.holds_whole_gradients,
            update.apply_whole,
        ),
        (
            BaseOptimizer,
            "_get_current_learning_rate",
            _has_schedule_of_updates,
            _scheduled_rate,
        ),
    ):
        _if_marked(owner, name, is_marked, inside)
    _patch_epochs()
