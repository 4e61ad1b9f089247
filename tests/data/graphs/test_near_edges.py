import numpy as np
import pytest

from keras_nn.data.graphs import nearest_edges
from keras_nn.data.graphs import radius_edges

PLACES = np.random.default_rng(0).normal(size=(12, 3))
GRAPH = {"node_features": np.ones((12, 1)), "node_positions": PLACES}
DISTANCE = np.linalg.norm(PLACES[:, None] - PLACES, axis=-1)


@pytest.mark.parametrize("loops", [False, True])
def test_nearest_ones_by_a_loop(loops):
    edges = nearest_edges(GRAPH, 3, loops)["edge_index"]
    expected = []
    for node in range(12):
        order = np.argsort(DISTANCE[node])
        order = order if loops else order[order != node]
        expected += [[other, node] for other in order[:3]]
    assert edges.tolist() == expected


@pytest.mark.parametrize("most", [None, 2])
def test_within_a_radius_by_a_loop(most):
    edges = radius_edges(GRAPH, 1.5, most)["edge_index"]
    expected = []
    for node in range(12):
        order = np.argsort(DISTANCE[node])[1:]
        near = [[o, node] for o in order if DISTANCE[node, o] <= 1.5]
        expected += near[:most]
    assert edges.tolist() == expected


def test_nodes_at_one_place_have_no_edge_to_themselves():
    graph = {"node_features": np.zeros((4, 2))}
    edges = nearest_edges(graph, 2)["edge_index"]
    assert (edges[:, 0] != edges[:, 1]).all()
    assert np.bincount(edges[:, 1]).tolist() == [2] * 4


def test_no_nodes_have_no_edges():
    graph = {"node_features": np.zeros((0, 2))}
    assert nearest_edges(graph, 2)["edge_index"].shape == (0, 2)
    assert radius_edges(graph, 2.0)["edge_index"].shape == (0, 2)


def test_refuses_no_neighbors():
    with pytest.raises(ValueError, match="Received: neighbors=0"):
        nearest_edges(GRAPH, 0)
    with pytest.raises(ValueError, match="Received: radius=-1"):
        radius_edges(GRAPH, -1)
