import numpy as np
import tensorflow as tf

from keras_nn.explain.explainer import require_positive
from keras_nn.explain.graph_explainer import GraphExplainer


class IntegratedEdges(GraphExplainer):
    """What each edge adds while messages are let through step by step.

    `a[e] = integral_0^1 d log p[target](t * messages) / d gate[e] dt`

    The sum over edges is `log p` of the graph less `log p` without any
    message, up to the convergence delta; a large one asks for more steps.
    What speaks against the class is negative. Where a node without messages
    gets the class already, all that its surroundings say is against it: which
    edges the answer rests on is told by `importance()` of the explanation.

    Args:
        model: see `GraphExplainer`.
        steps: int. Points on the way, of the Gauss-Legendre rule. Defaults to
            50.
        **kwargs: `from_logits`.

    Call arguments:
        graph, node, target: as of `GraphExplainer`.

    Returns:
        A `GraphExplanation` with a convergence delta.

    Raises:
        ValueError: as `GraphExplainer`, or on a number of steps below one.

    Example:

    >>> from keras_nn.models import GCN
    >>> graph = {"node_features": np.eye(4), "edge_index": [[0, 1], [2, 3]]}
    >>> found = IntegratedEdges(GCN(4, 2), steps=50)(graph, node=1)
    >>> float(found.edge_scores[1]), abs(found.convergence_delta) < 1e-2
    (0.0, True)

    Reference:
        [Sundararajan et al., 2017](https://arxiv.org/abs/1703.01365)
    """

    method = "integrated-edges"

    def __init__(self, model, steps=50, **kwargs):
        super().__init__(model, **kwargs)
        require_positive(steps=steps)
        self.steps = steps

    def explain(self, x, score):
        points, weights = np.polynomial.legendre.leggauss(self.steps)
        edges = x["edge_index"].shape[1]

        @tf.function(autograph=False)
        def at(point):
            gate = tf.fill((edges,), point)
            with tf.GradientTape() as tape:
                tape.watch(gate)
                value, _ = score(x, gate)
            return value, tape.gradient(value, gate)

        total = np.zeros(edges, "float64")
        for point, weight in zip(points, weights, strict=True):
            _, gradient = at(tf.constant((1 + point) / 2, "float32"))
            total += weight / 2 * gradient.numpy()
        first, last = (float(at(tf.constant(t))[0]) for t in (0.0, 1.0))
        return {
            "edge_scores": total,
            "convergence_delta": total.sum() - (last - first),
        }
