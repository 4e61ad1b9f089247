import numpy as np
import pytest

from keras_nn.layers import NonLocal2D
from keras_nn.testing import check_layer

X = np.random.default_rng(0).normal(size=(3, 3, 4, 4)).astype("float32")


@pytest.mark.slow
def test_conformance():
    check_layer(NonLocal2D, {"units": 3}, (3, 3, 4, 4))


def test_begins_as_identity_and_sees_all_places():
    layer = NonLocal2D(3, scale=None)
    np.testing.assert_array_equal(layer(X), X)
    layer.norm.gamma.assign(np.ones(4))
    changed = X.copy()
    changed[:, 2, 3] += 1
    moved = np.abs(np.asarray(layer(changed) - layer(X)))
    assert (moved[:, 0, 0] > 1e-6).any()


def test_refuses_what_cannot_be():
    with pytest.raises(ValueError, match="units=0"):
        NonLocal2D(0)
    with pytest.raises(ValueError, match="scale='units'"):
        NonLocal2D(2, scale="units")
