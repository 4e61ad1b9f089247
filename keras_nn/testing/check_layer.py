"""The check that every layer passes."""

import inspect

import keras

from keras_nn.testing.arguments import check_arguments
from keras_nn.testing.arguments import check_config_unchanged
from keras_nn.testing.arguments import config_text
from keras_nn.testing.backend import TENSORFLOW
from keras_nn.testing.backend import compiled
from keras_nn.testing.backend import read
from keras_nn.testing.backend import write
from keras_nn.testing.files import check_file
from keras_nn.testing.inputs import flat_shapes
from keras_nn.testing.inputs import keras_inputs
from keras_nn.testing.inputs import one_more
from keras_nn.testing.inputs import shapes_of
from keras_nn.testing.masks import check_masks
from keras_nn.testing.numbers import arrays
from keras_nn.testing.numbers import assert_close
from keras_nn.testing.numbers import assert_distinct_weights
from keras_nn.testing.numbers import assert_finite_gradients
from keras_nn.testing.precision import POLICIES
from keras_nn.testing.precision import check_half
from keras_nn.testing.replica_step import check_replica_step
from keras_nn.testing.replica_step import regression
from keras_nn.testing.subject import Subject

SEED = 1234


def check_layer(
    cls,
    init_kwargs,
    inputs,
    *,
    call_kwargs=None,
    batch=True,
    half=True,
    jit=True,
    mask=True,
    replicas=True,
    output_dtype=None,
    package="keras_nn",
):
    """Asserts that a layer keeps the promises Keras makes on its behalf.

    Config round trip; every argument kept and never rewritten;
    `compute_output_shape` true; any batch size; masks; finite gradients to
    every weight; no two weights equal by accident; named sublayers; the same
    seed, the same run; eager = graph = XLA; a `.keras` file; half precision;
    two replicas = one.

    Args:
        cls: the layer class.
        init_kwargs: dict of constructor arguments, or a function that returns
            one (where arguments are layers, which must not be shared).
        inputs: a shape with the batch axis first, an array (integer ids), or
            a list, tuple or dictionary of those: the first call argument.
        call_kwargs: dict. Further call arguments; the arrays and shapes
            among the values become tensors.
        batch: bool. Whether the leading axis of every tensor is a batch.
        half: bool. Whether the layer may run in half precision.
        jit: bool. Whether XLA can compile the layer.
        mask: bool. Whether `mask` is Keras's, of shape `(batch, time)`.
        replicas: bool. False where a layer cannot keep that promise, such as
            statistics of the batch. Random layers are compared in inference.
        output_dtype: str. Where it is not the compute dtype on purpose.
        package: str or None. Where `cls` is registered; None skips that.

    Raises:
        AssertionError: names the first promise that is broken.

    Example:

    >>> import keras
    >>> check_layer(keras.layers.Dense, {"units": 3}, (2, 4), package=None)
    """
    subject = Subject(cls, init_kwargs, inputs, call_kwargs)
    check_arguments(cls, subject.make(), subject.given, package)

    layer, text, outputs, start = _first_run(subject)
    check_config_unchanged(layer, text)
    _check_shapes(subject, layer, outputs, batch)
    _check_same_seed(subject, layer, outputs, start)
    assert_distinct_weights(
        layer.weights,
        read(layer.weights),
        lambda: _weights_of_another(subject),
    )
    random = _check_modes(subject, layer, start, batch, jit)
    check_config_unchanged(layer, text)
    if mask:
        check_masks(
            layer,
            lambda inputs, **more: subject.call(
                layer, {**subject.tensors, "inputs": inputs}, **more
            ),
            subject.tensors["inputs"],
        )
    write(layer.variables, start)
    _check_file(subject, layer, batch)
    for policy in POLICIES if half else ():
        check_half(subject, policy, output_dtype)
    if replicas and batch and TENSORFLOW and random != "always":
        _check_replicas(subject, training=False if random else None)


def _first_run(subject):
    keras.utils.set_random_seed(SEED)
    layer = subject.make(name="checked")
    text = config_text(layer)
    outputs = subject.call(layer)
    return layer, text, outputs, read(layer.variables)


def _weights_of_another(subject):
    layer = subject.make(name="checked")
    subject.call(layer)
    return read(layer.weights)


def _check_same_seed(subject, layer, outputs, start):
    again, _, outputs_again, start_again = _first_run(subject)
    for a, b in zip(layer.weights, again.weights, strict=True):
        assert a.path == b.path, (
            "a sublayer has no name of its own, so paths depend on how many "
            f"layers were made before. Received: {a.path}, then {b.path}"
        )
    assert_close(start_again, start, "weights from the same seed", 0.0)
    assert_close(outputs_again, outputs, "outputs from the same seed", 1e-6)


def _check_shapes(subject, layer, outputs, batch):
    assert not hasattr(layer.compute_output_shape, "_is_default"), (
        "compute_output_shape() is not implemented"
    )
    parameters = inspect.signature(layer.compute_output_shape).parameters
    for whole in (True, False) if batch else (True,):
        shapes = {
            name: shapes_of(value, batch=whole)
            for name, value in subject.tensors.items()
        }
        first = shapes.pop("inputs")
        more = {
            f"{name}_shape": shape
            for name, shape in shapes.items()
            if f"{name}_shape" in parameters
        }
        said = flat_shapes(layer.compute_output_shape(first, **more))
        true = [tuple(leaf.shape) for leaf in keras.tree.flatten(outputs)]
        fits = len(said) == len(true) and all(
            len(s) == len(t)
            and all(
                a == b or (a is None and not whole)
                for a, b in zip(s, t, strict=True)
            )
            for s, t in zip(said, true, strict=True)
        )
        assert fits, (
            f"compute_output_shape({first}) says {said}. Received from "
            f"call(): {true}"
        )


def _check_modes(subject, layer, start, batch, jit):
    """Eager = graph = XLA; returns when the layer is random."""
    variables = layer.variables

    def step(tensors):
        inferred = subject.call(layer, tensors)
        outputs, gradients = subject.step(layer, tensors)
        return inferred, outputs, gradients

    def train(tensors):
        return subject.step(layer, tensors)

    subject.call(layer)
    always = subject.random_states(layer, start)
    write(variables, start)
    eager = step(subject.tensors)
    random = subject.random_states(layer, start)
    assert_finite_gradients(layer.trainable_weights, eager[2])

    graph = compiled(
        step, variables, any_batch_of=subject.tensors if batch else None
    )
    sizes = [subject.tensors]
    if batch:
        sizes.append({k: one_more(v) for k, v in subject.tensors.items()})
    for tensors in sizes:
        write(variables, start)
        received = _run(graph, tensors, "a graph of any batch size")
        write(variables, start)
        assert_close(
            received,
            eager if tensors is subject.tensors else step(tensors),
            "eager and graph (randomness only through a SeedGenerator)",
        )
    if TENSORFLOW and jit and layer.supports_jit:
        write(variables, start)
        # XLA draws other random numbers than eager does.
        function, expected = (step, eager[:1]) if random else (train, eager[1:])
        received = _run(
            compiled(function, variables, jit=True), subject.tensors, "XLA"
        )
        if random:
            assert_finite_gradients(layer.trainable_weights, received[2])
            received = received[:1]
        if not always:
            assert_close(received, expected, "eager and XLA", 1e-4)
    write(variables, start)
    return "always" if always else random


def _run(function, tensors, what):
    try:
        return function(tensors)
    except Exception as error:
        raise AssertionError(
            f"{what} cannot run the layer. Received: {error!r}"
        ) from error


def _functional(subject, layer, batch=True, training=None, model=keras.Model):
    inputs = {k: keras_inputs(v, batch) for k, v in subject.tensors.items()}
    outputs = subject.call(layer, inputs, training=training)
    return model(keras.tree.flatten(inputs), subject.floats(outputs))


def _check_file(subject, layer, batch):
    model = _functional(subject, layer, batch)
    leaves = keras.tree.flatten(subject.tensors)

    def predict(model):
        before = read(model.variables)
        outputs = model(leaves, training=False)
        write(model.variables, before)
        return outputs

    check_file(model, predict)


def _check_replicas(subject, training):
    from keras_nn.training import Model

    def build():
        return regression(
            _functional(subject, subject.make(), True, training, Model)
        )

    if not build().trainable_weights:
        return
    tensors = keras.tree.map_structure(one_more, subject.tensors)
    x = keras.tree.flatten(tensors)
    targets = [
        0.5 * array + 1.0 for array in arrays(build()(x, training=False))
    ]
    check_replica_step(build, (x, targets))
