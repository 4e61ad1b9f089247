"""Promises that a layer and a model keep in the same way."""

import inspect

import keras

from keras_nn.testing.arguments import config_text
from keras_nn.testing.backend import TENSORFLOW
from keras_nn.testing.backend import compiled
from keras_nn.testing.backend import read
from keras_nn.testing.backend import write
from keras_nn.testing.inputs import flat_shapes
from keras_nn.testing.inputs import one_more
from keras_nn.testing.inputs import shapes_of
from keras_nn.testing.numbers import assert_close
from keras_nn.testing.numbers import assert_finite_gradients

SEED = 1234


def first_run(subject):
    keras.utils.set_random_seed(SEED)
    layer = subject.make(name="checked")
    text = config_text(layer)
    outputs = subject.call(layer)
    return layer, text, outputs, read(layer.variables)


def weights_of_another(subject):
    layer = subject.make(name="checked")
    subject.call(layer)
    return read(layer.weights)


def check_same_seed(subject, layer, outputs, start):
    again, _, outputs_again, start_again = first_run(subject)
    for a, b in zip(layer.weights, again.weights, strict=True):
        assert a.path == b.path, (
            "a sublayer or weight has no name of its own, so paths depend on "
            f"what was made before. Received: {a.path}, then {b.path}"
        )
    assert_close(start_again, start, "weights from the same seed", 0.0)
    assert_close(outputs_again, outputs, "outputs from the same seed", 1e-6)


def check_shapes(subject, layer, outputs, batch):
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


def check_modes(subject, layer, start, batch, jit, steps=True):
    """Eager = graph = XLA; returns when the layer is random.

    Without `steps`, of inference alone: what a model's `fit` traces is a step.
    """
    variables = layer.variables

    def infer(tensors):
        return [subject.call(layer, tensors)]

    def train(tensors):
        return [*subject.step(layer, tensors)]

    def both(tensors):
        return infer(tensors) + train(tensors)

    subject.call(layer)
    always = subject.random_states(layer, start)
    write(variables, start)
    eager = _run(both, subject.tensors, "a step of training")
    random = subject.random_states(layer, start)
    assert_finite_gradients(layer.trainable_weights, eager[2])

    if not steps:
        traced, of = infer, slice(0, 1)
    elif random:  # in training, so that only inference compares
        traced, of = both, slice(0, 3)
    else:
        traced, of = train, slice(1, 3)
    graph = compiled(
        traced, variables, any_batch_of=subject.tensors if batch else None
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
            eager[of] if tensors is subject.tensors else traced(tensors),
            "eager and graph (randomness only through a SeedGenerator)",
        )
    if TENSORFLOW and jit and layer.supports_jit:
        write(variables, start)
        received = _run(
            compiled(traced, variables, jit=True), subject.tensors, "XLA"
        )
        expected = eager[of]
        if steps and random:  # XLA draws other random numbers than eager does
            assert_finite_gradients(layer.trainable_weights, received[2])
            received, expected = received[:1], expected[:1]
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
