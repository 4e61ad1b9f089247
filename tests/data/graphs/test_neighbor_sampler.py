import numpy as np
import pytest

from keras_nn.data.graphs import NeighborSampler
from keras_nn.data.graphs.neighbor_sampler import distinct

# 5 hears 0 to 4 (0 twice), 0 hears 5, 6 hears nobody.
EDGES = np.array([[0, 5], [0, 5], [1, 5], [2, 5], [3, 5], [4, 5], [5, 0]])
GRAPH = {"node_features": np.eye(7), "edge_index": EDGES}


def trees(fan_outs, seeds, seed=0):
    sampler = NeighborSampler(GRAPH, fan_outs)
    found = sampler.sample(seeds, np.random.default_rng(seed))
    assert len(found[0]) == sampler.num_nodes(len(seeds))
    return found


def test_draws_edges_that_are_there_each_once():
    for seed in range(20):
        nodes, edges, rows = trees([3, 2], [5, 6, 0], seed)
        real = rows >= 0
        np.testing.assert_array_equal(edges[~real], -1)
        # An edge between rows is that edge of the graph.
        np.testing.assert_array_equal(nodes[edges[real]], EDGES[rows[real]])
        drawn = rows[:3]  # of the first seed, which has six
        assert (drawn >= 0).all() and len(set(drawn)) == 3
        assert (rows[3:6] == -1).all()  # nobody is heard by 6


def test_few_neighbours_are_all_there():
    nodes, edges, rows = trees([9], [5, 0])
    assert sorted(rows[:9].tolist()) == [-1, -1, -1, 0, 1, 2, 3, 4, 5]
    assert nodes[edges[9 + np.flatnonzero(rows[9:] >= 0)][0]].tolist() == [5, 0]


def test_every_edge_is_as_likely():
    sampler = NeighborSampler(GRAPH, [2])
    generator = np.random.default_rng(0)
    _, _, rows = sampler.sample(np.full(3000, 5), generator)
    count = np.bincount(rows.ravel(), minlength=6)[:6] / 3000
    np.testing.assert_allclose(count, 1 / 3, atol=0.04)


def test_distinct_numbers_are_all_as_likely():
    drawn = distinct(np.full(6000, 5), 3, np.random.default_rng(0))
    assert all(len(set(row)) == 3 for row in drawn.tolist())
    share = np.bincount(drawn.ravel(), minlength=5) / 6000
    np.testing.assert_allclose(share, 0.6, atol=0.03)


def test_a_seed_that_is_no_node_has_no_tree():
    nodes, edges, rows = trees([2], [-1, 6])
    assert nodes.tolist() == [-1, 6, -1, -1, -1, -1]
    assert (edges == -1).all() and (rows == -1).all()


def test_a_graph_without_edges_is_a_graph():
    lonely = {"node_features": np.eye(2), "edge_index": []}
    sampler = NeighborSampler(lonely, [2])
    nodes, edges, _ = sampler.sample([1], np.random.default_rng(0))
    assert nodes.tolist() == [1, -1, -1] and (edges == -1).all()


def test_refuses_no_fan_out():
    with pytest.raises(ValueError, match=r"Received: fan_outs=\[2, 0\]"):
        NeighborSampler(GRAPH, [2, 0])


def test_types_have_fan_outs_of_their_own():
    kinds = [0, 0, 1, 1, 1, 2, 0]
    graph = {**GRAPH, "edge_types": kinds}
    sampler = NeighborSampler(graph, [[1, 2], [2, 0]])
    assert sampler.num_nodes(1) == 1 + 3 + 3 * 2
    for seed in range(10):
        nodes, edges, rows = sampler.sample([5], np.random.default_rng(seed))
        drawn = [kinds[row] for row in rows[:3]]
        assert drawn == [0, 1, 1] and rows[1] != rows[2]
        real = rows >= 0
        np.testing.assert_array_equal(nodes[edges[real]], EDGES[rows[real]])
        assert {kinds[row] for row in rows[3:][rows[3:] >= 0]} <= {0}
    with pytest.raises(ValueError, match="need a graph with `edge_types`"):
        NeighborSampler(GRAPH, [[1, 2]])


@pytest.mark.parametrize("newest", [False, True])
def test_no_tree_looks_into_the_future(newest):
    times = np.array([5.0, 1, 2, 3, 4, 6, 3])
    graph = {**GRAPH, "edge_times": times}
    sampler = NeighborSampler(graph, [2, 1], newest=newest)
    seen = set()
    for seed in range(30):
        nodes, edges, rows = sampler.sample(
            [5, 5, 5], np.random.default_rng(seed), times=[3.0, 0.5, 9.0]
        )
        first, none, late = rows[:2], rows[2:4], rows[4:6]
        assert set(first) <= {1, 2, 3} and (none == -1).all()
        seen |= set(late)
        real = rows >= 0
        np.testing.assert_array_equal(nodes[edges[real]], EDGES[rows[real]])
        # The second level keeps to the time of its seed.
        assert (times[rows[6:8]][rows[6:8] >= 0] <= 3).all()
        if newest:
            assert set(first) == {2, 3} and set(late) == {0, 5}
    assert seen == ({0, 5} if newest else {0, 1, 2, 3, 4, 5})
    with pytest.raises(ValueError, match="need a graph with `edge_times`"):
        NeighborSampler(GRAPH, [2]).sample([5], None, times=[1.0])
