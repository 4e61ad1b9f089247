import numpy as np
import pytest

from keras_nn.data.graphs import NodeSplit
from keras_nn.data.graphs import SaintBatches
from keras_nn.data.graphs import stochastic_block_model

GRAPH, LABELS = stochastic_block_model([12, 12], 0.4, 0.1)
SPLIT = NodeSplit(GRAPH, LABELS, np.arange(24) % 3 > 0)


def test_losses_and_messages_are_on_average_those_of_the_whole_graph():
    batches = SaintBatches(SPLIT, 4, 2, batches=400, coverage=400)
    degree = np.bincount(GRAPH["edge_index"][:, 1], minlength=24)
    losses, received, visits = [], np.zeros(24), np.zeros(24)
    for number in range(400):
        *arrays, _, weights = batches.batch(0, number)
        x = dict(zip(batches.keys, arrays, strict=True))
        losses.append(weights.mean())
        nodes = batches.nodes_of(0, number)
        edges = x["edge_index"][0]
        real = edges[:, 0] >= 0
        np.add.at(received, nodes[edges[real, 1]], x["edge_weights"][0, real])
        visits[nodes] += 1
    # A loss of 1 everywhere is that of the nodes that count.
    np.testing.assert_allclose(np.mean(losses), SPLIT.mask.mean(), rtol=0.05)
    np.testing.assert_allclose(received / visits, degree, rtol=0.15)


def test_without_coverage_weights_stay_as_they_are():
    batches = SaintBatches(SPLIT, 4, 2, coverage=0)
    assert "edge_weights" not in next(iter(batches.at(0)))[0]
    _, _, weights = next(batches.at(1).as_numpy_iterator())
    assert set(np.unique(weights)) <= {0.0, 1.0}


def test_refuses_no_walks():
    with pytest.raises(ValueError, match="Received: roots=0"):
        SaintBatches(SPLIT, 0)
