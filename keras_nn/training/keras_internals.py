"""The private names of Keras that the engine calls and reads.

Those that it replaces are in `keras_hooks`. `tests/training` fails loudly on a
Keras in which a name has moved.
"""

import functools

import keras
import tensorflow as tf
from keras.src.backend.common import global_state
from keras.src.backend.tensorflow import trainer as keras_trainer
from keras.src.models.functional import Functional
from keras.src.models.model import functional_init_arguments
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
    dataset = iterator.data_adapter.whole_dataset()
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
