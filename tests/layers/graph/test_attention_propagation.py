import numpy as np

from keras_nn.layers import AttentionPropagation
from keras_nn.testing import check_layer


def test_conformance(packs):
    check_layer(AttentionPropagation, {"learn": True}, packs())


def test_nobody_near_leaves_a_node_as_it_is(packs):
    graph = packs()
    y = np.asarray(AttentionPropagation(learn=False)(graph))
    np.testing.assert_allclose(y[0, 4], graph["node_features"][0, 4], rtol=1e-6)
