import json
import re

import tensorflow as tf

from keras_nn.callbacks.call_recorder import CallRecorder
from keras_nn.callbacks.call_recorder import innermost
from keras_nn.callbacks.call_recorder import of_graph
from keras_nn.callbacks.gradient_tap import GradientTap


class ModelGraph:
    """The two graphs of a model for TensorBoard's Graphs page.

    The op graph is that of the training step as it runs: forward pass, loss,
    gradients and update. The conceptual graph has one node a layer, grouped
    as the layers are nested, and an edge where the output of one layer
    reaches another, whatever is computed in between. Both are taken from the
    trace of the step, so they exist for Functional, Sequential and subclassed
    models. A model that runs eagerly has no such trace; its forward pass is
    then traced once, for the graphs alone.

    Attach it in `on_train_begin`, call `write` after the first step.
    """

    def __init__(self):
        self._tap = GradientTap(self._see)
        self._recorder = None
        self._graph = None

    def attach(self, model):
        """Watch the next trace of the training step.

        Args:
            model: a compiled `keras.Model`.
        """
        self._recorder = CallRecorder(model)
        self._recorder.__enter__()
        self._tap.attach(model)

    def detach(self):
        """Stop watching."""
        if self._recorder is not None:
            self._recorder.__exit__()
            self._tap.detach()
            self._recorder = None
            self._graph = None

    def _see(self, variables, gradients):
        graph = tf.compat.v1.get_default_graph()
        if not tf.executing_eagerly():
            self._graph = graph

    def write(self):
        """Write both graphs with the default writer, then detach.

        Returns:
            bool. False if no step has been seen yet.
        """
        recorder, graph = self._recorder, self._graph
        if graph is None:
            forward = [call for call in recorder.calls if not call.path]
            if not forward:
                return False
            recorder.calls.clear()
            graph = _trace_forward(recorder.model, forward[-1].inputs)
        calls = of_graph(recorder.calls, graph)
        model = recorder.model
        self.detach()
        tf.summary.graph(graph)
        write_conceptual_graph(conceptual_graph(model, calls))
        return True


def _trace_forward(model, inputs):
    """The graph of the forward pass alone, as it was last called."""
    inputs = inputs[0] if len(inputs) == 1 else inputs
    spec = tf.nest.map_structure(
        lambda tensor: tf.TensorSpec([None, *tensor.shape[1:]], tensor.dtype),
        inputs,
    )
    forward = tf.function(lambda x: model(x))
    return forward.get_concrete_function(spec).graph


def conceptual_graph(model, calls):
    """The layers of a model and their connections, as Keras writes JSON.

    Args:
        model: `keras.Model`.
        calls: list of `Call` of one graph, the model's own call among them.

    Returns:
        A dict in the form of `keras.Model.to_json` of a Functional model.
    """
    calls = list(calls)
    roots = [call for call in calls if not call.path]
    producers = {}
    nodes = {}
    for root in roots[-1:]:
        for index, tensor in enumerate(root.inputs):
            name = "input" if len(root.inputs) == 1 else f"input_{index}"
            producers[id(tensor)] = name
            nodes[name] = ("InputLayer", tensor.dtype.name, [])
    leaves = innermost(calls)
    for call in leaves:
        path = _tag(call.path)
        kind, dtype = type(call.layer).__name__, call.layer.compute_dtype
        sources = nodes.get(path, (kind, dtype, []))[2]
        for source in _sources(call.inputs, producers):
            if source != path and source not in sources:
                sources.append(source)
        nodes[path] = (kind, dtype, sources)
        for tensor in call.outputs:
            producers.setdefault(id(tensor), path)
    for root in roots[-1:]:
        sources = _sources(root.outputs, producers)
        nodes["output"] = ("Output", root.outputs[0].dtype.name, sources)
    return {
        "class_name": "Functional",
        "config": {
            "name": _tag(model.name),
            "layers": [_node(name, *node) for name, node in nodes.items()],
        },
    }


def _sources(tensors, producers):
    """Names of the nearest recorded layers that tensors were made from."""
    found, seen, queue = [], set(), list(tensors)
    while queue:
        tensor = queue.pop()
        if id(tensor) in seen:
            continue
        seen.add(id(tensor))
        if id(tensor) in producers:
            if producers[id(tensor)] not in found:
                found.append(producers[id(tensor)])
        else:
            queue.extend(tensor.op.inputs)
    return found


def _node(name, kind, dtype, sources):
    history = [{"config": {"keras_history": [s, 0, 0]}} for s in sources]
    return {
        "class_name": kind,
        "config": {"name": name, "dtype": dtype},
        "inbound_nodes": [{"args": [history]}] if history else [],
    }


def _tag(path):
    return re.sub(r"[^A-Za-z0-9_.\-/]", "_", path)


def write_conceptual_graph(graph, tag="keras"):
    """Write a conceptual graph with the default writer.

    Args:
        graph: dict, from `conceptual_graph`.
        tag: str. Its name on the Graphs page. Defaults to `"keras"`.
    """
    metadata = tf.compat.v1.SummaryMetadata()
    metadata.plugin_data.plugin_name = "graph_keras_model"
    metadata.plugin_data.content = b"1"
    tf.summary.write(tag, json.dumps(graph), step=0, metadata=metadata)
