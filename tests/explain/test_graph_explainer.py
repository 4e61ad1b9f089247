import numpy as np
import pytest

from keras_nn import models
from keras_nn.data.graphs import cycles_or_not
from keras_nn.explain import EdgeAttention
from keras_nn.explain import GNNExplainer
from keras_nn.explain import GraphExplainer
from keras_nn.explain import IntegratedEdges

GRAPH = {"node_features": np.eye(3), "edge_index": [[0, 1], [1, 2], [2, 1]]}


class Score(GraphExplainer):
    method = "score"

    def explain(self, x, score):
        return {"edge_scores": np.full(3, score(x)[0])}


@pytest.mark.parametrize("logits", [False, True])
def test_the_score_is_the_log_probability_of_the_predicted_class(logits):
    ends = None if logits else "softmax"
    network = models.GCN(3, 4, classifier_activation=ends)
    found = Score(network, from_logits=logits)(GRAPH, node=2)
    x = {k: np.asarray(v)[None] for k, v in GRAPH.items()}
    scores = np.asarray(network(x))[0, 2].astype("float64")
    if logits:
        scores = np.exp(scores) / np.exp(scores).sum()
    assert found.target == scores.argmax()
    np.testing.assert_allclose(
        found.edge_scores, np.log(scores.max()), atol=1e-5
    )


@pytest.mark.parametrize(
    "arguments", [{}, {"node": 3}, {"node": -1}, {"node": 0, "target": 2}]
)
def test_refuses_nodes_and_classes_that_are_not_there(arguments):
    with pytest.raises(ValueError, match="Received: "):
        Score(models.GCN(3, 2))(GRAPH, **arguments)


@pytest.mark.parametrize(
    "explainer",
    [
        lambda network: GNNExplainer(network, steps=2),
        IntegratedEdges,
        EdgeAttention,
    ],
)
def test_a_graph_without_edges_is_explained_by_nothing(explainer):
    graph = {"node_features": np.eye(2), "edge_index": []}
    found = explainer(models.GAT(2, 2))(graph, node=0)
    assert found.edge_scores.shape == (0,)


def test_a_model_of_graphs_needs_no_node():
    (graph, *_), _ = cycles_or_not(1)
    network = models.GIN(1, 2, units=4, depth=2)
    found = IntegratedEdges(network, steps=3)(graph)
    assert found.edge_scores.shape == (len(graph["edge_index"]),)
    with pytest.raises(ValueError, match="Received: node=1"):
        IntegratedEdges(network)(graph, node=1)
