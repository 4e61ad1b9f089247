import numpy as np
import pytest

from keras_nn.data.graphs import RandomWalks

# From 1, reached from 0: back to 0, to 2 (a neighbour of 0), on to 3.
EDGES = [[0, 1], [0, 2], [1, 0], [1, 2], [1, 3], [2, 1]]
GRAPH = {"node_features": np.eye(5), "edge_index": EDGES}


def test_walks_go_along_edges_and_end_where_none_goes_on():
    walks = RandomWalks(GRAPH, p=0.5, q=2.0).walk(
        np.tile(np.arange(5), 40), 6, np.random.default_rng(0)
    )
    assert walks.shape == (200, 7)
    edges = {*map(tuple, EDGES)} | {(3, 3), (4, 4)}
    steps = np.stack([walks[:, :-1], walks[:, 1:]], -1).reshape(-1, 2)
    assert {*map(tuple, steps.tolist())} <= edges
    assert (walks[4::5] == 4).all()


@pytest.mark.parametrize("p, q", [(1.0, 1.0), (0.25, 4.0), (4.0, 0.5)])
def test_steps_are_as_likely_as_the_paper_says(p, q):
    walks = RandomWalks(GRAPH, p, q).walk(
        np.zeros(20000, int), 2, np.random.default_rng(0)
    )
    after = walks[walks[:, 1] == 1, 2]
    found = np.bincount(after, minlength=4)[[0, 2, 3]] / len(after)
    weights = np.array([1 / p, 1.0, 1 / q])
    np.testing.assert_allclose(found, weights / weights.sum(), atol=0.02)


def test_refuses_a_bias_that_is_none():
    with pytest.raises(ValueError, match="Received: p=0, q=1.0"):
        RandomWalks(GRAPH, p=0)
