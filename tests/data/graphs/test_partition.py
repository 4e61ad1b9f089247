import numpy as np
import pytest

from keras_nn.data.graphs import partition
from keras_nn.data.graphs import stochastic_block_model


def test_parts_are_of_one_size_and_cut_less_than_chance():
    graph, _ = stochastic_block_model([30] * 4, 0.3, 0.01)
    part = partition(graph, 4)
    size = np.bincount(part, minlength=4)
    assert size.sum() == 120 and size.max() <= 35 and size.min() >= 15
    edges = part[graph["edge_index"]]
    between = np.mean(edges[:, 0] != edges[:, 1])
    assert between < 0.3  # 0.75 by chance


def test_nodes_without_edges_are_in_a_part():
    graph = {"node_features": np.ones((7, 1)), "edge_index": [[0, 1]]}
    part = partition(graph, 3)
    assert sorted(np.bincount(part).tolist()) == [2, 2, 3]


def test_refuses_more_parts_than_nodes():
    graph = {"node_features": np.ones((2, 1)), "edge_index": []}
    with pytest.raises(ValueError, match="Received: parts=3"):
        partition(graph, 3)
