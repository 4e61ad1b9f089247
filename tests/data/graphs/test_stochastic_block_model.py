import numpy as np
import pytest

from keras_nn.data.graphs import check_graph
from keras_nn.data.graphs import stochastic_block_model


def test_edges_are_as_frequent_as_they_should_be():
    graph, labels = stochastic_block_model([60, 90], 0.2, 0.02, seed=1)
    source, target = check_graph(graph)["edge_index"].T
    same = labels[source] == labels[target]
    pairs_within = 60 * 59 + 90 * 89
    assert same.sum() / pairs_within == pytest.approx(0.2, rel=0.1)
    assert (~same).sum() / (2 * 60 * 90) == pytest.approx(0.02, rel=0.25)
    assert (source != target).all()
    again, _ = stochastic_block_model([60, 90], 0.2, 0.02, seed=1)
    np.testing.assert_array_equal(again["edge_index"], graph["edge_index"])


def test_refuses_what_is_no_probability():
    with pytest.raises(ValueError, match="Received: within=2"):
        stochastic_block_model([3], 2, 0)
    with pytest.raises(ValueError, match=r"Received: sizes=\[\]"):
        stochastic_block_model([], 1, 0)
