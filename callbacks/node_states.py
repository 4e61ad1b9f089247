"""What the layers of a network of graphs make of the nodes."""

import numpy as np
import tensorflow as tf

from keras_nn.callbacks.call_recorder import CallRecorder
from keras_nn.callbacks.call_recorder import innermost
from keras_nn.data.graphs import pack
from keras_nn.layers import MessagePassing


def node_states(network, graph):
    """The features of all nodes after each layer with weights or messages.

    Args:
        network: `keras.Model` from packs of graphs.
        graph: dict, see `keras_nn.data.graphs.check_graph`.

    Returns:
        A list of pairs `(name of the layer, float32 array (nodes, units))`,
        what came in first, as `"input"`.

    Example:

    >>> from keras_nn.models import GCN
    >>> graph = {"node_features": np.eye(3), "edge_index": [[0, 1], [1, 2]]}
    >>> states = node_states(GCN(features=3, classes=2), graph)
    >>> [(name, state.shape) for name, state in states]
    [('input', (3, 3)), ('convolution_0', (3, 16)), ('predictions', (3, 2))]
    """
    with CallRecorder(network) as recorder:
        network(pack([graph]), training=False)
    nodes = np.asarray(graph["node_features"], "float32")
    inner = {id(call) for call in innermost(recorder.calls)}
    found = [("input", nodes)]
    for call in recorder.calls:
        has_messages = isinstance(call.layer, MessagePassing)
        weighs = id(call) in inner and bool(call.layer.weights)
        if not (has_messages or weighs) or not call.outputs:
            continue
        within = any(
            isinstance(other.layer, MessagePassing)
            and other is not call
            and call.path.startswith(f"{other.path}/")
            for other in recorder.calls
        )
        output = call.outputs[0]
        if not within and output.shape[:-1] == (1, len(nodes)):
            name = call.path.rsplit("/", maxsplit=1)[-1]
            state = tf.cast(output[0], "float32").numpy()
            found.append((name, state))
    return found


def network_of(model):
    """The network of an application, or a model as it is."""
    return getattr(model, "network", model)
