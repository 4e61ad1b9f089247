import numpy as np
import pytest

from keras_nn.data.graphs import ClusterBatches
from keras_nn.data.graphs import NodeSplit
from keras_nn.data.graphs import stochastic_block_model

GRAPH, LABELS = stochastic_block_model([9, 9, 9], 0.5, 0.05)
SPLIT = NodeSplit(GRAPH, LABELS, np.ones(27, bool))


def test_a_pass_holds_every_node_once():
    batches = ClusterBatches(SPLIT, parts=5, parts_per_batch=2)
    for epoch in range(2):
        found = [*batches.at(epoch).as_numpy_iterator()]
        assert len(found) == batches.num_batches == 3
        rows = [x["node_features"][x["node_mask"]] for x, _, _ in found]
        rows = sorted(map(tuple, np.concatenate(rows).tolist()))
        assert rows == sorted(map(tuple, GRAPH["node_features"].tolist()))
        assert len({x["edge_index"].shape for x, _, _ in found}) == 1
    orders = [batches.nodes_of(epoch, 0).tolist() for epoch in range(6)]
    assert len({*map(tuple, orders)}) > 1


def test_refuses_more_parts_than_there_are():
    with pytest.raises(ValueError, match="parts=2, parts_per_batch=3"):
        ClusterBatches(SPLIT, 2, 3)
