import numpy as np
import pytest

from keras_nn.data.graphs import Budget
from keras_nn.data.graphs import pack
from keras_nn.data.graphs import spread


def graph_of(nodes, edges, value=1.0):
    return {
        "node_features": np.full((nodes, 2), value),
        "edge_index": np.array(edges).reshape(-1, 2),
        "edge_weights": np.full(len(edges), value),
        "graph_features": np.array([value]),
    }


GRAPHS = [
    graph_of(2, [(0, 1)], 1.0),
    graph_of(0, [], 2.0),
    graph_of(3, [(2, 0), (1, 1)], 3.0),
    graph_of(1, [], 4.0),
]


def test_graphs_lie_side_by_side_in_their_order():
    packs = pack(GRAPHS, Budget(nodes=5, edges=4, graphs=3))
    assert packs["graph_ids"].tolist() == [[0, 0, 2, 2, 2], [0, -1, -1, -1, -1]]
    assert packs["node_mask"].tolist() == (packs["graph_ids"] >= 0).tolist()
    assert packs["graph_mask"].tolist() == [[True] * 3, [True, False, False]]
    assert packs["edge_index"][0].tolist() == [[0, 1], [4, 2], [3, 3], [-1, -1]]
    assert packs["edge_weights"].tolist() == [[1, 3, 3, 0], [0, 0, 0, 0]]
    assert packs["node_features"][0, :, 0].tolist() == [1, 1, 3, 3, 3]
    assert packs["graph_features"][..., 0].tolist() == [[1, 2, 3], [4, 0, 0]]
    assert packs["edge_index"][1].tolist() == [[-1, -1]] * 4


def test_without_a_budget_nothing_is_padded():
    packs = pack(GRAPHS)
    assert packs["node_features"].shape == (1, 6, 2)
    assert packs["node_mask"].all() and packs["graph_mask"].all()


def test_a_graph_larger_than_the_budget_is_told_what_would_fit():
    with pytest.raises(ValueError, match=r"need Budget\(nodes=3, edges=2,"):
        pack(GRAPHS, Budget(nodes=2, edges=9, graphs=9))
    with pytest.raises(ValueError, match=r"need Budget\(nodes=3, edges=2,"):
        pack(GRAPHS, Budget(nodes=9, edges=1, graphs=9))


def test_refuses_graphs_of_two_kinds():
    other = {k: v for k, v in GRAPHS[0].items() if k != "edge_weights"}
    with pytest.raises(ValueError, match="Received: .* graph 1"):
        pack([GRAPHS[0], other])


def test_targets_are_spread_over_the_graphs_that_are_there():
    packs = pack(GRAPHS, Budget(nodes=5, edges=4, graphs=3))
    y = spread([5, 6, 7, 8], packs["graph_mask"], padding=-1)
    assert y.tolist() == [[5, 6, 7], [8, -1, -1]]
    with pytest.raises(ValueError, match="4 True .* Received: 1 values"):
        spread([5], packs["graph_mask"])
