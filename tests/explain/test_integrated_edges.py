import numpy as np
import pytest

from keras_nn import models
from keras_nn.explain import IntegratedEdges


def test_where_the_score_is_linear_in_edges_each_gets_its_difference():
    # Logits of one layer that sums; the softmax of two is near linear there.
    network = models.SAGE(
        2, 2, units=(), aggregator="sum", classifier_activation=None
    )
    graph = {
        "node_features": np.array([[1.0, 0.0], [0.0, 2.0], [0.5, 0.5]]),
        "edge_index": [[0, 2], [1, 2], [2, 0]],
    }
    explainer = IntegratedEdges(network, steps=30, from_logits=True)
    found = explainer(graph, node=2, target=0)
    assert abs(found.convergence_delta) < 1e-5
    # Against a sum over 2,000 points, from the equation.
    kernel = np.asarray(network.layers[-1].kernel, "float64")
    own = np.asarray(network.layers[-1].own_kernel, "float64")
    x = graph["node_features"]
    total = np.zeros(2)
    for t in (np.arange(2000) + 0.5) / 2000:
        logits = t * (x[0] + x[1]) @ kernel + x[2] @ own
        p = np.exp(logits - logits.max())
        p /= p.sum()
        slope = np.array([1, 0]) - p
        total += np.array([x[0] @ kernel @ slope, x[1] @ kernel @ slope])
    np.testing.assert_allclose(found.edge_scores[:2], total / 2000, atol=1e-4)
    assert found.edge_scores[2] == 0


def test_refuses_no_steps():
    with pytest.raises(ValueError, match="Received: steps=0"):
        IntegratedEdges(models.GCN(3, 2), steps=0)
