import numpy as np

from keras_nn.explain import GraphExplanation


def test_both_ways_is_the_mean_over_edges_of_the_same_nodes():
    edges = np.array([[0, 1], [2, 1], [1, 0], [0, 1], [2, 2]])
    graph = {"node_features": np.eye(3), "edge_index": edges}
    scores = np.array([1.0, 5.0, 2.0, 6.0, 7.0], "float32")
    found = GraphExplanation(graph, scores, "made-up", 0)
    np.testing.assert_array_equal(found.both_ways(), [3, 5, 3, 3, 7])
    assert found.top_edges(2).tolist() == [4, 3]
    scores = np.array([1.0, 5.0, -2.0, 6.0, -7.0], "float32")
    found = GraphExplanation(graph, scores, "made-up", 0)
    np.testing.assert_array_equal(found.importance(), [3, 5, 3, 3, 7])


def test_a_graph_without_edges_has_nothing_to_say():
    graph = {"node_features": np.eye(3), "edge_index": []}
    found = GraphExplanation(graph, np.zeros(0, "float32"), "made-up", 0)
    assert found.both_ways().shape == found.top_edges(3).shape == (0,)
