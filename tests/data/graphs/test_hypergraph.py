import numpy as np
import pytest

from keras_nn.data.graphs import hypergraph


def test_weights_are_those_of_the_hyperedge():
    graph = hypergraph(np.ones((3, 2)), [[0, 2], [], [1]], [0.5, 7, 2])
    assert graph["edge_index"].tolist() == [[0, 3], [2, 3], [1, 5]]
    assert graph["edge_weights"].tolist() == [0.5, 0.5, 2]
    assert not graph["node_features"][3:].any()


def test_refuses_nodes_that_are_not_there():
    with pytest.raises(ValueError, match="Received: 1 to 3"):
        hypergraph(np.ones((3, 2)), [[1, 3]])
    with pytest.raises(ValueError, match="Received: 2 weights"):
        hypergraph(np.ones((3, 2)), [[1]], [1, 2])
