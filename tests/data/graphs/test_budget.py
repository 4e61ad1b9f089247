import numpy as np
import pytest

from keras_nn.data.graphs import Budget
from keras_nn.data.graphs import choose_budget


def graphs_of(*sizes):
    return [
        {"node_features": np.ones((n, 1)), "edge_index": np.zeros((e, 2), int)}
        for n, e in sizes
    ]


def test_any_so_many_graphs_fit():
    graphs = graphs_of((2, 9), (5, 1), (3, 3), (0, 0))
    assert choose_budget(graphs) == Budget(5, 9, 1)
    assert choose_budget(graphs, 2) == Budget(8, 12, 2)
    assert choose_budget(graphs, 9) == Budget(10, 13, 9)


def test_graphs_without_nodes_leave_room_for_one():
    assert choose_budget(graphs_of((0, 0))) == Budget(1, 0, 1)


@pytest.mark.parametrize("wrong", [(0, 1, 1), (1, -1, 1), (1, 1, 0)])
def test_refuses_a_budget_for_nothing(wrong):
    with pytest.raises(ValueError, match="Received: Budget"):
        Budget(*wrong)


def test_refuses_to_choose_for_nothing():
    with pytest.raises(ValueError, match="Received: 0 graphs"):
        choose_budget([])
