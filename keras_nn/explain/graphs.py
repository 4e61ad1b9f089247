"""Graphs of Keras models, read and traced without leaving a mark on them.

The one file of `explain` that touches private names of Keras.
"""

import contextlib
import copy
import inspect
import random

import keras
from keras.src.models.functional import Functional
from keras.src.ops.numpy import Multiply
from keras.src.ops.operation import Operation

from keras_nn.layers.cnn.conv_batch_norm import ConvBatchNorm
from keras_nn.layers.cnn.conv_norm_act import ConvNormAct

_ENDING_IN_ACTIVATION = (
    keras.layers.Dense,
    keras.layers.EinsumDense,
    keras.layers.Conv1D,
    keras.layers.Conv2D,
    keras.layers.Conv3D,
    keras.layers.Conv1DTranspose,
    keras.layers.Conv2DTranspose,
    keras.layers.Conv3DTranspose,
    keras.layers.DepthwiseConv1D,
    keras.layers.DepthwiseConv2D,
    keras.layers.SeparableConv1D,
    keras.layers.SeparableConv2D,
    ConvBatchNorm,
    ConvNormAct,
)


def graph_of(model, example=None):
    """A model's layers as a Functional model that shares them.

    Args:
        model: `keras.Model`, built.
        example: structure of arrays that the model takes. Needed for a
            subclassed model, whose `call` is traced with their shapes.

    Returns:
        A Functional model; its inputs and outputs have the model's structure.

    Raises:
        ValueError: If `call` cannot be traced, or an example is missing.
    """
    graph = known_graph(model)
    if graph is not None:
        return graph
    if example is None:
        raise ValueError(
            "a subclassed model is traced with example inputs; hand over "
            f"some. Received: {model.name}, no example"
        )
    tensors = keras.tree.map_structure(
        lambda x: keras.Input(x.shape[1:], dtype=single_precision(x.dtype)),
        example,
    )
    return trace(model, (tensors,), {})


def known_graph(layer):
    """The graph of a Functional or Sequential model; of others, None."""
    kept = type(layer).call
    if isinstance(layer, Functional) and kept is Functional.call:
        return layer
    if isinstance(layer, keras.Sequential) and kept is keras.Sequential.call:
        return keras.Model(layer.inputs[0], layer.outputs[0])
    return None


def trace(layer, args, kwargs):
    """What a layer's `call` does with symbolic tensors, as a graph.

    Args:
        layer: `keras.layers.Layer`, built.
        args: tuple, positional arguments of `call`, with `KerasTensor`s.
        kwargs: dict, keyword arguments of `call`.

    Returns:
        A Functional model from the flat list of tensors in the arguments.

    Raises:
        ValueError: If `call` does what Keras cannot trace.
    """
    inputs = []

    def stand_in(value):
        if not isinstance(value, keras.KerasTensor):
            return value
        tensor = keras.Input(batch_shape=value.shape, dtype=value.dtype)
        inputs.append(tensor)
        return tensor

    args, kwargs = keras.tree.map_structure(stand_in, (args, kwargs))
    accepted = inspect.signature(layer.call).parameters
    if "training" in accepted:
        kwargs["training"] = False
    try:
        # Losses that `call` adds are dropped; updates stay in the scope.
        layer.__dict__["add_loss"] = lambda loss: None
        with _dense_products(), keras.StatelessScope(collect_losses=True):
            outputs = layer.call(*args, **kwargs)
        return Functional(inputs, outputs)
    except (TypeError, ValueError, AttributeError, RuntimeError) as error:
        raise ValueError(
            f"`call` of {type(layer).__name__} cannot be traced by Keras; it "
            "must use layers and `keras.ops` on its inputs, no functions of "
            f"TensorFlow. Received: {error}"
        ) from error
    finally:
        layer.__dict__.pop("add_loss", None)


def run(graph, tensors, call):
    """Run through a graph with another function in place of each layer.

    Args:
        graph: Functional model.
        tensors: list of tensors for its flat inputs.
        call: callable `(operation, *args, **kwargs) -> outputs`.

    Returns:
        The graph's output structure.
    """
    return graph._run_through_graph(tensors, call_fn=call)


def copy_of(operation):
    """A layer's copy in float32, with weights of its own, not built.

    Args:
        operation: `keras.layers.Layer`, or an operation of `keras.ops`.

    Returns:
        The copy; the layer itself if it cannot be made from its config.
    """
    if not isinstance(operation, keras.layers.Layer):
        twin = copy.copy(operation)
        twin._inbound_nodes, twin._outbound_nodes = [], []
        return twin
    try:
        config = _in_single_precision(operation.get_config())
        return type(operation).from_config(config)
    except (NotImplementedError, TypeError, ValueError):
        return operation


def producer(tensor):
    """The layer or operation that a symbolic tensor comes from."""
    return tensor._keras_history.operation


def outputs_of(graph, operation):
    """What an operation gives inside of a graph, call by call.

    Args:
        graph: Functional model.
        operation: one of its operations, which may have been called in other
            graphs, too.

    Returns:
        A list of symbolic tensors.
    """
    return [
        tensor
        for nodes in graph._nodes_by_depth.values()
        for node in nodes
        if node.operation is operation
        for tensor in node.outputs
    ]


def has_input(operation):
    """Whether something leads to an operation: all but a model's inputs."""
    return not isinstance(operation, keras.layers.InputLayer)


def is_own_layer_of_keras(layer):
    """Whether a layer's class is part of Keras."""
    return type(layer).__module__.startswith("keras.src.")


def sublayers(layer):
    """All layers inside a layer, at any depth."""
    return layer._flatten_layers(include_self=False)


@contextlib.contextmanager
def untouched(model, shared):
    """Afterwards the model's layers know nothing of calls made inside.

    Args:
        model: `keras.Model`.
        shared: collection that ends up holding the layers for which the
            calls are to be remembered.
    """
    operations = [model, *sublayers(model)]
    if isinstance(model, Functional):
        operations += model.operations
    lengths = [
        (op, len(op._inbound_nodes), len(op._outbound_nodes))
        for op in operations
        if isinstance(op, Operation)
    ]
    # Making layers draws seeds; the user's run must not notice.
    state = random.getstate()
    try:
        yield
    finally:
        random.setstate(state)
        for operation, inbound, outbound in lengths:
            if not any(operation is layer for layer in shared):
                del operation._inbound_nodes[inbound:]
                del operation._outbound_nodes[outbound:]


def owns_weights(graph, layer):
    """Whether every weight of a layer belongs to a layer of its graph.

    Args:
        graph: what `trace` gave for the layer.
        layer: `keras.layers.Layer`.
    """
    owned = {
        id(weight)
        for operation in graph.operations
        if isinstance(operation, keras.layers.Layer)
        for weight in operation.weights
    }
    return all(id(weight) in owned for weight in layer.weights)


def take_activation(layer):
    """Moves the activation that ends a layer to a layer of its own.

    Args:
        layer: `keras.layers.Layer`, a copy that may be changed.

    Returns:
        A `keras.layers.Activation`, or None where the layer is linear or does
        not end in an activation.
    """
    activation = getattr(layer, "activation", None)
    if not isinstance(layer, _ENDING_IN_ACTIVATION) or activation in (
        None,
        keras.activations.linear,
    ):
        return None
    layer.activation = keras.activations.linear
    return keras.layers.Activation(
        activation, dtype="float32", name=f"{layer.name}_activation"
    )


def single_precision(dtype):
    """`"float32"` for a type that pictures come in, else the type itself."""
    dtype = keras.backend.standardize_dtype(dtype)
    return "float32" if "float" in dtype or dtype == "uint8" else dtype


@contextlib.contextmanager
def _dense_products():
    """Keras 3.15 takes a symbolic tensor times a Python number for sparse."""
    original = Multiply.compute_output_spec

    def compute_output_spec(self, x1, x2):
        spec = original(self, x1, x2)
        sparse = any(getattr(x, "sparse", False) for x in (x1, x2))
        return keras.KerasTensor(spec.shape, spec.dtype, sparse=sparse)

    Multiply.compute_output_spec = compute_output_spec
    try:
        yield
    finally:
        Multiply.compute_output_spec = original


def _in_single_precision(config):
    if isinstance(config, dict):
        policy = config.get("class_name")
        if isinstance(policy, str) and policy.endswith("DTypePolicy"):
            return "float32"
        return {k: _in_single_precision(v) for k, v in config.items()}
    if isinstance(config, list | tuple):
        return type(config)(_in_single_precision(v) for v in config)
    halves = ("float16", "bfloat16", "mixed_float16", "mixed_bfloat16")
    return "float32" if config in halves else config
