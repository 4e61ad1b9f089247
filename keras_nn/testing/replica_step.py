"""One training step on two replicas equals the step on one device."""

import keras
import numpy as np
from keras import ops

from keras_nn.testing.backend import read
from keras_nn.testing.backend import write
from keras_nn.testing.inputs import rows
from keras_nn.testing.numbers import assert_close
from keras_nn.testing.replicas import two_replicas

LEARNING_RATE = 0.1


def train_step(model, *batches):
    """Runs one training step of `model` as `fit` does; returns its metrics."""
    model.make_train_function()
    model.train_function(iter(batches))
    return model.get_metrics_result()


def eager_step(model, batch):
    """Runs one training step, not traced, which takes longer than the step.

    That eager and graph are equal is a promise of its own.
    """
    before, model.run_eagerly = model.run_eagerly, True
    metrics = train_step(model, batch)
    model.run_eagerly = before
    model.train_function = None  # made for this step alone
    return metrics


def over_two_replicas(batch):
    """`batch` split over the replicas, the larger part on the first."""
    import tensorflow as tf

    size = keras.tree.flatten(batch)[0].shape[0]
    half = (size + 1) // 2
    parts = [rows(batch, 0, half), rows(batch, half, size)]
    parts = [keras.tree.map_structure(tf.constant, part) for part in parts]
    return two_replicas().experimental_distribute_values_from_function(
        lambda context: parts[context.replica_id_in_sync_group]
    )


def check_replica_step(build, batch, one=None, tolerance=1e-5):
    """Asserts that two replicas take the step that one device takes.

    Args:
        build: callable that returns a compiled, built keras.Model whose
            training is not random.
        batch: tuple `(x, y)` or `(x, y, sample_weight)` of arrays; an odd
            number of examples makes the replicas' parts uneven.
        one: keras.Model. What `build` made, not yet trained; or None.
        tolerance: float. Of weights and loss, relative.

    Returns:
        `(one, start)`: the model that was trained on one device, and its
        variables before.
    """
    one = one or build()
    start = read(one.variables)
    with two_replicas().scope():
        two = build()
    assert len(two.variables) == len(start), (
        "a model built under a strategy must have the same variables"
    )
    write(two.variables, start)
    expected = eager_step(one, batch)
    received = train_step(two, over_two_replicas(batch))
    for a, b in zip(two.weights, one.weights, strict=True):
        assert_close(
            read([a]),
            read([b]),
            f"{b.path} after one step on two replicas instead of one",
            tolerance,
        )
    for name, value in expected.items():
        assert_close(
            np.asarray(received[name]),
            np.asarray(value),
            f"the reported {name} on two replicas instead of one",
            tolerance,
        )
    return one, start


def regression(model):
    """Compiles `model`, whose outputs are a list, for a least-squares step."""
    optimizer = keras.optimizers.SGD(LEARNING_RATE)
    model.compile(optimizer, loss=[_squared_error for _ in model.outputs])
    optimizer.build(model.trainable_variables)
    return model


def _squared_error(y_true, y_pred):
    axes = tuple(range(1, len(y_pred.shape)))
    return ops.mean(ops.square(y_pred - y_true), axis=axes)
