import numpy as np

from keras_nn.layers.graph.flat_graph import FlatGraph


def test_ids_of_packs_do_not_meet(packs):
    graph = FlatGraph.of(packs("graph_ids", "node_mask"))
    assert graph.num_nodes == 10
    assert np.array(graph.source).tolist() == [0, 1, 2, 3, 10, 5, 6, 6, 8, 9]
    assert np.array(graph.target).tolist() == [1, 0, 3, 3, 10, 5, 7, 7, 9, 6]
    ids, count = graph.graph_ids()
    assert count == 4
    assert np.array(ids).tolist() == [0, 0, 1, 1, 4, 2, 3, 3, 3, 3]


def test_without_ids_a_pack_is_one_graph(packs):
    ids, count = FlatGraph.of(packs("node_mask")).graph_ids()
    assert count == 2
    assert np.array(ids).tolist() == [0, 0, 0, 0, 2] + [1] * 5


def test_self_loops_are_there_once_with_the_weight_that_they_had(packs):
    graph = FlatGraph.of(packs("edge_weights")).with_self_loops()
    pairs = np.stack([graph.source, graph.target], axis=1)[10:]
    assert pairs.tolist() == [[n, n] for n in range(10)]
    kept = np.array(graph.target)[:10]
    assert kept.tolist() == [1, 0, 3, 10, 10, 10, 7, 7, 9, 6]
    weights = np.array(graph.edge_weights)
    own = np.ones(10, "float32")
    own[[3, 5]] = packs("edge_weights")["edge_weights"].ravel()[[3, 5]]
    np.testing.assert_array_equal(weights[10:], own)
