import numpy as np
import pytest

from keras_nn.data.graphs import Budget
from keras_nn.data.graphs import GraphSplit
from keras_nn.data.graphs import budget
from keras_nn.data.graphs import molecules_like
from keras_nn.data.graphs import pack

GRAPHS, TARGETS = molecules_like(7, min_nodes=1, max_nodes=4)
SPLIT = GraphSplit(GRAPHS, TARGETS)
SIZES = [2] * 12 + [40] * 4
CHAINS = GraphSplit(
    [
        {
            "node_features": np.full((n, 2), index, "float32"),
            "edge_index": np.stack([np.arange(n - 1), np.arange(1, n)], 1),
            "edge_weights": np.full(n - 1, index, "float32"),
            "graph_features": np.array([index], "float32"),
        }
        for index, n in enumerate(SIZES)
    ],
    np.arange(16),
)


@pytest.mark.parametrize("packs", [1, 2])
def test_batches_are_what_pack_makes(packs):
    batches = SPLIT.ordered(4, packs=packs)
    assert batches.num_batches == 2
    found = list(batches.at(0).as_numpy_iterator())
    x, y, weights = found[0]
    (only,) = batches.budgets
    first = pack(GRAPHS[:4], only)
    assert set(x) == set(first) and x["graph_mask"].shape == (packs, 4 // packs)
    for key in first:
        if packs == 1:
            np.testing.assert_array_equal(x[key], first[key], key)
    np.testing.assert_array_equal(y.reshape(4, 1), TARGETS[:4])
    x, y, weights = found[1]
    assert weights.ravel().tolist() == [1, 1, 1, 0]
    np.testing.assert_array_equal(y[weights > 0], TARGETS[4:])
    np.testing.assert_array_equal(x["node_mask"], x["graph_ids"] >= 0)
    assert x["node_mask"].sum() == sum(
        len(g["node_features"]) for g in GRAPHS[4:]
    )
    shapes = [{k: v.shape for k, v in x.items()} for x, _, _ in found]
    assert shapes[0] == shapes[1]  # one shape for XLA
    if packs == 1:  # no smaller one would do
        nodes = [sum(len(g["node_features"]) for g in GRAPHS[:4])]
        assert only.nodes == max(*nodes, x["node_mask"].sum())


@pytest.mark.parametrize("packs", [1, 2])
def test_random_batches_have_two_shapes_at_most(packs, monkeypatch):
    monkeypatch.setattr(budget, "SPREAD", 0.0)  # more that do not fit
    batches = CHAINS.ordered(4, shuffle=True, packs=packs)
    usual, largest = batches.budgets
    assert batches.has_few_shapes and usual.nodes < largest.nodes
    seen = set()
    for epoch in range(3):
        for x, y, weights in batches.at(epoch).as_numpy_iterator():
            graphs = [CHAINS.x[i] for i in y.ravel()]
            size = 4 // packs
            needed = max(
                sum(SIZES[i] for i in y[place]) for place in range(packs)
            )
            chosen = usual if needed <= usual.nodes else largest
            expected = [
                pack(graphs[i : i + size], chosen) for i in range(0, 4, size)
            ]
            for key in expected[0]:
                parts = np.concatenate([one[key] for one in expected])
                np.testing.assert_array_equal(x[key], parts, key)
                assert x[key].dtype == parts.dtype
            assert weights.all()
            seen.add(chosen)
    assert seen == {usual, largest}


def test_one_shape_can_be_asked_for():
    batches = CHAINS.ordered(4, shuffle=True, one_shape=True)
    assert batches.budgets == (CHAINS.budget_for(4),)
    (spec, *_), found = batches.at(0).element_spec, batches.at(0)
    nodes = spec["node_mask"].shape
    assert nodes == (1, batches.budgets[0].nodes)
    assert {x["node_mask"].shape for x, *_ in found} == {nodes}


def test_the_order_follows_from_seed_and_pass():
    batches = SPLIT.ordered(3, shuffle=True, seed=5)
    first, again, other = (
        [y.ravel().tolist() for _, y, _ in batches.at(n).as_numpy_iterator()]
        for n in (2, 2, 3)
    )
    assert first == again != other
    rest = [
        y.ravel().tolist() for _, y, _ in batches.at(2, 1).as_numpy_iterator()
    ]
    assert rest == first[1:]


def test_a_pass_holds_every_graph_once():
    batches = SPLIT.ordered(3, shuffle=True)
    y = np.concatenate(
        [y[w > 0].ravel() for _, y, w in batches.at(0).as_numpy_iterator()]
    )
    np.testing.assert_array_equal(np.sort(y), np.sort(TARGETS.ravel()))


def test_refuses_what_does_not_fit():
    small = GraphSplit(GRAPHS, TARGETS, Budget(nodes=5, edges=99, graphs=9))
    with pytest.raises(ValueError, match=r"They need Budget\(nodes=1"):
        small.ordered(4)
    tiny = GraphSplit(GRAPHS, TARGETS, Budget(nodes=1, edges=0, graphs=9))
    with pytest.raises(ValueError, match=r"need Budget\(nodes=4"):
        tiny.ordered(1)
    with pytest.raises(ValueError, match="Received: batch_size=3, packs=2"):
        SPLIT.ordered(3, packs=2)
    with pytest.raises(ValueError, match="Received: 0 graphs"):
        GraphSplit([], np.zeros(0)).ordered(1)
