import numpy as np
import pytest

from keras_nn.data import folds
from keras_nn.data.graphs import Budget
from keras_nn.data.graphs import GraphSplit
from keras_nn.data.graphs import cycles_or_not
from keras_nn.data.graphs import molecules_like


def test_parts_keep_graphs_and_targets_together():
    graphs, labels = cycles_or_not(10)
    split = GraphSplit(graphs, labels)
    rest, share = split.split(0.2, seed=3)
    assert (len(rest), len(share)) == (8, 2)
    assert sorted(share.y.tolist()) == [0, 1]  # class by class
    chosen = split[np.array([7, 2])]
    assert chosen.x[0] is graphs[7] and chosen.y.tolist() == [1, 0]
    assert len(split.take(3)) == 3
    assert [len(test) for _, test in folds(split, 5)] == [2] * 5


def test_numbers_are_split_regardless():
    split = GraphSplit(*molecules_like(10))
    assert [len(part) for part in split.split(0.3)] == [7, 3]
    assert split.shape == (4,) and split.edge_shape == (2,)


def test_arrays_are_packs_in_order():
    split = GraphSplit(*cycles_or_not(5))
    x, y, weights = split.arrays(graphs_per_pack=2)
    assert x["graph_mask"].sum() == 5 and weights.sum() == 5
    np.testing.assert_array_equal(y[x["graph_mask"]], split.y)


def test_its_own_budget_is_kept():
    budget = Budget(nodes=50, edges=90, graphs=3)
    split = GraphSplit(*cycles_or_not(5), budget=budget)
    assert split.take(2).budget_for(2) is budget


def test_refuses_targets_that_are_too_many():
    graphs, labels = cycles_or_not(4)
    with pytest.raises(ValueError, match="Received: 3 graphs and 4 targets"):
        GraphSplit(graphs[:3], labels)
