"""The check that every model passes."""

import keras

from keras_nn.testing.arguments import check_arguments
from keras_nn.testing.arguments import check_config_unchanged
from keras_nn.testing.backend import TENSORFLOW
from keras_nn.testing.backend import read
from keras_nn.testing.backend import write
from keras_nn.testing.files import check_export
from keras_nn.testing.files import check_file
from keras_nn.testing.inputs import make_inputs
from keras_nn.testing.inputs import odd
from keras_nn.testing.numbers import arrays
from keras_nn.testing.numbers import assert_distinct_weights
from keras_nn.testing.promises import check_modes
from keras_nn.testing.promises import check_same_seed
from keras_nn.testing.promises import check_shapes
from keras_nn.testing.promises import first_run
from keras_nn.testing.promises import weights_of_another
from keras_nn.testing.replica_step import check_replica_step
from keras_nn.testing.subject import Subject
from keras_nn.testing.training_run import SignDescent
from keras_nn.testing.training_run import check_fit
from keras_nn.testing.training_run import compiled_model
from keras_nn.testing.training_run import plain_descent


def check_model(
    cls,
    init_kwargs,
    x,
    y=None,
    *,
    compile_kwargs=None,
    epochs=5,
    batch=True,
    export=False,
    fit=True,
    half=True,
    jit=True,
    replicas=True,
    package="keras_nn",
):
    """Asserts that a model keeps its promises, alone and in `fit`.

    Those of `check_layer` that concern a model: config round trip; every
    argument kept and never rewritten; `compute_output_shape` true; any batch
    size; finite gradients; no two weights equal by accident; the same seed,
    the same run; eager = graph = XLA. Then those of training: `fit` learns, in
    `mixed_float16` where half precision is possible; the `.keras` file of the
    trained model gives equal predictions, without a warning; for a model of
    the engine, its step on two replicas, an uneven batch, equals the step on
    one device (a plain network has no step: its layers make that promise).

    Args:
        cls: the `keras.Model` subclass.
        init_kwargs: dict of constructor arguments, or a function that returns
            one (where arguments are layers, which must not be shared).
        x: a shape with the batch axis first, an array, or a nest.
        y: likewise; None for a model that knows its own objective. A shape
            becomes a random linear target.
        compile_kwargs: dict of arguments of `compile`, or a function that
            returns one. Defaults to `{"loss": "mse"}`, or to `{}` without
            `y`. Where it names no optimizer, `fit` is checked with steps by
            the gradients' signs and replicas with SGD.
        epochs: int. Steps in which `fit` must lower the loss.
        batch: bool. Whether the leading axis of every tensor is a batch.
        export: bool. Whether to check an exported SavedModel, too.
        fit: bool. Whether the model is trained.
        half: bool. Whether the model may run in half precision.
        jit: bool. Whether XLA can compile the model.
        replicas: bool. Whether to compare two replicas with one where the
            model is one of the engine; not possible for a model that is
            random in training: give `dropout=0`.
        package: str or None. Where `cls` is registered; None skips that.

    Raises:
        AssertionError: names the first promise that is broken.

    Example:

    >>> import keras
    >>> from keras_nn.models import MLP
    >>> check_model(MLP, {"input_shape": (4,), "units": [8], "classes": 3,
    ...                   "classifier_activation": None}, (3, 4), fit=False)
    """
    subject = Subject(cls, init_kwargs, x)
    check_arguments(cls, subject.make(), subject.given, package)

    model, text, outputs, start = first_run(subject)
    check_config_unchanged(model, text)
    if not hasattr(model.compute_output_shape, "_is_default"):
        check_shapes(subject, model, outputs, batch)
    check_same_seed(subject, model, outputs, start)
    assert_distinct_weights(
        model.weights,
        read(model.weights),
        lambda: weights_of_another(subject),
    )
    random = check_modes(subject, model, start, batch, jit, steps=not fit)
    check_config_unchanged(model, text)
    write(model.variables, start)

    x = subject.tensors["inputs"]
    if fit:
        y = None if y is None else make_inputs(y, seed=7)
        if compile_kwargs is None:
            compile_kwargs = {} if y is None else {"loss": "mse"}
        model = _check_training(
            subject, compile_kwargs, x, y, epochs, half, random, replicas
        )

    def predict(model):
        before = read(model.variables)
        outputs = model(x, training=False)
        write(model.variables, before)
        return outputs

    check_file(model, predict)
    if export:
        check_export(model, x, arrays(predict(model)))


def _check_training(
    subject, compile_kwargs, x, y, epochs, half, random, replicas
):
    def descending(policy="float32"):
        keras.utils.set_random_seed(0)
        return compiled_model(
            subject.make, compile_kwargs, x, SignDescent(), policy
        )

    if replicas and TENSORFLOW and _in_engine(subject.cls):
        assert not random, (
            "a model that is random in training cannot be compared on two "
            "replicas: give dropout=0 in init_kwargs, or replicas=False"
        )
        data = odd(x) if y is None else (odd(x), odd(y))
        check_replica_step(
            lambda: compiled_model(
                subject.make, compile_kwargs, x, plain_descent()
            ),
            data if isinstance(data, tuple) else (data,),
        )
    model = descending()
    if not half:
        check_fit(model, x, y, epochs)
        return model
    _assert_half(descending("mixed_bfloat16"), "mixed_bfloat16")
    # What learns in float16, whose range is the shorter, learns in bfloat16;
    # and in float32, whose steps are those of graphs and layers.
    trained = descending("mixed_float16")
    _assert_half(trained, "mixed_float16")
    check_fit(trained, x, y, epochs)
    model.set_weights(trained.get_weights())
    return model


def _in_engine(cls):
    from keras_nn.training import Model

    return issubclass(cls, Model)


def _assert_half(model, policy):
    expected = keras.DTypePolicy(policy).compute_dtype
    found = {layer.compute_dtype for layer in model._flatten_layers()}
    assert expected in found, (
        f"no layer computes in {expected} under {policy}. Received: {found}"
    )
