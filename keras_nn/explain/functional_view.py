import keras
import numpy as np

from keras_nn.explain import graphs
from keras_nn.explain.find_last_convolution import is_convolutional
from keras_nn.explain.held_input import HeldInput

_SQUASHING = ("softmax", "sigmoid", "log_softmax")


class FunctionalView:
    """Any Keras model as one flat Functional model in float32.

    Methods that look inside a model want to see every layer, and gradients
    that do not underflow. A view gives them both for Functional, Sequential,
    subclassed and nested models, for dicts and lists of inputs or outputs,
    for half precision, and for models built in a strategy's scope. Nested
    models, and layers of the user's own that hold convolutions, are taken
    apart, so that what is inside becomes a layer of the view.

    The layers are copies: the model itself is never changed, and `refresh`
    brings its present weights over. A layer that cannot be made from its
    config is shared instead of copied.

    Args:
        model: `keras.Model`, built or called before.
        example: array, or structure of arrays, that the model takes. Needed
            for a subclassed model only. Defaults to None.
        linear: bool. Whether to leave out a softmax or sigmoid at the end,
            so that the outputs are logits. Defaults to False.
        hold_side_inputs: bool. Whether to give the view only the first input
            with spatial axes; the others are then set by `hold`. Defaults to
            False.
        apart: bool. Whether to take apart every layer of the user's own that
            holds layers, and to make the activation of a dense layer or a
            convolution a layer of its own, for methods that have a rule for
            each operation. Defaults to False.

    Raises:
        ValueError: If the model is not built, or its `call` does something
            that Keras cannot trace.

    Example:

    >>> inner = keras.Sequential([
    ...     keras.Input((8, 8, 1)), keras.layers.Conv2D(4, 3, name="conv")
    ... ])
    >>> outer = keras.Sequential([inner, keras.layers.Flatten(name="flat")])
    >>> view = FunctionalView(outer)
    >>> [layer.name for layer in view.model.layers][1:]
    ['conv', 'flat']
    """

    def __init__(
        self,
        model,
        example=None,
        linear=False,
        hold_side_inputs=False,
        apart=False,
    ):
        if not model.built:
            raise ValueError(
                "the model must be built or called before it can be looked "
                f"into. Received: {model.name}, which is not"
            )
        self.source = model
        self.linear = linear
        self.apart = apart
        self._copies = {}
        self._activations = {}
        self._names = set()
        self._parents = []
        self._remembered = {}
        self._held = []
        self._picture = 0
        if example is not None:
            example = keras.tree.map_structure(np.asarray, example)
        shared = []
        with graphs.untouched(model, shared):
            graph = graphs.graph_of(model, example)
            self._structure = graph.input
            self._keys = _keys(graph)
            inputs = [
                keras.Input(
                    batch_shape=(None, *t.shape[1:]),
                    dtype=graphs.single_precision(t.dtype),
                )
                for t in graph.inputs
            ]
            tensors = list(inputs)
            if hold_side_inputs and len(inputs) > 1:
                tensors = self._hold_all_but_one(inputs)
                inputs = [inputs[self._picture]]
            outputs = graphs.run(graph, tensors, self._call)
            self.outputs = keras.tree.flatten(outputs)
            shared += [old for old, new in self._copies.values() if old is new]
        if linear:
            self.outputs = [self._linear(t) for t in self.outputs]
        self.model = keras.Model(inputs, self.outputs, name="view")
        self.refresh()

    def __call__(self, inputs):
        """The outputs for inputs as the model takes them.

        Args:
            inputs: array, or structure of arrays.

        Returns:
            list of float32 tensors, in the order of the model's outputs.
        """
        outputs = self.model(self.flat_inputs(inputs), training=False)
        return keras.tree.flatten(outputs)

    def refresh(self):
        """Bring the present weights of the model over."""
        for source, twin in self._copies.values():
            if source is twin:
                continue
            for old, new in zip(source.weights, twin.weights, strict=True):
                new.assign(keras.ops.cast(old.value, new.dtype))
            if hasattr(twin, "finalize_state"):
                twin.finalize_state()

    def remember(self, key, make, *args):
        """What `make(*args)` gives, made once for each key."""
        if key not in self._remembered:
            self._remembered[key] = make(*args)
        return self._remembered[key]

    def output_index(self, output):
        """The place of an output among the view's.

        Args:
            output: str (a name or key), int, or None for the only one.

        Returns:
            int.
        """
        if output is None and len(self.outputs) == 1:
            return 0
        known = [*self._keys, *range(len(self.outputs))]
        if output is None or output not in known:
            raise ValueError(
                f"`output` must be one of {known}. Received: {output!r}"
            )
        return known.index(output) % len(self.outputs)

    def flat_inputs(self, inputs):
        """A model's input structure as a list of arrays.

        Args:
            inputs: array, or structure of arrays, as the model takes it.

        Returns:
            list of arrays in the order of the model's own inputs: floats and
            pictures as float32, other integers as they are.
        """
        flat = [np.asarray(x) for x in self.flattened(inputs)]
        return [x.astype(graphs.single_precision(x.dtype)) for x in flat]

    def flattened(self, inputs):
        """What a structure like the model's inputs holds, as a list."""
        flat = keras.tree.flatten(self._used(inputs))
        size = len(keras.tree.flatten(self._structure))
        if len(flat) != size:
            raise ValueError(
                f"the model has {size} inputs. Received: {len(flat)}"
            )
        return flat

    def structured(self, flat, inputs):
        """A list with one entry an input, in the structure of the inputs."""
        return keras.tree.pack_sequence_as(self._used(inputs), flat)

    def _used(self, inputs):
        if isinstance(self._structure, dict) and isinstance(inputs, dict):
            return {key: inputs[key] for key in self._structure}
        return inputs

    def picture(self, flat):
        """Of a flat list of inputs, the one the view takes when it holds."""
        return flat[self._picture]

    def hold(self, flat, index):
        """Give all pictures the side inputs of one example.

        Args:
            flat: list of arrays, from `flat_inputs`.
            index: int, the example.
        """
        for place, layer in self._held:
            layer.value.assign(flat[place][index : index + 1])

    @property
    def holds(self):
        """Whether the view has side inputs to hold."""
        return bool(self._held)

    def _hold_all_but_one(self, inputs):
        spatial = [i for i, t in enumerate(inputs) if len(t.shape) > 2]
        self._picture = spatial[0] if spatial else 0
        tensors = []
        for i, tensor in enumerate(inputs):
            if i != self._picture:
                layer = HeldInput(tensor.shape[1:], tensor.dtype)
                self._held.append((i, layer))
                tensor = layer(inputs[self._picture])
            tensors.append(tensor)
        return tensors

    def _call(self, operation, *args, **kwargs):
        graph = self._opened(operation, args, kwargs)
        if graph is not None:
            tensors = [
                t
                for t in keras.tree.flatten((args, kwargs))
                if isinstance(t, keras.KerasTensor)
            ]
            self._parents.append(operation.name)
            outputs = graphs.run(graph, tensors, self._call)
            self._parents.pop()
            return outputs
        if id(operation) not in self._copies:
            twin = graphs.copy_of(operation)
            if twin is not operation:
                twin.name = self._unique(twin.name)
            if not isinstance(operation, keras.layers.Layer):
                return twin(*args, **kwargs)
            self._copies[id(operation)] = (operation, twin)
            if self.apart and twin is not operation:
                self._activations[id(twin)] = graphs.take_activation(twin)
        twin = self._copies[id(operation)][1]
        outputs = twin(*args, **kwargs)
        activation = self._activations.get(id(twin))
        return outputs if activation is None else activation(outputs)

    def _unique(self, name):
        """A layer's name, with those of what it is inside where need be."""
        for parent in reversed([None, *self._parents]):
            if name not in self._names:
                break
            name = f"{parent}_{name}" if parent else name
        candidate, number = name, 1
        while candidate in self._names:
            number += 1
            candidate = f"{name}_{number}"
        self._names.add(candidate)
        return candidate

    def _opened(self, operation, args, kwargs):
        """The graph inside an operation, or None where it stays whole."""
        if isinstance(operation, keras.Model):
            graph = graphs.known_graph(operation)
            return graph or graphs.trace(operation, args, kwargs)
        if not self._is_to_open(operation):
            return None
        try:
            graph = graphs.trace(operation, args, kwargs)
        except ValueError:
            return None
        # A weight that no layer inside owns would become a constant.
        return graph if graphs.owns_weights(graph, operation) else None

    def _is_to_open(self, operation):
        return (
            isinstance(operation, keras.layers.Layer)
            and not graphs.is_own_layer_of_keras(operation)
            and bool(graphs.sublayers(operation))
            and (self.apart or is_convolutional(operation))
        )

    def _linear(self, tensor):
        """The tensor before the softmax or sigmoid that ends the model."""
        while True:
            layer = graphs.producer(tensor)
            kind = type(layer).__name__
            activation = getattr(layer, "activation", None)
            name = getattr(activation, "__name__", None)
            is_last = kind in ("Softmax", "Sigmoid", "LogSoftmax")
            if is_last or (kind == "Activation" and name in _SQUASHING):
                return layer.input
            if name in _SQUASHING and not self._is_shared(layer):
                layer.activation = keras.activations.linear
                return tensor
            if kind == "Identity" or (kind, name) == ("Activation", "linear"):
                tensor = layer.input
                continue
            return tensor

    def _is_shared(self, layer):
        return any(old is layer for old, _ in self._copies.values())


def _keys(graph):
    """Names for a graph's flat outputs: dict keys, or the layers' names."""
    outputs = graph.output
    if isinstance(outputs, dict):
        return keras.tree.flatten({key: key for key in outputs})
    return [graphs.producer(t).name for t in graph.outputs]
