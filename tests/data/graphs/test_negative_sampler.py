import numpy as np
import pytest

from keras_nn.data.graphs import NegativeSampler
from keras_nn.data.graphs import negative_sampler

EDGES = np.array([[0, 1], [1, 2], [2, 0], [3, 3], [0, 1]])


@pytest.mark.parametrize("enumerated", [True, False])
def test_every_other_pair_and_no_other_is_drawn(enumerated, monkeypatch):
    if not enumerated:
        monkeypatch.setattr(negative_sampler, "ENUMERATED", 0)
    generator = np.random.default_rng(0)
    drawn = NegativeSampler(EDGES, 4).pairs(9, generator)
    edges = {*map(tuple, EDGES.tolist())}
    expected = {(a, b) for a in range(4) for b in range(4) if a != b} - edges
    assert {*map(tuple, drawn.tolist())} == expected
    many = NegativeSampler(EDGES, 4).pairs(900, generator, distinct=False)
    _, count = np.unique(many, axis=0, return_counts=True)
    assert len(count) == 9 and count.min() > 60


def test_a_reverse_edge_is_an_edge_where_edges_have_no_direction():
    sampler = NegativeSampler(EDGES, 4, undirected=True)
    drawn = sampler.pairs(6, np.random.default_rng(0))
    assert (drawn == 3).any(axis=1).all()


def test_sources_keep_their_place():
    sampler = NegativeSampler(EDGES, 4, targets=[1, 2])
    sources = np.array([0, 3, 3, 0])
    drawn = sampler.of_sources(sources, np.random.default_rng(0))
    assert drawn[0] == drawn[3] == 2
    assert set(drawn.tolist()) <= {1, 2}
    assert not sampler.is_taken(np.stack([sources, drawn], 1)).any()


def test_refuses_more_than_there_are():
    with pytest.raises(ValueError, match="only 9 pairs"):
        NegativeSampler(EDGES, 4).pairs(10, np.random.default_rng(0))
    full = NegativeSampler([[0, 1], [1, 0]], 2)
    with pytest.raises(ValueError, match="Received: node 0"):
        full.of_sources([0], np.random.default_rng(0))
