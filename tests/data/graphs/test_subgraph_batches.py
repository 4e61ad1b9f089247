import numpy as np

from keras_nn.data.graphs import NodeSplit
from keras_nn.data.graphs import stochastic_block_model
from keras_nn.data.graphs.subgraph_batches import SubgraphBatches

GRAPH, LABELS = stochastic_block_model([6, 7], 0.6, 0.2)
GRAPH["edge_features"] = np.random.default_rng(0).normal(
    size=(len(GRAPH["edge_index"]), 2)
)
SPLIT = NodeSplit(GRAPH, LABELS, np.arange(13) % 2 == 0)


class Chosen(SubgraphBatches):
    num_batches = 2
    max_nodes = 6

    def nodes_of(self, epoch, number):
        return [[3, 1, 8, 12], [0, 5, 7, 2, 9, 4]][number]


def test_all_edges_between_the_nodes_with_their_features():
    batches = [*Chosen(SPLIT).at(0).as_numpy_iterator()]
    assert len(batches) == 2
    for (x, y, weights), nodes in zip(
        batches, ([1, 3, 8, 12], [0, 2, 4, 5, 7, 9]), strict=True
    ):
        count = len(nodes)
        assert x["node_mask"].sum() == count
        np.testing.assert_array_equal(
            x["node_features"][0, :count], GRAPH["node_features"][nodes]
        )
        expected = {}
        for edge, values in zip(
            GRAPH["edge_index"].tolist(), GRAPH["edge_features"], strict=True
        ):
            if set(edge) <= set(nodes):
                expected[tuple(edge)] = values
        edges = x["edge_index"][0]
        real = edges[:, 0] >= 0
        found = np.array(nodes)[edges[real]]
        assert {*map(tuple, found.tolist())} == set(expected)
        for edge, values in zip(
            found.tolist(), x["edge_features"][0, real], strict=True
        ):
            np.testing.assert_allclose(values, expected[tuple(edge)], 1e-6)
        counts = SPLIT.mask[nodes]
        np.testing.assert_array_equal(weights[0, :count], counts)
        np.testing.assert_array_equal(
            y[0, :count], np.where(counts, LABELS[nodes], 0)
        )
