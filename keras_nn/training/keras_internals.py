"""The one file that touches private names of Keras.

Keras scales a loss by `1 / replicas` inside every `Loss` object, clips
gradients before they are summed over replicas, and decides whether a half
precision step is finite by looking at the first replica. The engine needs
these three places to behave otherwise *while one of its steps runs*. Each is
replaced here by a function that asks `replicas.current_step()` and is Keras's
own when no step of ours runs. `tests/training/test_keras_internals.py` fails
loudly on a Keras in which a name has moved.
"""

import functools

import keras
import tensorflow as tf
from keras.src.backend.common import global_state
from keras.src.backend.tensorflow import trainer as keras_trainer
from keras.src.backend.tensorflow.optimizer import TFOptimizer
from keras.src.losses import loss as keras_loss
from keras.src.models.functional import Functional
from keras.src.models.model import functional_init_arguments
from keras.src.optimizers.base_optimizer import BaseOptimizer
from keras.src.optimizers.loss_scale_optimizer import LossScaleOptimizer
from keras.src.random import seed_generator
from keras.src.saving import object_registration
from keras.src.trainers.data_adapters import array_slicing
from keras.src.trainers.data_adapters import (
    get_data_adapter as get_data_adapter,
)
from keras.src.trainers.data_adapters.array_data_adapter import (
    ArrayDataAdapter as ArrayDataAdapter,
)
from keras.src.trainers.data_adapters.array_slicing import (
    train_validation_split as train_validation_split,
)
from keras.src.trainers.data_adapters.data_adapter import (
    DataAdapter as DataAdapter,
)
from keras.src.trainers.data_adapters.py_dataset_adapter import (
    PyDatasetAdapter as PyDatasetAdapter,
)
from keras.src.trainers.data_adapters.tf_dataset_adapter import (
    TFDatasetAdapter as TFDatasetAdapter,
)
from tensorflow.python.ops import stateful_random_ops

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


def make_step_function(model, step):
    """Keras's compiled `function(iterator)` around one step on one batch."""
    strategy = model.distribute_strategy
    if spans_workers(strategy):
        step = _with_axis(step)
    function = model._make_function(step)
    if replicas.num_replicas(strategy) == 1:
        return function
    execute = _execution(model, step)

    def on_replicas(iterator):
        if not isinstance(iterator, tf.distribute.DistributedIterator):
            return function(iterator)
        logs = execute(iterator)
        if not logs.has_value():
            raise StopIteration
        return logs.get_value()

    return on_replicas


def _with_axis(step):
    # Keras averages logs over workers along axis 0, which scalars lack.
    def step_with_axis(data):
        logs = step(data)
        return keras.tree.map_structure(lambda v: tf.reshape(v, [1]), logs)

    return step_with_axis


def _execution(model, step):
    """`function(iterator)`: `steps_per_execution` steps, fewer at the end.

    Returns the logs of the last one as an Optional, empty if there was none.
    Keras loops over a compiled step, which cannot be placed on replicas: the
    loop must hold `strategy.run` itself. And where Keras asks for the next
    batch, the end of the data is noticed while a step on nothing is already
    under way: it counts an iteration and decays the weights.
    """
    strategy = model.distribute_strategy

    @model._autoconvert_optionals
    def one_step(batch):
        return keras_trainer.reduce_per_replica(
            strategy.run(step, args=(batch,)), strategy, reduction="auto"
        )

    def goes_on(done, more, logs):
        return tf.logical_and(done < model.steps_per_execution, more)

    def execute(iterator):
        def next_step(done, more, logs):
            batch = iterator.get_next_as_optional()
            more = batch.has_value()
            logs = tf.cond(
                more, lambda: one_step(batch.get_value()), lambda: logs
            )
            return done + 1, more, logs

        def steps():
            logs = one_step(first.get_value())
            if model.steps_per_execution > 1:
                start = (tf.constant(1), tf.constant(True), logs)
                logs = tf.while_loop(goes_on, next_step, start)[2]
            logs = tf.experimental.Optional.from_value(logs)
            spec.append(logs.element_spec)
            return logs

        spec = []  # of the logs, known once a step is traced
        first = iterator.get_next_as_optional()
        return tf.cond(
            first.has_value(),
            steps,
            lambda: tf.experimental.Optional.empty(spec[0] if spec else None),
        )

    if model.run_eagerly:
        return execute
    return tf.function(execute, reduce_retracing=True, autograph=False)


def spans_workers(strategy):
    """Whether the replicas of `strategy` sit in several processes."""
    return keras_trainer._collective_all_reduce_multi_worker(strategy)


def build_symbolically(model, batch):
    """Creates every variable of `model` from the spec of one batch."""
    model._symbolic_build(data_batch=batch)


def build_on_replicas(model, iterator):
    """Creates every variable of `model` from the spec of the data.

    Keras averages the first batch over replicas to learn its shape, which
    fails where the replicas' parts differ in size; and a distributed iterator
    that is dropped while it fetches ahead has been seen to crash the process.
    """
    strategy = model.distribute_strategy
    dataset = iterator.data_adapter.get_tf_dataset()
    if isinstance(dataset, tf.data.Dataset):
        batch = dataset.element_spec
    else:  # distributed by the user: each element is in parts already
        batch = replicas.local_part(strategy, next(iter(dataset)))
    with strategy.scope():
        build_symbolically(model, batch)


def strategy_built_under(model):
    """The strategy in whose scope `model` was made, or None."""
    return model._distribute_strategy


def gatherable(adapter):
    """What a pipeline needs to take batches of an adapter's arrays.

    Args:
        adapter: `ArrayDataAdapter`.

    Returns:
        `(arrays, gather, size)`: a nest of tensors, a function from indices
        and that nest to a batch, and the number of examples.
    """
    arrays = array_slicing.convert_to_sliceable(
        adapter._inputs, target_backend="tensorflow"
    )

    def gather_one(array, indices):
        if isinstance(array, array_slicing.TensorflowSparseWrapper):
            return array_slicing.slice_tensorflow_sparse_wrapper(array, indices)
        if isinstance(array, list | tuple | dict):
            return None  # go on inside
        if tf.is_tensor(array):
            return tf.gather(array, indices, axis=0)
        return array

    def gather(indices, arrays):
        return keras.tree.traverse(lambda a: gather_one(a, indices), arrays)

    return keras.tree.lists_to_tuples(arrays), gather, adapter._num_samples


def global_seed_generator(make=False):
    """The generator behind `seed=None` in `keras.random`, or None.

    Args:
        make: bool. Make it where nothing has asked for it yet.
    """
    if make:
        return seed_generator.global_seed_generator()
    return global_state.get_global_attribute(
        seed_generator.GLOBAL_SEED_GENERATOR
    )


def global_tensorflow_generator():
    """The generator of `tf.random.get_global_generator`, or None."""
    return stateful_random_ops.global_generator


def become_functional(model, args, kwargs):
    """Gives `model` the class it needs to be built from inputs and outputs.

    Keras replaces `keras.Model` by `Functional` among the bases of the class
    itself and of every class above it. With a shared base like ours, that
    would break each subclass that is not functional, so the instance gets a
    class of its own instead: the same name, `Functional` behind our methods.
    """
    if functional_init_arguments(args, kwargs):
        if not isinstance(model, Functional):
            model.__class__ = _functional_twin(type(model))


@functools.cache
def _functional_twin(cls):
    twin = type(
        cls.__name__,
        (cls, Functional),
        {
            "__module__": cls.__module__,
            "__qualname__": cls.__qualname__,
            "__doc__": cls.__doc__,
        },
    )
    names = object_registration.GLOBAL_CUSTOM_NAMES
    if cls in names:
        names[twin] = names[cls]
    return twin
