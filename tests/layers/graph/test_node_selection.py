import numpy as np
import pytest
from keras import ops

from keras_nn.layers import TopKPooling
from keras_nn.layers.graph.node_selection import NodeSelection
from keras_nn.layers.graph.node_selection import places


def test_places_go_by_graph_then_by_falling_score():
    scores = ops.array([0.5, 2.0, -1.0, 3.0, 1.0])
    ids = ops.array([1, 0, 1, 2, 0])
    assert np.asarray(places(scores, ids)).tolist() == [2, 0, 3, 4, 1]


def test_what_is_left_out_is_padding(packs):
    graph = packs("graph_ids", "node_mask")
    y = {k: np.asarray(v) for k, v in TopKPooling(0.5)(graph).items()}
    kept = y["node_mask"]
    # Graphs of 2, 2, 1 and 4 nodes keep 1, 1, 1 and 2.
    assert kept.sum(axis=1).tolist() == [2, 3]
    np.testing.assert_array_equal(y["graph_ids"] >= 0, kept)
    assert not y["node_features"][~kept].any()
    for pack, edges in enumerate(graph["edge_index"]):
        for before, after in zip(edges, y["edge_index"][pack], strict=True):
            stays = (before >= 0).all() and kept[pack, before].all()
            assert after.tolist() == (before.tolist() if stays else [-1, -1])


def test_refuses_no_share():
    with pytest.raises(ValueError, match="Received: ratio=0"):
        NodeSelection(0)
