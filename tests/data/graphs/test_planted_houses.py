import numpy as np
import pytest

from keras_nn.data.graphs import check_graph
from keras_nn.data.graphs import planted_houses


def test_every_house_has_its_edges_and_hangs_on_by_one():
    graph, labels, house = planted_houses(30, houses=4, extra_edges=0.0)
    check_graph(graph)
    edges = graph["edge_index"]
    for number in range(4):
        mine = edges[house == number]
        assert len(mine) == 12 and np.unique(mine).size == 5
        first = mine.min()
        assert labels[first : first + 5].tolist() == [1, 2, 2, 3, 3]
        degree = np.bincount(mine[:, 1] - first)
        assert degree.tolist() == [2, 3, 3, 2, 2]
        leaving = (edges[:, 0] >= first) & (edges[:, 0] < first + 5)
        leaving &= house < 0
        assert leaving.sum() == 1


def test_the_rest_prefers_nodes_of_many_edges():
    graph, labels, _ = planted_houses(300, houses=0, extra_edges=0.0)
    degree = np.bincount(graph["edge_index"][:, 1])
    assert degree.sum() == 2 * (5 + 5 * 294)
    assert degree[6:].min() >= 5 and degree.max() > 40
    assert not labels.any()


def test_a_seed_is_a_graph():
    first, second, third = (
        planted_houses(20, 2, seed=seed)[0]["edge_index"] for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, second)
    assert first.shape != third.shape or (first != third).any()


def test_refuses_fewer_nodes_than_edges_to_draw():
    with pytest.raises(ValueError, match="Received: nodes=5"):
        planted_houses(5)
