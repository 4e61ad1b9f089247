import keras
from keras import ops

from keras_nn.layers import MessagePassing


class EdgeGates:
    """Lets through a share of what every edge of a graph carries.

    `message(e) <- gate[e] * message(e)` in every layer of a model that passes
    messages, behind its attention or normalisation. Edges that a layer adds,
    self-loops, stay as they are. It stands in front of the layers' own
    `aggregate` and `receive`, eagerly and while a function is traced, and
    they take their place back when the context ends; the model is not changed.

    Args:
        model: `keras.Model` with layers of the kind `MessagePassing`.

    Attributes:
        attention: list of tensors `(edges, heads)`: the attention of every
            call of a layer that attends, in their order.

    Raises:
        ValueError: if no layer of the model passes messages.

    Example:

    >>> from keras_nn.models import GCN
    >>> graph = {
    ...     "node_features": ops.ones((1, 2, 3)),
    ...     "edge_index": ops.array([[[0, 1], [1, 0]]]),
    ... }
    >>> model = GCN(features=3, classes=2)
    >>> with EdgeGates(model) as gates:
    ...     gates.set(ops.zeros(2))
    ...     alone = model(graph)
    >>> bool(ops.any(alone != model(graph)))
    True
    """

    def __init__(self, model):
        self.layers = [
            layer
            for layer in model._flatten_layers()
            if isinstance(layer, MessagePassing)
        ]
        if not self.layers:
            raise ValueError(
                "Edges are explained in models with layers that pass messages "
                f"along them. Received: {type(model).__name__}, which has none"
            )
        self.attention = []
        self._gate = None
        self._hidden = []

    @property
    def attends(self):
        """bool. Whether a layer of the model attends to neighbours."""
        return any(hasattr(layer, "dropout") for layer in self.layers)

    def set(self, gate):
        """What the gates are from now on: float tensor `(edges,)`."""
        self._gate = gate

    def __enter__(self):
        self.attention.clear()
        for layer in self.layers:
            self._hide(layer, "aggregate", self._gated(layer.aggregate))
            self._hide(layer, "receive", _in_two_steps(layer))
            dropout = getattr(layer, "dropout", None)
            if isinstance(dropout, keras.layers.Dropout):
                self._hide(dropout, "call", self._heard(dropout.call))
        return self

    def __exit__(self, *error):
        while self._hidden:
            owner, name = self._hidden.pop()
            vars(owner).pop(name, None)

    def _hide(self, owner, name, function):
        # Past Keras's attribute tracking: this is no part of the layer.
        object.__setattr__(owner, name, function)
        self._hidden.append((owner, name))

    def _gated(self, aggregate):
        def call(graph, messages):
            if self._gate is None:
                return aggregate(graph, messages)
            gate = ops.cast(self._gate, messages.dtype)
            added = ops.shape(messages)[0] - ops.shape(gate)[0]
            ones = ops.ones((added,), dtype=gate.dtype)
            gate = ops.concatenate([gate, ones])
            axes = (-1, *(1,) * (len(messages.shape) - 1))
            return aggregate(graph, messages * ops.reshape(gate, axes))

        return call

    def _heard(self, dropout):
        # What layers that attend drop is their attention.
        def call(inputs, training=False):
            self.attention.append(inputs)
            return dropout(inputs, training=training)

        return call


def _in_two_steps(layer):
    """The layer's `receive`, whose messages can be gated."""
    return lambda graph, nodes: layer.aggregate(
        graph, layer.message(graph, nodes)
    )
