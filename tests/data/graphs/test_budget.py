import numpy as np
import pytest

from keras_nn.data.graphs import Budget
from keras_nn.data.graphs import choose_budget
from keras_nn.data.graphs import choose_budgets


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


def test_nearly_every_random_pack_fits_into_the_usual_budget():
    rng = np.random.default_rng(0)
    sizes = rng.integers(5, 60, 300)
    graphs = graphs_of(*zip(sizes, 2 * sizes, strict=True))
    usual, largest = choose_budgets(graphs, 16)
    assert largest == choose_budget(graphs, 16)
    sums = [rng.permutation(sizes)[:16].sum() for _ in range(2000)]
    fit = np.mean(sums <= np.int64(usual.nodes))
    assert 0.95 < fit < 0.995
    assert usual.nodes < 0.75 * largest.nodes
    assert 2 * usual.nodes - usual.edges in range(-8, 9)


def test_one_budget_where_a_second_saves_nothing():
    alike = graphs_of(*[(10, 20)] * 9)
    assert choose_budgets(alike, 4) == (Budget(40, 80, 4),)
    few = graphs_of((1, 2), (90, 5), (30, 0))
    assert choose_budgets(few, 3) == (choose_budget(few, 3),)


def test_graphs_without_nodes_leave_room_for_one():
    assert choose_budget(graphs_of((0, 0))) == Budget(1, 0, 1)


@pytest.mark.parametrize("wrong", [(0, 1, 1), (1, -1, 1), (1, 1, 0)])
def test_refuses_a_budget_for_nothing(wrong):
    with pytest.raises(ValueError, match="Received: Budget"):
        Budget(*wrong)


def test_refuses_to_choose_for_nothing():
    with pytest.raises(ValueError, match="Received: 0 graphs"):
        choose_budget([])
