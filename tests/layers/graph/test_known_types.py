import numpy as np
import pytest

from keras_nn.layers.graph.flat_graph import FlatGraph
from keras_nn.layers.graph.known_types import check_types
from keras_nn.layers.graph.known_types import typed_targets


def test_edges_of_other_types_lead_nowhere(packs):
    graph = FlatGraph.of(packs("edge_types"))
    targets = np.asarray(typed_targets(graph, 1))
    types, all_targets = np.asarray(graph.edge_types), np.asarray(graph.target)
    np.testing.assert_array_equal(
        targets, np.where(types == 1, all_targets, graph.num_nodes)
    )


def test_refuses_nodes_without_types():
    with pytest.raises(ValueError, match="a graph with `node_types`"):
        check_types({"node_features": (1, 2)}, "node_types")
