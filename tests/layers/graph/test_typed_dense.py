import numpy as np
import pytest

from keras_nn.layers import TypedDense
from keras_nn.testing import check_layer


def test_conformance(packs):
    arguments = {"units": 4, "num_types": 2, "activation": "tanh"}
    check_layer(TypedDense, arguments, packs("node_types"))


def test_every_node_has_the_kernel_of_its_type(packs):
    graph = packs("node_types")
    graph["node_types"] = np.array([[0, 1, 2, -1, 1]] * 2, "int32")
    layer = TypedDense(4, 2, bias_initializer="ones")
    y = np.asarray(layer(graph))
    kernels = np.asarray(layer.kernels)
    for node, kind in enumerate([0, 1, None, None, 1]):
        x = graph["node_features"][:, node]
        expected = 0 if kind is None else x @ kernels[kind] + 1
        np.testing.assert_allclose(y[:, node], expected + 0 * y[:, node], 1e-5)


def test_refuses_nodes_without_types(packs):
    with pytest.raises(ValueError, match="a graph with `node_types`"):
        TypedDense(4, 2)(packs())
