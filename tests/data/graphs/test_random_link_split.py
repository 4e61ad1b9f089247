import numpy as np
import pytest

from keras_nn.data.graphs import random_link_split
from keras_nn.data.graphs import stochastic_block_model
from keras_nn.data.graphs import to_undirected

GRAPH, _ = stochastic_block_model([15, 15], 0.4, 0.1)
GRAPH = to_undirected(GRAPH)


def pairs(edges):
    return {tuple(sorted(edge)) for edge in np.asarray(edges).tolist()}


def positive(split):
    return pairs(split.links[split.y > 0])


@pytest.mark.parametrize("disjoint", [0.0, 0.3])
def test_nothing_is_looked_at_before_it_is_asked_for(disjoint):
    splits = random_link_split(GRAPH, 0.1, 0.2, disjoint=disjoint)
    train, validation, test = splits.train, splits.validation, splits.test
    every = pairs(GRAPH["edge_index"])
    # The sizes of PyTorch Geometric's RandomLinkSplit.
    assert len(positive(validation)) == int(0.1 * len(every))
    assert len(positive(test)) == int(0.2 * len(every))
    rest = every - positive(validation) - positive(test)
    seen = pairs(train.graph["edge_index"])
    assert pairs(validation.graph["edge_index"]) == rest
    assert pairs(test.graph["edge_index"]) == rest | positive(validation)
    if disjoint:
        assert len(positive(train)) == int(disjoint * len(rest))
        assert seen == rest - positive(train)
    else:
        assert seen == positive(train) == rest
    for split in (train, validation, test):
        assert split.y.mean() == 0.5
        assert not pairs(split.links[split.y == 0]) & every
        edges = split.graph["edge_index"]  # both directions, each once
        assert len(edges) == 2 * len(pairs(edges))


def test_repeated_edges_stay_together_and_keep_their_values():
    edges = np.array([[0, 1], [1, 2], [2, 3], [3, 0], [0, 2]])
    graph = {
        "node_features": np.eye(4),
        "edge_index": np.concatenate([edges, edges]),
        "edge_weights": np.arange(10.0),
    }
    splits = random_link_split(graph, 0.2, 0.2, undirected=False)
    for split in (splits.validation, splits.test):
        assert split.y.tolist() == [1, 0]
    train = splits.train.graph
    assert len(train["edge_index"]) == 6
    numbers = train["edge_weights"].astype(int) % 5
    np.testing.assert_array_equal(train["edge_index"], edges[numbers])


def test_refuses_what_leaves_nothing():
    with pytest.raises(ValueError, match="Received: validation=0.5, test=0.5"):
        random_link_split(GRAPH, 0.5, 0.5)
    one_way = {"node_features": np.eye(2), "edge_index": [[0, 1]]}
    with pytest.raises(ValueError, match=r"Received: \[0, 1\] without"):
        random_link_split(one_way)
