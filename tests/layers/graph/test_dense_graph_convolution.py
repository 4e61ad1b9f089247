import numpy as np

from keras_nn.layers import AdjacencyMatrix
from keras_nn.layers import DenseGraphConvolution
from keras_nn.layers import GraphConvolution
from keras_nn.testing import check_layer


def test_conformance(packs):
    matrix = np.random.default_rng(0).uniform(size=(2, 5, 5)).astype("float32")
    graph = packs("node_mask")
    del graph["edge_index"]
    graph["adjacency"] = matrix
    arguments = {"units": 4, "self_loops": 2.0, "activation": "tanh"}
    check_layer(DenseGraphConvolution, arguments, graph)


def test_equals_the_convolution_of_edges(packs):
    graph = packs("edge_weights", "node_mask")
    sparse, dense = GraphConvolution(4), DenseGraphConvolution(4)
    expected = np.asarray(sparse(graph)) * graph["node_mask"][..., None]
    matrix = AdjacencyMatrix()(graph)
    dense.build({"node_features": (2, 5, 3)})
    dense.set_weights(sparse.get_weights())
    y = dense({**graph, "adjacency": matrix})
    np.testing.assert_allclose(y, expected, atol=1e-5)
