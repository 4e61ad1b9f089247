import numpy as np

from keras_nn.layers.graph.flat_graph import FlatGraph
from keras_nn.layers.graph.nearest_nodes import nearest_nodes


def test_nodes_of_the_same_graph_the_nearest_first(packs):
    graph = packs("graph_ids", "node_mask")
    flat = FlatGraph.of(graph)
    edges = np.asarray(nearest_nodes(flat, flat.nodes, 3)).reshape(10, 3, 2)
    x, ids = np.asarray(flat.nodes), graph["graph_ids"].ravel()
    graph_of = ids + np.repeat([0, 2], 5)
    for node in range(10):
        near = [n for n in range(10) if graph_of[n] == graph_of[node]]
        near.sort(key=lambda n: np.sum((x[n] - x[node]) ** 2))
        real = edges[node, edges[node, :, 1] < 10]
        expected = [] if ids[node] < 0 else near[:3]
        assert real[:, 0].tolist() == expected
        assert set(real[:, 1]) <= {node}
