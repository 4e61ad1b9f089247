import numpy as np

from keras_nn.layers import VirtualNode
from keras_nn.testing import check_layer


def test_conformance(packs, replicas_agree):
    graph = packs("graph_ids", "node_mask")
    check_layer(VirtualNode, {"hidden_units": 4}, graph, replicas=False)
    replicas_agree(lambda: VirtualNode(4), graph)


def test_every_node_of_a_graph_hears_the_same(packs):
    graph = packs("graph_ids", "node_mask")
    layer = VirtualNode()
    y = {k: np.asarray(v) for k, v in layer(graph).items()}
    told = y["node_features"] - graph["node_features"]
    for pack, ids in enumerate(graph["graph_ids"]):
        for node, graph_id in enumerate(ids):
            expected = 0
            if graph_id >= 0:
                expected = y["virtual_features"][pack, graph_id]
            np.testing.assert_allclose(
                told[pack, node], expected + np.zeros(3), atol=1e-6
            )
    again = layer({**graph, "virtual_features": y["virtual_features"]})
    heard = np.asarray(again["virtual_features"]) - y["virtual_features"]
    assert np.abs(heard).max() > 0
