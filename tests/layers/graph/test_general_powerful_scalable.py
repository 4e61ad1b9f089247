import numpy as np
import pytest

from keras_nn.layers import GeneralPowerfulScalable
from keras_nn.layers import GraphConvolution
from keras_nn.testing import check_layer


@pytest.mark.slow
def test_conformance(packs):
    check_layer(
        GeneralPowerfulScalable,
        lambda: {"local": GraphConvolution(3, name="local"), "heads": 3},
        packs("graph_ids", "node_mask"),
        half=False,  # a local layer has a policy of its own
        replicas=False,  # statistics of the nodes of a replica
    )


def test_without_a_local_layer_edges_do_not_matter(packs):
    layer = GeneralPowerfulScalable(None)
    graph = packs("graph_ids", "node_mask")
    y = np.asarray(layer(graph))
    graph["edge_index"] = graph["edge_index"][:, ::-1] * 0
    np.testing.assert_array_equal(layer(graph), y)


def test_refuses_heads_that_do_not_divide_the_features(packs):
    with pytest.raises(ValueError, match="heads=2, 3 features"):
        GeneralPowerfulScalable(None, heads=2)(packs())
