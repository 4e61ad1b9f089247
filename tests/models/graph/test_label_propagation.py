import pytest

from keras_nn.models import propagate_labels
from keras_nn.testing.numbers import assert_close


def test_equals_pyg(recorded, golden_pack):
    packs = golden_pack("node_features", "edge_index")
    graph = {key: packs[key][0] for key in ("node_features", "edge_index")}
    y, known = recorded["labels"], recorded["known"] > 0
    scores = propagate_labels(graph, y, known, 3, steps=5, alpha=0.8)
    assert_close(scores, recorded["label_propagation/output"], "labels")


def test_refuses_labels_that_are_no_class(golden_pack):
    graph = {"node_features": [[1.0]], "edge_index": []}
    with pytest.raises(ValueError, match="in 0 .. 1. Received: 2"):
        propagate_labels(graph, [2], [True], 2)
    with pytest.raises(ValueError, match="Received: alpha=2"):
        propagate_labels(graph, [1], [True], 2, alpha=2)
