import numpy as np

from keras_nn.layers import NodeBatchNormalization
from keras_nn.testing import check_layer


def test_conformance(packs):
    check_layer(
        NodeBatchNormalization,
        {"momentum": 0.5, "epsilon": 1e-3},
        packs("node_mask"),
        replicas=False,  # each has the statistics of its own packs
    )


def test_padding_is_in_no_statistic(packs):
    graph = packs("node_mask")
    x, mask = graph["node_features"], graph["node_mask"]
    layer = NodeBatchNormalization(momentum=0.0)
    y = np.asarray(layer(graph, training=True))
    real = x[mask]
    expected = (real - real.mean(0)) / np.sqrt(real.var(0) + 1e-5)
    np.testing.assert_allclose(y[mask], expected, atol=1e-5)
    moving = [np.asarray(w) for w in layer.normalization.variables[2:]]
    np.testing.assert_allclose(moving, [real.mean(0), real.var(0)], atol=1e-5)


def test_a_pack_without_a_mask_is_all_nodes(packs):
    graph = packs()
    y = np.asarray(NodeBatchNormalization()(graph, training=True))
    np.testing.assert_allclose(y.mean((0, 1)), 0.0, atol=1e-5)
