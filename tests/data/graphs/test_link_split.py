import numpy as np
import pytest

from keras_nn.data.graphs import LinkSplit

GRAPH = {"node_features": np.eye(3), "edge_index": [[0, 1], [1, 0]]}


def test_known_edges_are_those_of_the_graph_and_of_the_links():
    split = LinkSplit(GRAPH, np.array([[1, 2], [0, 2]]), np.array([1, 0]))
    assert split.known.tolist() == [[0, 1], [1, 0], [1, 2]]
    assert len(split) == 2 and split.shape == (3,)
    x, y, weights = split.arrays()
    assert x["node_mask"].all() and y.dtype == "int64"
    assert weights.tolist() == [[1, 1]]


@pytest.mark.parametrize(
    "links, y, error",
    [
        ([], [], "0 links"),
        ([[0, 1]], [1, 0], r"shape \(2,\)"),
        ([[0, 3]], [1], "0 to 3"),
    ],
)
def test_refuses_links_that_are_none(links, y, error):
    with pytest.raises(ValueError, match=error):
        LinkSplit(GRAPH, links, np.array(y))
