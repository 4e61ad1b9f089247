import numpy as np

from keras_nn.layers import LinkInnerProduct
from keras_nn.testing import check_layer

X = np.random.default_rng(0).normal(size=(2, 4, 3)).astype("float32")
LINKS = np.array([[[0, 1], [3, 3], [-1, 2]], [[2, 0], [1, 4], [-1, -1]]])
GRAPH = {"node_features": X, "link_index": LINKS.astype("int32")}


def test_conformance():
    check_layer(LinkInnerProduct, {}, GRAPH)


def test_products_of_the_ends_and_0_where_one_is_no_node():
    y = np.asarray(LinkInnerProduct()(GRAPH))
    expected = np.zeros((2, 3))
    for pack, link in ((0, 0), (0, 1), (1, 0)):
        source, target = LINKS[pack, link]
        expected[pack, link] = X[pack, source] @ X[pack, target]
    np.testing.assert_allclose(y, expected, rtol=1e-5)
