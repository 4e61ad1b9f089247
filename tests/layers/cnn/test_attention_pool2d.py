import numpy as np
import pytest

from keras_nn.layers import AttentionPool2D
from keras_nn.testing import check_layer

X = np.random.default_rng(0).normal(size=(2, 3, 2, 4)).astype("float32")


@pytest.mark.slow
def test_conformance():
    check_layer(AttentionPool2D, {"num_heads": 2, "units": 3}, (2, 3, 2, 4))


def test_without_positions_the_order_of_places_does_not_matter():
    layer = AttentionPool2D(2)
    layer(X)
    layer.positions.assign(0 * layer.positions)
    np.testing.assert_allclose(layer(X), layer(X[:, ::-1]), atol=1e-5)


def test_refuses_what_cannot_be():
    with pytest.raises(ValueError, match="num_heads=3"):
        AttentionPool2D(3)(X)
    with pytest.raises(ValueError, match="num_heads=0"):
        AttentionPool2D(0)
