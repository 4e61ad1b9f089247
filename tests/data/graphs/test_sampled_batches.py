import numpy as np
import pytest

from keras_nn.data.graphs import NodeSplit
from keras_nn.data.graphs import normalize_adjacency
from keras_nn.data.graphs import stochastic_block_model

GRAPH, LABELS = stochastic_block_model([5, 6], 0.7, 0.2)
GRAPH = normalize_adjacency(GRAPH)
SPLIT = NodeSplit(GRAPH, LABELS, np.arange(11) < 7)


def test_seeds_come_first_and_alone_count():
    found = list(SPLIT.sampled([3, 2], 4).at(0).as_numpy_iterator())
    assert len(found) == 2
    for (x, y, weights), seeds in zip(
        found, ([0, 1, 2, 3], [4, 5, 6]), strict=True
    ):
        assert x["node_features"].shape == (1, 4 * (1 + 3 + 6), 2)
        count = len(seeds)
        assert weights.sum() == weights[0, :count].sum() == count
        np.testing.assert_array_equal(y[0, :count], LABELS[seeds])
        np.testing.assert_array_equal(
            x["node_features"][0, :count], GRAPH["node_features"][seeds]
        )


def test_weights_go_with_their_edges():
    x, _, _ = next(SPLIT.sampled([3, 2], 7).at(0).as_numpy_iterator())
    features, edges = x["node_features"][0], x["edge_index"][0]
    number = (features[:, None] == GRAPH["node_features"]).all(-1).argmax(-1)
    known = {
        tuple(edge): weight
        for edge, weight in zip(
            GRAPH["edge_index"].tolist(), GRAPH["edge_weights"], strict=True
        )
    }
    real = edges[:, 0] >= 0
    assert real.sum() > 20
    for edge, weight in zip(
        number[edges[real]].tolist(), x["edge_weights"][0, real], strict=True
    ):
        assert known[tuple(edge)] == weight


def test_the_order_and_the_draw_follow_from_seed_and_position():
    batches = SPLIT.sampled([2], 3, shuffle=True, seed=1, packs=3)
    first, again, other = (
        [
            x["node_features"].tolist()
            for x, _, _ in batches.at(n).as_numpy_iterator()
        ]
        for n in (4, 4, 5)
    )
    assert first == again != other
    rest = [
        x["node_features"].tolist()
        for x, _, _ in batches.at(4, 1).as_numpy_iterator()
    ]
    assert rest == first[1:]


def test_packs_deal_the_seeds_out():
    x, _, weights = next(
        SPLIT.sampled([2], 6, packs=2).at(0).as_numpy_iterator()
    )
    assert x["node_features"].shape == (2, 9, 2)
    np.testing.assert_array_equal(
        x["node_features"][1, :3], GRAPH["node_features"][3:6]
    )
    assert weights.sum() == 6


def test_refuses_seeds_that_cannot_be_dealt_out():
    with pytest.raises(ValueError, match="Received: batch_size=3, packs=2"):
        SPLIT.sampled([2], 3, packs=2)


def test_trees_keep_to_the_time_of_their_seed():
    times = np.arange(len(GRAPH["edge_index"]), dtype="float32")
    split = NodeSplit({**GRAPH, "edge_times": times}, LABELS, SPLIT.mask)
    asked = np.full(11, times.mean())
    batches = split.sampled([3, 2], 7, times=asked, newest=True)
    x, _, _ = next(batches.at(0).as_numpy_iterator())
    real = x["edge_index"][0, :, 0] >= 0
    seen = x["edge_times"][0, real]
    assert 5 < len(seen) and seen.max() <= times.mean()
