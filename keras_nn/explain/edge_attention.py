import tensorflow as tf

from keras_nn.explain.graph_explainer import GraphExplainer


class EdgeAttention(GraphExplainer):
    """How much the nodes of a graph attended along each edge.

    `s[e] = reduce over layers of (mean over heads of attention[e])`

    It says where a network looked, not that the answer depends on it.

    Args:
        model: see `GraphExplainer`, with layers that attend, such as
            `keras_nn.models.GAT`.
        reduction: str. `"max"`, `"mean"` or `"min"` over layers. Defaults to
            `"max"`.
        **kwargs: `from_logits`.

    Call arguments:
        graph, node, target: as of `GraphExplainer`.

    Returns:
        A `GraphExplanation` with scores between 0 and 1.

    Raises:
        ValueError: as `GraphExplainer`, on another reduction, or if no layer
            attends.

    Example:

    >>> import numpy as np
    >>> from keras_nn.models import GAT
    >>> graph = {"node_features": np.eye(2), "edge_index": [[0, 1], [0, 0]]}
    >>> found = EdgeAttention(GAT(2, 2))(graph, node=1)
    >>> bool(0 < found.edge_scores[0] < 1)
    True
    """

    method = "edge-attention"

    def __init__(self, model, reduction="max", **kwargs):
        super().__init__(model, **kwargs)
        if reduction not in ("max", "mean", "min"):
            raise ValueError(
                "`reduction` must be 'max', 'mean' or 'min'. "
                f"Received: {reduction=}"
            )
        self.reduction = reduction

    def explain(self, x, score):
        _, attention = score(x)
        if not attention:
            raise ValueError(
                "No layer of the model attends to its neighbours. "
                f"Received: {type(self.model).__name__}"
            )
        edges = x["edge_index"].shape[1]
        # Edges that a layer adds, self-loops, come behind the graph's own.
        layers = [tf.reduce_mean(a[:edges], axis=-1) for a in attention]
        reduce = getattr(tf, f"reduce_{self.reduction}")
        return {"edge_scores": reduce(tf.stack(layers), axis=0)}
