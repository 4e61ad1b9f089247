"""From what a user hands to `fit` to batches that are looked at."""

import functools

import keras
import numpy as np
import tensorflow as tf

from keras_nn.data import OrderedBatches
from keras_nn.data import WholeBatch
from keras_nn.training import guards
from keras_nn.training import keras_internals
from keras_nn.training import replicas
from keras_nn.training.ordering import OrderedAdapter
from keras_nn.training.ordering import ordered
from keras_nn.training.pipeline import GuardedAdapter

EMPTY = "`x` must hold at least one example. Received: {}"


def adapt(
    model,
    x,
    y=None,
    sample_weight=None,
    shuffle=False,
    wait=None,
    batches_per_step=1,
    position=None,
    inputs_only=False,
    **how,
):
    """The data adapter of Keras, with the engine's guards behind it.

    Args:
        model: `keras_nn.training.Model`.
        x: what `fit` accepts.
        y: likewise.
        sample_weight: likewise.
        shuffle: bool. Shuffle arrays anew for each epoch.
        wait: `InputWait` or None.
        batches_per_step: int. How many batches a step of `fit` takes.
        position: `Position` in the data of `fit`, or None.
        inputs_only: bool. Whether `OrderedBatches` are read for their inputs.
        **how: further arguments of Keras's `get_data_adapter`.

    Raises:
        ValueError: for empty arrays, for arrays with a value that the model
            cannot take, and for weights of examples without targets.
    """
    if sample_weight is not None and y is None:
        raise ValueError(
            "`sample_weight` weighs the losses of targets, and Keras drops it "
            "where `y` is None. Give `y`, or the weights as an input. "
            "Received: sample_weight without y"
        )
    whole = None
    if isinstance(x, OrderedBatches):
        whole = x.whole
        if isinstance(x, WholeBatch):
            x = x.dataset()
        else:
            x = OrderedAdapter(x, how.get("class_weight"), inputs_only)
    adapter = keras_internals.get_data_adapter(
        x,
        y,
        sample_weight,
        # Keras warns when it is asked to shuffle a data set.
        shuffle=shuffle and not isinstance(x, tf.data.Dataset),
        **how,
    )
    if adapter.num_batches == 0:
        raise ValueError(EMPTY.format(_describe(x)))
    strategy = model.distribute_strategy
    spans_workers = keras_internals.spans_workers(strategy)
    if position is not None:
        adapter = ordered(adapter, position.seed, shuffle)
        if x is adapter and _takes_single_steps(model, batches_per_step, how):
            adapter.reads_on = x.source.reads_on
    elif spans_workers:
        adapter = ordered(adapter, seed=0, shuffle=False)
    expected_ranges = None
    if model.guards:
        batch = (x, y, sample_weight) if whole is None else whole
        arrays = [a for a in keras.tree.flatten(batch) if a is not None]
        if all(isinstance(a, np.ndarray) for a in arrays):
            guards.check_arrays(arrays, guards.expected_ranges(model, batch))
        else:
            expected_ranges = functools.partial(guards.expected_ranges, model)
    data = WindowedAdapter(adapter, expected_ranges, wait, position)
    data.strategy = strategy if spans_workers else None
    data.batches_per_step = batches_per_step
    return data


def _takes_single_steps(model, batches_per_step, how):
    """Whether `fit` counts the batches of a pass, and asks for no more.

    What takes several at once takes what is left at the end of a pass, and
    so needs to see it. Several replicas fetch ahead.
    """
    return (
        model.steps_per_execution == 1
        and batches_per_step == 1
        and how.get("steps_per_epoch") is None
        and replicas.num_replicas(model.distribute_strategy) == 1
    )


class WindowedAdapter(GuardedAdapter):
    """A data adapter that counts steps, of `batches_per_step` batches each."""

    batches_per_step = 1

    @property
    def num_batches(self):
        batches = super().num_batches
        return batches and -(-batches // self.batches_per_step)


def _describe(x):
    shapes = keras.tree.map_structure(
        lambda a: tuple(getattr(a, "shape", ())) or type(a).__name__, x
    )
    return f"{type(x).__name__} of shape {shapes}"
