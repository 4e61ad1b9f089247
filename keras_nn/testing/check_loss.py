"""The check that every loss passes."""

import inspect
import re
import sys

import keras
import numpy as np
from keras import ops

from keras_nn.testing.arguments import check_arguments
from keras_nn.testing.arguments import check_config_unchanged
from keras_nn.testing.backend import TENSORFLOW
from keras_nn.testing.backend import compiled
from keras_nn.testing.backend import gradients
from keras_nn.testing.inputs import cast
from keras_nn.testing.inputs import make_inputs
from keras_nn.testing.inputs import map_arrays
from keras_nn.testing.inputs import odd
from keras_nn.testing.numbers import arrays
from keras_nn.testing.numbers import assert_close
from keras_nn.testing.replica_step import LEARNING_RATE
from keras_nn.testing.replica_step import check_replica_step

_KERAS_OWN = ("name", "reduction", "dtype")


def check_loss(
    cls,
    init_kwargs,
    y_true,
    y_pred,
    *,
    function="auto",
    per_example=True,
    edges=True,
    half=True,
    jit=True,
    replicas=True,
    package="keras_nn",
):
    """Asserts that a loss keeps the promises Keras makes on its behalf.

    Config round trip; what each `reduction` and `sample_weight` means; finite
    value and gradient, also where `y_pred` is zero or equals `y_true`; a
    function twin that agrees; eager = graph = XLA; half precision in,
    finite float32 out; one training step on two replicas = one.

    Args:
        cls: the loss class.
        init_kwargs: dict of constructor arguments.
        y_true: a shape with the batch axis first, an array, or a nest.
        y_pred: likewise. Shapes become standard normal values.
        function: callable twin. `"auto"`: the snake_case name in the facade
            `<package>.losses`, or in the module of `cls`. None: without.
        per_example: bool. Whether the loss of an example depends on it alone
            (False for contrastive losses: no weights, no replicas).
        edges: bool. Whether zeros and `y_true` itself are valid predictions.
        half: bool. Whether half precision predictions are valid.
        jit: bool. Whether XLA can compile the loss.
        replicas: bool. Whether to compare two replicas with one.
        package: str or None. Where `cls` is registered; None skips that.

    Raises:
        AssertionError: names the first promise that is broken.

    Example:

    >>> import keras
    >>> @keras.saving.register_keras_serializable(package="my_package")
    ... class AbsoluteError(keras.losses.Loss):
    ...     def __init__(self, name="absolute_error", **kwargs):
    ...         super().__init__(name=name, **kwargs)
    ...     def call(self, y_true, y_pred):
    ...         return keras.ops.mean(keras.ops.abs(y_true - y_pred), axis=-1)
    >>> check_loss(AbsoluteError, {}, (3, 4), (3, 4), package="my_package",
    ...            function=keras.losses.mean_absolute_error)
    """
    y_true, y_pred = make_inputs(y_true), make_inputs(y_pred, seed=1)

    def make(**more):
        return cls(**{**init_kwargs, **more})

    loss = make()
    text = check_arguments(cls, loss, init_kwargs, package)
    each = make(reduction="none")
    values = _value(each, y_true, y_pred)
    assert np.isfinite(values).all(), "the loss is not finite"
    assert_close(
        each(y_true, y_pred), values, "the loss of the same arguments", 0.0
    )
    _check_reductions(make, values, y_true, y_pred, per_example)
    points = [y_pred]
    if edges:
        points.append(map_arrays(np.zeros_like, y_pred))
        if _alike(y_true, y_pred):
            points.append(map_arrays(np.array, y_true))
    for point in points:
        _check_gradients(make(), y_true, point)
    if function is not None:
        _check_twin(cls, function, init_kwargs, values, y_true, y_pred, package)
    _check_modes(make(), y_true, y_pred, jit)
    if half:
        _check_half(make, y_true, y_pred)
    check_config_unchanged(loss, text)
    single = not isinstance(y_pred, (dict, list, tuple))
    if replicas and per_example and single and TENSORFLOW:
        _check_replicas(make, y_true, y_pred)


def _value(loss, *arguments, **more):
    return arrays(loss(*arguments, **more))[0]


def _alike(y_true, y_pred):
    if isinstance(y_pred, (dict, list, tuple)):
        return False
    return (
        getattr(y_true, "shape", None) == y_pred.shape
        and y_true.dtype == y_pred.dtype
    )


def _check_reductions(make, values, y_true, y_pred, per_example):
    batch = keras.tree.flatten(y_pred)[0].shape[0]
    if per_example:
        assert values.shape[:1] == (batch,), (
            "reduction='none' must keep one value an example: the shape "
            f"starts with {batch}. Received: {values.shape}"
        )
    expected = {"sum": values.sum(), "sum_over_batch_size": values.mean()}
    for reduction, value in expected.items():
        assert_close(
            _value(make(reduction=reduction), y_true, y_pred),
            value,
            f"the loss under reduction={reduction!r}",
        )
    if not per_example:
        return
    weights = np.arange(batch, dtype="float32")
    weighted = values * weights.reshape(-1, *[1] * (values.ndim - 1))
    expected = {
        "none": weighted,
        "sum": weighted.sum(),
        "sum_over_batch_size": weighted.mean(),
    }
    for reduction, value in expected.items():
        received = make(reduction=reduction)(
            y_true, y_pred, sample_weight=weights
        )
        assert_close(
            received, value, f"sample_weight under reduction={reduction!r}"
        )
    # An example's loss must not change with the company it keeps.
    first = [map_arrays(lambda x: x[:1], y) for y in (y_true, y_pred)]
    assert_close(
        _value(make(reduction="none"), *first),
        values[:1],
        "the loss of an example alone (pass per_example=False if it depends "
        "on the batch)",
    )


def _check_gradients(loss, y_true, y_pred):
    variables = [
        keras.Variable(leaf, dtype="float32")
        for leaf in keras.tree.flatten(y_pred)
    ]

    def evaluate():
        values = [variable.value for variable in variables]
        prediction = keras.tree.pack_sequence_as(y_pred, values)
        return ops.sum(loss(y_true, prediction)), ()

    value, _, found = gradients(evaluate, variables)
    where = f"at y_pred={arrays(y_pred)[0].ravel()[:3]}..."
    assert np.isfinite(arrays(value)[0]), f"the loss is not finite {where}"
    present = [gradient for gradient in found if gradient is not None]
    assert present, "no gradient reaches y_pred"
    for gradient in arrays(present):
        assert np.isfinite(gradient).all(), (
            f"the gradient by y_pred is not finite {where}"
        )


def _check_twin(cls, function, init_kwargs, values, y_true, y_pred, package):
    name = re.sub(
        r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", cls.__name__
    ).lower()
    if function == "auto":
        facade = sys.modules.get(f"{package}.losses")
        places = [p for p in (facade, sys.modules.get(cls.__module__)) if p]
        if hasattr(facade, cls.__name__):
            places = [facade]
        twins = [getattr(place, name, None) for place in places]
        function = next((twin for twin in twins if callable(twin)), None)
        assert function is not None, (
            f"{cls.__name__} has no function twin `{name}` in "
            f"{places[0].__name__}"
        )
    given = {k: v for k, v in init_kwargs.items() if k not in _KERAS_OWN}
    accepted = inspect.signature(function).parameters
    own = inspect.signature(cls.__init__).parameters
    missing = [
        p.name
        for p in list(own.values())[1:]
        if p.name not in (*_KERAS_OWN, *accepted)
        and p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)
    ]
    assert not missing, (
        f"the function `{function.__name__}` must take what the class takes. "
        f"Missing: {missing}"
    )
    assert_close(
        function(y_true, y_pred, **given),
        values,
        f"the function `{function.__name__}` and {cls.__name__}",
    )


def _check_modes(loss, y_true, y_pred, jit):
    eager = loss(y_true, y_pred)
    for what, xla in (("graph", False), ("XLA", True)):
        if xla and not (jit and TENSORFLOW):
            continue
        run = compiled(lambda ys: loss(*ys), [], jit=xla)
        try:
            received = run([y_true, y_pred])
        except Exception as error:
            raise AssertionError(
                f"{what} cannot run the loss. Received: {error!r}"
            ) from error
        assert_close(received, eager, f"eager and {what}")


def _check_half(make, y_true, y_pred):
    full = _value(make(), y_true, y_pred)
    for dtype in ("bfloat16", "float16"):
        value = make()(y_true, cast(y_pred, dtype))
        received = keras.backend.standardize_dtype(value.dtype)
        assert received == keras.config.floatx(), (
            f"the loss of {dtype} predictions must be "
            f"{keras.config.floatx()}. Received: {received}"
        )
        assert_close(value, full, f"the loss of {dtype} predictions", 0.1)


class _Affine(keras.layers.Layer):
    """Gives every entry of a prediction a weight and a bias to learn."""

    def build(self, input_shape):
        shape = input_shape[1:]
        self.scale = self.add_weight(shape, "ones", name="scale")
        self.shift = self.add_weight(shape, "zeros", name="shift")

    def call(self, inputs):
        return inputs * self.scale + self.shift


def _check_replicas(make, y_true, y_pred):
    from keras_nn.training import Model

    def build():
        inputs = keras.Input(y_pred.shape[1:])
        model = Model(inputs, _Affine()(inputs))
        optimizer = keras.optimizers.SGD(LEARNING_RATE)
        model.compile(optimizer, loss=make())
        optimizer.build(model.trainable_variables)
        return model

    batch = odd(y_pred), odd(y_true)
    weights = np.arange(1, batch[0].shape[0] + 1, dtype="float32")
    check_replica_step(build, (*batch, weights))
