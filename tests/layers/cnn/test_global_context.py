import numpy as np
import pytest

from keras_nn.layers import GlobalContext
from keras_nn.testing import check_layer

X = np.random.default_rng(0).normal(size=(2, 3, 4, 4)).astype("float32")


@pytest.mark.slow
def test_conformance():
    check_layer(GlobalContext, {"units": 3, "shift": True}, (2, 3, 4, 4))


def test_equal_places_are_their_own_context():
    layer = GlobalContext(3, scale=False, shift=True)
    x = np.broadcast_to(X[:, :1, :1], X.shape)
    y = np.asarray(layer(x))
    hidden = X[:, 0, 0] @ layer.shift_reduce.kernel.numpy()
    hidden -= hidden.mean(-1, keepdims=True)
    hidden /= np.sqrt((hidden**2).mean(-1, keepdims=True) + 1e-6)
    more = np.maximum(hidden, 0) @ layer.shift_expand.kernel.numpy()
    np.testing.assert_allclose(y, x + more[:, None, None], atol=1e-4)


def test_refuses_what_cannot_be():
    with pytest.raises(ValueError, match="units=0"):
        GlobalContext(0)
    with pytest.raises(ValueError, match="scale=False, shift=False"):
        GlobalContext(2, scale=False)
