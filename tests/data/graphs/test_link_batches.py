import numpy as np
import pytest

from keras_nn.data.graphs import random_link_split
from keras_nn.data.graphs import stochastic_block_model
from keras_nn.data.graphs import to_undirected

GRAPH, _ = stochastic_block_model([15, 15], 0.4, 0.1)
GRAPH = to_undirected(GRAPH)
TRAIN = random_link_split(GRAPH).train
KNOWN = {*map(tuple, GRAPH["edge_index"].tolist())}
COUNT = int(TRAIN.y.sum())


def read(batches, *position):
    return [*batches.at(*position).as_numpy_iterator()]


def test_a_pass_asks_for_every_link_and_as_many_that_are_none():
    batches = TRAIN.ordered(batch_size=10, shuffle=True, packs=2)
    found = read(batches, 3)
    assert len(found) == batches.num_batches == -(-COUNT // 10)
    there, drawn = [], []
    for x, y, weights in found:
        assert x["node_features"].shape == (2, 30, 2)
        links = x["link_index"]
        assert links.shape == (2, 10, 2) and y.shape == weights.shape == (2, 10)
        np.testing.assert_array_equal(weights > 0, links[..., 0] >= 0)
        there += links[(weights > 0) & (y > 0)].tolist()
        drawn += links[(weights > 0) & (y == 0)].tolist()
    assert sorted(there) == sorted(TRAIN.links[TRAIN.y > 0].tolist())
    assert len(drawn) == COUNT
    assert not KNOWN & {*map(tuple, drawn)}


def test_what_is_drawn_follows_from_the_position():
    batches = TRAIN.ordered(batch_size=7, shuffle=True, seed=1)
    links = [
        [x["link_index"].tolist() for x, _, _ in read(batches, *at)]
        for at in ((2,), (2,), (2, 1), (3,))
    ]
    assert links[0] == links[1] and links[0][1:] == links[2]
    assert links[0] != links[3]


def test_a_ranking_keeps_the_source():
    batches = TRAIN.ordered(keep_source=True, targets=np.arange(20))
    ((x, y, _),) = read(batches, 0)
    there, drawn = np.split(x["link_index"][0], 2)
    assert y[0].tolist() == [1] * COUNT + [0] * COUNT
    np.testing.assert_array_equal(there[:, 0], drawn[:, 0])
    assert drawn[:, 1].max() < 20


def test_trees_hold_the_ends_of_links():
    batches = TRAIN.ordered(batch_size=8, fan_outs=[3], packs=2)
    whole = TRAIN.ordered(batch_size=8, packs=2)
    for (x, _, _), (other, _, _) in zip(
        read(batches, 0), read(whole, 0), strict=True
    ):
        assert x["node_features"].shape == (2, 16 * 4, 2)
        links, real = x["link_index"], x["link_index"][..., 0] >= 0
        np.testing.assert_array_equal(real, other["link_index"][..., 0] >= 0)
        for pack in range(2):
            chosen = links[pack][real[pack]]
            ends = other["link_index"][pack][real[pack]]
            np.testing.assert_array_equal(
                x["node_features"][pack][chosen], GRAPH["node_features"][ends]
            )


def test_refuses_links_that_cannot_be_dealt_out():
    with pytest.raises(ValueError, match="Received: batch_size=3, packs=2"):
        TRAIN.ordered(3, packs=2)
