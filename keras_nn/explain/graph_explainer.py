import numpy as np
import tensorflow as tf

from keras_nn.data.graphs import check_graph
from keras_nn.data.graphs import pack
from keras_nn.explain.edge_gates import EdgeGates
from keras_nn.explain.graph_explanation import GraphExplanation

TINY = 1e-7


class GraphExplainer:
    """Which edges does this answer rest on? The base of such methods.

    An explainer is made for a model of graphs and called with one graph. A
    subclass names its `method` and overrides `explain`.

    Args:
        model: a built `keras.Model` from packs of graphs to scores of nodes
            `(packs, nodes, classes)` or of graphs `(packs, graphs, classes)`:
            a network of `keras_nn.models`, or an application such as
            `keras_nn.applications.NodeClassifier`.
        from_logits: bool. Whether the model's scores are logits. Defaults to
            False: they are probabilities.

    Call arguments:
        graph: dict, see `keras_nn.data.graphs.check_graph`.
        node: int or None. The node whose score is explained; None for a model
            that scores graphs.
        target: int or None. The class to explain. Defaults to the predicted
            one.

    Returns:
        A `GraphExplanation`.

    Raises:
        ValueError: if the model passes no messages, or there is no such node
            or class, or a node is missing or too much.

    Example:

    >>> from keras_nn.models import GCN
    >>> class Evenly(GraphExplainer):
    ...     method = "evenly"
    ...     def explain(self, x, score):
    ...         return {"edge_scores": np.ones(x["edge_index"].shape[1])}
    >>> graph = {"node_features": np.eye(3), "edge_index": [[0, 1], [1, 2]]}
    >>> Evenly(GCN(3, 2))(graph, node=2).edge_scores
    array([1., 1.], dtype=float32)
    """

    method = None

    def __init__(self, model, from_logits=False):
        self.model = model
        self.from_logits = from_logits
        self.gates = EdgeGates(model)

    def __call__(self, graph, node=None, target=None):
        graph = check_graph(graph)
        x = {k: tf.convert_to_tensor(v) for k, v in pack([graph]).items()}
        scores = self._log_probabilities(self.model(x, training=False))
        row = self._row(node, scores, len(graph["node_features"]))
        classes = scores.shape[-1]
        if target is None:
            target = int(np.argmax(scores[row]))
        if not 0 <= target < classes:
            raise ValueError(
                f"`target` must be a class, 0 to {classes - 1}. "
                f"Received: {target=}"
            )

        def score(inputs, gate=None):
            """`log p[target]` behind gates, and the model's attention."""
            with self.gates as gates:
                gates.set(gate)
                outputs = self.model(inputs, training=False)
                attention = list(gates.attention)
            return self._log_probabilities(outputs)[row, target], attention

        found = self.explain(x, score)
        for key, value in found.items():
            found[key] = (
                np.asarray(value, "float32") if np.ndim(value) else float(value)
            )
        return GraphExplanation(
            graph, method=self.method, target=target, node=node, **found
        )

    def explain(self, x, score):
        """What the method finds, for a subclass to say.

        Args:
            x: dict of tensors, a pack of one graph.
            score: function `score(inputs, gate=None)` that gives `(log
                probability of the target, list of attention)`; `gate` is a
                float tensor `(edges,)`, see `EdgeGates`.

        Returns:
            A dict with `edge_scores`, and `feature_scores` or
            `convergence_delta` where the method has them.
        """
        raise NotImplementedError(
            f"{type(self).__name__} must define `explain`."
        )

    def _log_probabilities(self, outputs):
        outputs = tf.cast(outputs[0], "float32")
        if self.from_logits:
            return tf.nn.log_softmax(outputs)
        return tf.math.log(outputs + TINY)

    def _row(self, node, scores, nodes):
        # A model of graphs has one row for a pack of one graph.
        if node is None:
            if len(scores) != 1:
                raise ValueError(
                    "The model scores nodes: name the `node` to explain, 0 to "
                    f"{nodes - 1}. Received: node=None"
                )
            return 0
        if len(scores) != nodes or not 0 <= node < nodes:
            raise ValueError(
                f"`node` must name one of the {len(scores)} rows that the "
                f"model scores. Received: {node=}"
            )
        return node
