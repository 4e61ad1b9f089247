import numpy as np
import tensorflow as tf

from keras_nn.callbacks.instrument import Instrument
from keras_nn.callbacks.node_states import network_of
from keras_nn.data.graphs import pack
from keras_nn.explain import EdgeGates


class AttentionHistograms(Instrument):
    """Shows whether nodes that attend prefer some neighbours to others.

    `evenness = mean over nodes of (entropy of attention / log of neighbours)`

    Read it for: a histogram with one peak at 1, and an evenness near 1, tell
    that the network averages as a GCN does, so that its attention could be
    spared. Weights far above 1 belong to neighbours that it singles out.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        graph: dict, see `keras_nn.data.graphs.check_graph`, or a `NodeSplit`.
        every: int. Write once per this many epochs. Defaults to 1.

    Raises:
        ValueError: in training, if no layer of the model attends.

    Writes to `log_dir/validation`, at the epoch's index, for the attending
    layers, counted from 0:
        `attention/<number>`: histogram. Attention times the number of
            neighbours, the node itself among them where it attends to itself:
            1 is what averaging gives.
        `attention/<number>/evenness`: scalar, 0 (one neighbour alone) to 1
            (all alike), over nodes with two neighbours or more.

    Example:

    >>> relative, even = measures(np.array([[0.5], [0.5], [1.0]]), [0, 0, 1], 2)
    >>> relative[:, 0].tolist(), float(even)
    ([1.0, 1.0, 1.0], 1.0)
    """

    def __init__(self, log_dir, graph, every=1):
        super().__init__(log_dir, every)
        self.graph = getattr(graph, "graph", graph)

    def on_epoch_end(self, epoch, logs=None):
        if not self.is_due(epoch):
            return
        network = network_of(self.model)
        with EdgeGates(network) as gates:
            network(pack([self.graph]), training=False)
        if not gates.attention:
            raise ValueError(
                "AttentionHistograms looks at layers that attend to neighbours."
                f" Received: {type(network).__name__}, which has none"
            )
        edges = np.asarray(self.graph["edge_index"]).reshape(-1, 2)
        nodes = len(self.graph["node_features"])
        with self.write(epoch, "validation"):
            for number, attention in enumerate(gates.attention):
                attention = np.asarray(attention, "float32")
                targets = edges[:, 1]
                if len(attention) > len(edges):  # the layer added self-loops
                    # in place of those that the graph has
                    loops = edges[:, 0] == edges[:, 1]
                    keep = np.append(~loops, np.ones(nodes, bool))
                    targets = np.append(targets, np.arange(nodes))[keep]
                    attention = attention[keep]
                relative, even = measures(attention, targets, nodes)
                tf.summary.histogram(f"attention/{number}", relative)
                tf.summary.scalar(f"attention/{number}/evenness", even)


def measures(attention, targets, nodes):
    """Attention by what averaging gives, and how even it is.

    Args:
        attention: float array `(edges, heads)`, of which those with one
            target sum to 1.
        targets: int array `(edges,)`.
        nodes: int.

    Returns:
        `(relative, evenness)`: an array like `attention`, and a float, which
        is 1 where no node has two neighbours.
    """
    targets = np.asarray(targets)
    count = np.bincount(targets, minlength=nodes)
    surprise = -attention * np.log(np.maximum(attention, 1e-12))
    entropy = np.zeros((nodes, attention.shape[1]))
    np.add.at(entropy, targets, surprise)
    several = count > 1
    share = entropy[several] / np.log(count[several])[:, None]
    even = share.mean() if several.any() else 1.0
    return attention * count[targets][:, None], even
