import numpy as np

from keras_nn.layers import AdjacencyMatrix
from keras_nn.testing import check_layer


def test_conformance(packs):
    check_layer(AdjacencyMatrix, {}, packs("edge_weights"))


def test_repeated_edges_add_up_and_padding_is_nowhere(packs):
    graph = packs("edge_weights")
    expected = np.zeros((2, 5, 5))
    for pack in range(2):
        for (source, target), weight in zip(
            graph["edge_index"][pack], graph["edge_weights"][pack], strict=True
        ):
            if source >= 0:
                expected[pack, target, source] += weight
    np.testing.assert_allclose(AdjacencyMatrix()(graph), expected, rtol=1e-6)
