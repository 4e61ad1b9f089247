import numpy as np

from keras_nn.callbacks.instrument import Instrument
from keras_nn.callbacks.last_look import LastLook
from keras_nn.callbacks.node_states import network_of
from keras_nn.callbacks.node_states import node_states
from keras_nn.callbacks.projector_files import show_points

_MOST = 10_000  # points that the Projector moves without delay


class NodeProjector(LastLook, Instrument):
    """Shows how a network arranges the nodes of a graph, in the Projector.

    Each node becomes a point: what a model that embeds gives for it, or else
    the features that the last layer looks at.

    Read it for: choose "Color by: class". Islands of one colour are classes
    that the network tells apart. One cloud in which all colours mix tells of
    too many layers (over-smoothing), or of a graph whose edges do not follow
    the classes.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        split: `keras_nn.data.graphs.NodeSplit`: the graph, and the labels that
            colour it; nodes that do not count are called so.
        class_names: list of str or None. Defaults to the numbers.
        every: int or None. Write once per this many epochs, and when training
            ends; None means only then. Defaults to None.

    Writes to `log_dir/validation`, each time replacing what was there:
        `projector_config.pbtxt`: what TensorBoard reads first.
        `nodes.tensor.tsv`: one line a node, one feature a column; of more
            than 10,000 nodes so many, drawn at random.
        `nodes.metadata.tsv`: class, degree, number of the node.
        `node_projector`: text in the event file, at the epoch's index: what
            the points are.

    Example:

    >>> import tempfile
    >>> from keras_nn import data
    >>> from keras_nn.applications import NodeClassifier
    >>> from keras_nn.models import GCN
    >>> club, folder = data.load("karate-club"), tempfile.mkdtemp()
    >>> app = NodeClassifier(GCN(34, 2))
    >>> app.compile()
    >>> instrument = NodeProjector(folder, club.test)
    >>> _ = app.fit(club, verbose=0, callbacks=[instrument])
    >>> len(open(f"{folder}/validation/nodes.tensor.tsv").readlines())
    34
    """

    def __init__(self, log_dir, split, class_names=None, every=None):
        super().__init__(log_dir, 1 if every is None else every)
        self.split = split
        self.class_names = class_names
        self.every = every

    def look(self, epoch):
        """Write the points as they are now.

        Args:
            epoch: int, counted from 0.
        """
        vectors, what = self._vectors()
        rows = np.arange(len(vectors))
        if len(rows) > _MOST:
            rows = np.random.default_rng(0).choice(rows, _MOST, False)
        show_points(
            self,
            epoch,
            "nodes",
            "node_projector",
            "nodes",
            f"{len(rows)} nodes, {vectors.shape[1]} features ({what})",
            vectors[rows],
            self._metadata(rows),
        )

    def _vectors(self):
        if hasattr(self.model, "embed"):
            return self.model.embed(self.split.graph), "embeddings"
        states = node_states(network_of(self.model), self.split.graph)
        name, state = states[-2] if len(states) > 2 else states[-1]
        return state, f"layer {name}"

    def _metadata(self, rows):
        edges = np.asarray(self.split.graph["edge_index"]).reshape(-1, 2)
        degree = np.bincount(edges[:, 1], minlength=len(self.split.y))
        names = self.class_names
        if names is None:
            names = [str(n) for n in range(int(self.split.y.max()) + 1)]
        found = [["class", "degree", "node"]]
        for node in rows:
            label = names[self.split.y[node]]
            if not self.split.mask[node]:
                label = "not counted"
            found.append([label, str(degree[node]), str(node)])
        return found
