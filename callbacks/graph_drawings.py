import numpy as np
import tensorflow as tf

from keras_nn.callbacks.graph_picture import GraphPicture
from keras_nn.callbacks.graph_picture import draw_graphs
from keras_nn.callbacks.graph_picture import surroundings
from keras_nn.callbacks.instrument import Instrument
from keras_nn.data.graphs import NodeSplit
from keras_nn.explain import IntegratedEdges


class GraphDrawings(Instrument):
    """Draws graphs, and along which edges a model reached its answer.

    Of whole graphs, the first ones of every class; of the nodes of one graph,
    the surroundings of those that count, mistakes first. An edge is the wider
    and the redder the more it spoke for the predicted class.

    Read it for: the title names the true class, what was predicted instead if
    that was wrong, and its probability. Red edges should be those a person
    would point at; where they lie in a part that has nothing to do with the
    class, the model found a shortcut.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        split: `keras_nn.data.graphs.GraphSplit` or `NodeSplit`, with classes.
        class_names: list of str or None. Defaults to the numbers.
        count: int. Graphs, or nodes. Defaults to 8.
        every: int or None. Draw once per this many epochs, and when training
            ends; None means only then. Defaults to None.
        explainer: function from a model to a
            `keras_nn.explain.GraphExplainer`. Defaults to `IntegratedEdges`
            of 8 steps.

    Writes to `log_dir/validation`, at the epoch's index:
        `graph_drawings`: image. Nodes of whole graphs are coloured by their
            largest feature, nodes of one graph by their class; the one
            explained has a ring.

    Example:

    >>> import tempfile
    >>> from keras_nn import data
    >>> from keras_nn.applications import NodeClassifier
    >>> from keras_nn.models import GCN
    >>> from keras_nn.testing import read_events
    >>> club, folder = data.load("karate-club"), tempfile.mkdtemp()
    >>> app = NodeClassifier(GCN(34, 2))
    >>> app.compile()
    >>> drawings = GraphDrawings(folder, club.test, count=1)
    >>> _ = app.fit(club, verbose=0, callbacks=[drawings])
    >>> "graph_drawings" in read_events(folder)["validation"]
    True
    """

    def __init__(
        self,
        log_dir,
        split,
        class_names=None,
        count=8,
        every=None,
        explainer=None,
    ):
        super().__init__(log_dir, 1 if every is None else every)
        if count < 1:
            raise ValueError(f"`count` must be positive. Received: {count=}")
        self.split = split
        self.class_names = class_names
        self.count = count
        self.every = every
        self.explainer = explainer or (
            lambda model: IntegratedEdges(model, steps=8)
        )
        self._epoch = None
        self._drawn = None

    def is_due(self, index):
        return self.every is not None and super().is_due(index)

    def on_epoch_end(self, epoch, logs=None):
        self._epoch = epoch
        if self.is_due(epoch):
            self.look(epoch)

    def on_train_end(self, logs=None):
        if self._epoch is not None and self._drawn != self._epoch:
            self.look(self._epoch)
        self._epoch = self._drawn = None
        super().on_train_end(logs)

    def look(self, epoch):
        """Draw the graphs as the model sees them now.

        Args:
            epoch: int, counted from 0.
        """
        self._drawn = epoch
        explainer = self.explainer(self.model)
        of_nodes = isinstance(self.split, NodeSplit)
        pictures = (self._of_nodes if of_nodes else self._of_graphs)(explainer)
        with self.write(epoch, "validation"):
            tf.summary.image("graph_drawings", draw_graphs(pictures))

    def _of_graphs(self, explainer):
        rank = np.zeros(len(self.split), int)
        for label in np.unique(self.split.y):
            same = self.split.y == label
            rank[same] = np.arange(same.sum())
        # The first of every class, then the second ...
        order = np.argsort(rank, kind="stable")[: self.count]
        pictures = []
        for index in order:
            graph = self.split.x[index]
            found = explainer(graph)
            features = np.asarray(graph["node_features"])
            pictures.append(
                GraphPicture(
                    np.asarray(graph["edge_index"]).reshape(-1, 2),
                    features.argmax(axis=1),
                    found.both_ways(),
                    self._title(self.split.y[index], found.target),
                )
            )
        return pictures

    def _of_nodes(self, explainer):
        split = self.split
        x, *_ = split.arrays()
        inputs = {key: x[key] for key in self.model.input}
        scores = np.asarray(self.model(inputs, training=False))[0]
        counted = np.flatnonzero(split.mask)
        wrong = scores.argmax(axis=1)[counted] != split.y[counted]
        order = counted[np.argsort(~wrong, kind="stable")][: self.count]
        pictures = []
        for node in order:
            found = explainer(split.graph, node=int(node))
            strength = found.both_ways()
            nodes, edges, rows = surroundings(split.graph, node, strength)
            target = found.target
            title = self._title(split.y[node], target, scores[node, target])
            pictures.append(
                GraphPicture(
                    edges,
                    np.maximum(split.y[nodes], 0),
                    strength[rows],
                    f"node {node}: {title}",
                    marked=0,
                )
            )
        return pictures

    def _title(self, label, guess, probability=None):
        def name(k):
            return str(self.class_names[k] if self.class_names else k)

        title = name(label)
        if label != guess:
            title += f", taken for {name(guess)}"
        if probability is not None:
            title += f" ({probability:.0%})"
        return title
