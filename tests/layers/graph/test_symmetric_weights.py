import numpy as np

from keras_nn.layers.graph.flat_graph import FlatGraph
from keras_nn.layers.graph.symmetric_weights import symmetric_weights


def dense(graph):
    matrix = np.zeros((10, 10))
    source, target = np.array(graph.source), np.array(graph.target)
    weights = np.array(graph.edge_weights)
    there = target < 10
    np.add.at(matrix, (target[there], source[there]), weights[there])
    return matrix


def test_is_the_equation(packs):
    graph = FlatGraph.of(packs("edge_weights"))
    plain = dense(graph)
    degree = plain.sum(1)
    scale = np.where(degree > 0, 1 / np.sqrt(np.maximum(degree, 1e-9)), 0)
    received = dense(symmetric_weights(graph, self_loops=False))
    expected = scale[:, None] * plain * scale
    np.testing.assert_allclose(received, expected, rtol=1e-5)


def test_with_self_loops_no_node_is_without_degree(packs):
    matrix = dense(symmetric_weights(FlatGraph.of(packs("edge_weights"))))
    assert (np.diag(matrix) > 0).all()
