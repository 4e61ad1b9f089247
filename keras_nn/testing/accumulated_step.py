"""Two batches in turn make the update that both in one would make."""

import numpy as np

from keras_nn.testing.backend import read
from keras_nn.testing.backend import write
from keras_nn.testing.inputs import rows
from keras_nn.testing.numbers import assert_close
from keras_nn.testing.replica_step import eager_step
from keras_nn.testing.replica_step import train_step
from keras_nn.testing.training_run import len_of


def check_accumulated_step(build, batch, whole=None, tolerance=1e-5):
    """Asserts that accumulated gradients make the step of the whole batch.

    Args:
        build: callable that returns a compiled, built
            `keras_nn.training.Model` whose training is not random and does
            not look across a batch.
        batch: tuple `(x, y)` or `(x, y, sample_weight)` of arrays; an odd
            number of examples makes the parts uneven.
        whole: what `build` made, to take the step of the whole batch; or None.
        tolerance: float. Of weights and loss, relative.
    """
    whole, parts = whole or build(), build()
    write(parts.variables, read(whole.variables))
    parts.accumulate(2)
    size = len_of(batch)
    half = (size + 1) // 2
    expected = eager_step(whole, batch)
    received = train_step(parts, rows(batch, 0, half), rows(batch, half, size))
    for a, b in zip(parts.weights, whole.weights, strict=True):
        assert_close(
            read([a]),
            read([b]),
            f"{b.path} after two accumulated batches instead of one",
            tolerance,
        )
    assert_close(
        np.asarray(received["loss"]),
        np.asarray(expected["loss"]),
        "the reported loss of two accumulated batches instead of one",
        tolerance,
    )
