import numpy as np
import pytest

from keras_nn.layers import DifferentiablePooling
from keras_nn.testing import check_layer


@pytest.mark.slow
def test_conformance(packs, replicas_agree):
    graph = packs("graph_ids", "node_mask", "edge_weights")
    arguments = {"clusters": 2, "link_weight": 0.5}
    check_layer(DifferentiablePooling, arguments, graph, replicas=False)
    replicas_agree(lambda: DifferentiablePooling(**arguments), graph)


def test_graphs_without_edges_have_finite_losses(packs):
    graph = packs("graph_ids", "node_mask")
    graph["edge_index"] = np.full_like(graph["edge_index"], -1)
    layer = DifferentiablePooling(2)
    y = layer(graph)
    assert not np.asarray(y["edge_weights"]).any()
    assert np.isfinite([float(loss) for loss in layer.losses]).all()
