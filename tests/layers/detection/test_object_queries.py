import numpy as np
import pytest

from keras_nn.layers import ObjectQueries
from keras_nn.testing import check_layer


def test_conformance():
    check_layer(ObjectQueries, {"count": 3}, (2, 5, 4))


def test_every_picture_is_asked_the_same():
    layer = ObjectQueries(3)
    found = np.asarray(layer(np.zeros((2, 5, 4))))
    for row in found:
        np.testing.assert_array_equal(row, layer.embeddings)
    with pytest.raises(ValueError, match="`count` must be positive"):
        ObjectQueries(0)
