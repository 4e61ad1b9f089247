import numpy as np
import pytest

from keras_nn.data.graphs import WalkBatches

GRAPH = {"node_features": np.eye(4), "edge_index": [[0, 1], [1, 2], [2, 0]]}


def test_every_node_starts_so_many_walks():
    batches = WalkBatches(GRAPH, 3, walks_per_node=3, negatives=2, batch_size=5)
    found = [*batches.at(1).as_numpy_iterator()]
    assert [len(batch["walks"]) for batch in found] == [5, 5, 2]
    walks = np.concatenate([batch["walks"] for batch in found])
    others = np.concatenate([batch["negatives"] for batch in found])
    assert np.bincount(walks[:, 0]).tolist() == [3] * 4
    assert others.shape == (12, 2, 4) and others.max() <= 3
    np.testing.assert_array_equal(others[:, 0, 0], walks[:, 0])
    again = [*batches.at(1, 2).as_numpy_iterator()]
    np.testing.assert_array_equal(again[0]["negatives"], others[10:])


def test_refuses_no_steps():
    with pytest.raises(ValueError, match="Received: length=0"):
        WalkBatches(GRAPH, 0)
