"""The check that every metric passes."""

import inspect

import keras
import numpy as np
from keras import ops

from keras_nn.testing.arguments import check_arguments
from keras_nn.testing.arguments import check_config_unchanged
from keras_nn.testing.arguments import config_text
from keras_nn.testing.backend import TENSORFLOW
from keras_nn.testing.backend import compiled
from keras_nn.testing.backend import read
from keras_nn.testing.backend import write
from keras_nn.testing.inputs import cast
from keras_nn.testing.inputs import make_inputs
from keras_nn.testing.inputs import rows
from keras_nn.testing.numbers import arrays
from keras_nn.testing.numbers import assert_close


def check_metric(
    cls,
    init_kwargs,
    y_true,
    y_pred,
    *,
    sample_weight=True,
    half=True,
    jit=True,
    replicas=True,
    package="keras_nn",
):
    """Asserts that a metric keeps the promises Keras makes on its behalf.

    Config round trip; `result()` changes nothing, is finite and is the same
    for a stream of uneven batches as for the whole; `reset_state()` forgets
    everything; a weight of 2 counts twice, a weight of 0 not at all; states
    add up over replicas; eager = graph = XLA; half precision predictions.

    Args:
        cls: the metric class.
        init_kwargs: dict of constructor arguments.
        y_true: a shape with the batch axis first, an array, or a nest; at
            least three examples.
        y_pred: likewise. Shapes become standard normal values.
        sample_weight: bool. Whether the metric takes weights of examples.
        half: bool. Whether half precision predictions are valid.
        jit: bool. Whether XLA can compile the update.
        replicas: bool. Whether to compare two replicas with one.
        package: str or None. Where `cls` is registered; None skips that.

    Raises:
        AssertionError: names the first promise that is broken.

    Example:

    >>> import keras
    >>> check_metric(keras.metrics.MeanSquaredError, {}, (5, 2), (5, 2),
    ...              package=None)
    """
    y_true, y_pred = make_inputs(y_true), make_inputs(y_pred, seed=1)
    batch = keras.tree.flatten(y_pred)[0].shape[0]
    assert batch > 2, f"give at least three examples. Received: {batch}"
    data = y_true, y_pred

    probe = cls(**init_kwargs)
    check_arguments(cls, probe, init_kwargs, package)
    num_states = len(probe.variables)
    probe.update_state(*data)
    is_lazy = len(probe.variables) > num_states

    def make():
        metric = cls(**init_kwargs)
        if is_lazy:  # its states are made in the first update
            metric.update_state(*data)
            metric.reset_state()
        return metric

    def part(start, stop):
        return [rows(y, start, stop) for y in data]

    metric = make()
    text = config_text(metric)
    empty = read(metric.variables)
    _assert_finite(metric.result(), "the result of an empty metric")
    metric.update_state(*data)
    whole, state = arrays(metric.result()), read(metric.variables)
    _assert_finite(whole, "the result")
    assert_close(metric.result(), whole, "a second result()", 0.0)
    assert_close(read(metric.variables), state, "state after result()", 0.0)
    check_config_unchanged(metric, text)

    metric.reset_state()
    assert_close(
        read(metric.variables), empty, "state after reset_state()", 0.0
    )
    for start, stop in ((0, batch - 1), (batch - 1, batch)):
        metric.update_state(*part(start, stop))
    assert_close(metric.result(), whole, "streaming and whole")

    if sample_weight:
        _check_weights(make, data, part, batch)
    _check_modes(make, data, whole, jit)
    if half:
        _check_half(make, y_true, y_pred, whole)
    if replicas:
        _check_merge(make, part, batch, whole)
        if TENSORFLOW:
            _check_replicas(make, part, batch, whole)


def _assert_finite(result, what):
    for value in arrays(result):
        assert np.isfinite(value).all(), f"{what} is not finite: {value}"


def _check_weights(make, data, part, batch):
    parameters = inspect.signature(make().update_state).parameters
    assert "sample_weight" in parameters, (
        "update_state() does not take sample_weight. Received parameters: "
        f"{list(parameters)}"
    )
    weights = np.ones(batch, "float32")
    weights[0], weights[-1] = 2.0, 0.0
    weighted, repeated = make(), make()
    weighted.update_state(*data, sample_weight=weights)
    for start, stop in ((0, batch - 1), (0, 1)):
        repeated.update_state(*part(start, stop))
    assert_close(
        weighted.result(),
        repeated.result(),
        "weights 2 and 0, and an example repeated and left out",
    )


def _check_modes(make, data, whole, jit):
    for what, xla in (("a graph", False), ("XLA", True)):
        if xla and not (jit and TENSORFLOW):
            continue
        metric = make()

        def update(ys, metric=metric):
            metric.update_state(*ys)
            return ops.zeros(())

        try:
            compiled(update, metric.variables, jit=xla)(list(data))
        except Exception as error:
            raise AssertionError(
                f"{what} cannot run update_state(). Received: {error!r}"
            ) from error
        assert_close(metric.result(), whole, f"eager and {what}")


def _check_half(make, y_true, y_pred, whole):
    for dtype in ("bfloat16", "float16"):
        metric = make()
        metric.update_state(y_true, cast(y_pred, dtype))
        assert_close(metric.result(), whole, f"{dtype} predictions", 0.1)


def _check_merge(make, part, batch, whole):
    first, second, merged = make(), make(), make()
    first.update_state(*part(0, 2))
    second.update_state(*part(2, batch))
    states = [read(metric.variables) for metric in (merged, first, second)]
    for variable, start, a, b in zip(merged.variables, *states, strict=True):
        aggregation = getattr(variable, "aggregation", "sum")
        assert aggregation == "sum", (
            f"the state {variable.path} must be a sum, which replicas can add "
            f"up. Received: aggregation={aggregation!r}"
        )
        write([variable], [a + b - start])
    assert_close(merged.result(), whole, "the sum of two states, and the whole")


def _check_replicas(make, part, batch, whole):
    from keras_nn.testing.replica_step import over_two_replicas
    from keras_nn.testing.replicas import two_replicas

    strategy = two_replicas()
    with strategy.scope():
        metric = make()

    def update(ys):
        metric.update_state(*ys)

    strategy.run(update, args=(over_two_replicas(part(0, batch)),))
    assert_close(metric.result(), whole, "two replicas and one")
