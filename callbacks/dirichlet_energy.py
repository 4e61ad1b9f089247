import numpy as np
import tensorflow as tf

from keras_nn.callbacks.instrument import Instrument
from keras_nn.callbacks.node_states import network_of
from keras_nn.callbacks.node_states import node_states


class DirichletEnergy(Instrument):
    """Shows how different neighbours still are, layer by layer.

    `E(X) = 1/2 sum over edges (s, t) of |x[s] / sqrt(d[s]) - x[t] /
    sqrt(d[t])|^2 / |X|^2`, `d` the degrees with a self-loop each; 0 where all
    nodes are alike up to their degrees, at most 2

    Read it for: energies that fall from layer to layer towards 0 tell of
    over-smoothing: the nodes become one, and no later layer can tell them
    apart. Then take fewer layers, residual connections, `PairNormalization`
    or a teleport (`APPNP`).

    Args:
        log_dir: str or path. Where TensorBoard looks.
        graph: dict, see `keras_nn.data.graphs.check_graph`, or a `NodeSplit`.
        every: int. Write once per this many epochs. Defaults to 1.

    Writes to `log_dir/validation`, at the epoch's index:
        `dirichlet_energy/<number>_<layer>`: scalar, 0 to 2, for what comes in
            and for what each layer with weights or messages makes of it.

    Example:

    >>> graph = {"node_features": np.eye(2), "edge_index": [[0, 1], [1, 0]]}
    >>> float(dirichlet_energy(np.array([[1.0], [-1.0]]), graph).round(6))
    1.0
    >>> float(dirichlet_energy(np.array([[1.0], [1.0]]), graph))
    0.0

    Reference:
        [Cai and Wang, 2020](https://arxiv.org/abs/2006.13318)
    """

    def __init__(self, log_dir, graph, every=1):
        super().__init__(log_dir, every)
        self.graph = getattr(graph, "graph", graph)

    def on_epoch_end(self, epoch, logs=None):
        if not self.is_due(epoch):
            return
        states = node_states(network_of(self.model), self.graph)
        with self.write(epoch, "validation"):
            for number, (name, state) in enumerate(states):
                tf.summary.scalar(
                    f"dirichlet_energy/{number}_{name}",
                    dirichlet_energy(state, self.graph),
                )


def dirichlet_energy(state, graph):
    """The energy of features of nodes: a float, see `DirichletEnergy`.

    Args:
        state: float array `(nodes, features)`.
        graph: dict, see `keras_nn.data.graphs.check_graph`.
    """
    state = np.asarray(state, "float64")
    edges = np.asarray(graph["edge_index"]).reshape(-1, 2)
    edges = edges[edges[:, 0] != edges[:, 1]]
    degree = 1 + np.bincount(edges[:, 1], minlength=len(state))
    scaled = state / np.sqrt(degree)[:, None]
    total = np.square(state).sum()
    if total == 0:
        return 0.0
    gaps = scaled[edges[:, 0]] - scaled[edges[:, 1]]
    return np.square(gaps).sum() / 2 / total
