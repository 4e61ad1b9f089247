import numpy as np
import pytest

from keras_nn.data.graphs import NodeSplit

GRAPH = {"node_features": np.eye(3), "edge_index": [[0, 1], [1, 2]]}


def test_labels_of_other_nodes_do_not_leave_it():
    split = NodeSplit(GRAPH, np.array([1, 9, 2]), np.array([1, 0, 1], bool))
    x, y, weights = split.arrays()
    assert y.tolist() == [[1, 0, 2]] and weights.tolist() == [[1, 0, 1]]
    assert x["node_mask"].all()
    assert len(split) == 2 and split.shape == (3,)


def test_refuses_shapes_that_do_not_fit_and_parts_without_a_node():
    with pytest.raises(ValueError, match=r"Received: shapes \(2,\)"):
        NodeSplit(GRAPH, np.zeros(2), np.ones(3, bool))
    with pytest.raises(ValueError, match="none of them True"):
        NodeSplit(GRAPH, np.zeros(3), np.zeros(3, bool))
