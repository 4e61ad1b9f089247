import dataclasses

import keras
import tensorflow as tf

from keras_nn.callbacks.layer_tree import descendants


@dataclasses.dataclass(frozen=True)
class Call:
    """One call of a layer.

    Attributes:
        path: str. Where the layer is in the model; `""` is the model.
        layer: the layer.
        inputs: list of tensors that it got.
        outputs: list of tensors that it returned.
        replica: int. The replica that made the call.
    """

    path: str
    layer: object
    inputs: list
    outputs: list
    replica: int


class CallRecorder:
    """Keeps what goes into and comes out of every layer of a model.

    Works for Functional, Sequential and subclassed models alike, eagerly and
    while a step is traced: it stands in front of the `call` of each layer.
    What a model computes with plain functions between its layers is not seen.

    Args:
        model: `keras.Model`.

    Attributes:
        calls: list of `Call`, in the order in which the layers finished.

    Example:

    >>> model = keras.Sequential([keras.layers.Dense(2, name="dense")])
    >>> with CallRecorder(model) as recorder:
    ...     _ = model(tf.ones((1, 3)))
    >>> [(call.path, call.outputs[0].shape) for call in recorder.calls]
    [('dense', TensorShape([1, 2])), ('', TensorShape([1, 2]))]
    """

    def __init__(self, model):
        self.model = model
        self.calls = []
        self._layers = []

    def __enter__(self):
        layers = descendants(self.model)
        # The cell of a recurrent layer runs in a loop, and once before it.
        loops = tuple(
            f"{path}/"
            for path, layer in layers
            if isinstance(layer, keras.layers.RNN)
        )
        layers = [pair for pair in layers if not pair[0].startswith(loops)]
        self._layers = [("", self.model), *layers]
        for path, layer in self._layers:
            self._observe(path, layer)
        return self

    def __exit__(self, *error):
        layers, self._layers = self._layers, []
        for _, layer in layers:
            call = vars(layer).get("call")
            # Two recorders may end in any order; one that still lies under
            # another is passed over when that other one ends.
            while getattr(call, "recorder", None) is not None:
                if call.recorder._layers:
                    break
                call = call.before
            if call is None:
                vars(layer).pop("call", None)
            else:
                object.__setattr__(layer, "call", call)

    def _observe(self, path, layer):
        original = layer.call

        def call(*args, **kwargs):
            outputs = original(*args, **kwargs)
            if self._layers:
                self._keep(path, layer, (args, kwargs), outputs)
            return outputs

        call.recorder = self
        call.before = vars(layer).get("call")
        # Past Keras's attribute tracking: this is no part of the layer.
        object.__setattr__(layer, "call", call)

    def _keep(self, path, layer, inputs, outputs):
        context = tf.distribute.get_replica_context()
        replica = context.replica_id_in_sync_group if context else 0
        if not isinstance(replica, int):  # a tensor where there is but one
            replica = 0
        self.calls.append(
            Call(path, layer, _tensors(inputs), _tensors(outputs), replica)
        )


def innermost(calls):
    """The calls of layers that called no other recorded layer themselves.

    Args:
        calls: list of `Call`.

    Returns:
        The sub-list without the model and without layers made of layers.
    """
    outer = set()
    for call in calls:
        path = call.path
        while path:
            path = path.rpartition("/")[0]
            outer.add(path)
    return [call for call in calls if call.path not in outer and call.path]


def of_graph(calls, graph, replica=0):
    """The calls whose tensors all live in one graph, of one replica.

    Leaves out what happens inside loops and branches, which have graphs of
    their own.

    Args:
        calls: list of `Call`.
        graph: `tf.Graph`.
        replica: int. Defaults to 0.

    Returns:
        A list of `Call`.
    """
    return [
        call
        for call in calls
        if call.replica == replica
        and call.outputs
        and all(
            getattr(tensor, "graph", None) is graph
            for tensor in call.inputs + call.outputs
        )
    ]


def _tensors(structure):
    return [
        tensor
        for tensor in tf.nest.flatten(structure)
        if tf.is_tensor(tensor) and isinstance(tensor, tf.Tensor)
    ]
