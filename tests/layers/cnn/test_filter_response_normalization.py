import numpy as np
import pytest

from keras_nn.layers import FilterResponseNormalization
from keras_nn.testing import check_layer

X = np.random.default_rng(0).normal(size=(2, 3, 4, 4)).astype("float32")


@pytest.mark.slow
def test_conformance():
    check_layer(FilterResponseNormalization, {"epsilon": 1e-4}, (2, 3, 4, 4))


def test_the_mean_square_is_one_whatever_the_scale():
    layer = FilterResponseNormalization()
    y = np.asarray(layer(100 * X))
    np.testing.assert_allclose((y**2).mean((1, 2)), 1, rtol=1e-4)
    np.testing.assert_allclose(layer(X), y, atol=1e-3)


def test_refuses_no_epsilon():
    with pytest.raises(ValueError, match="epsilon=0"):
        FilterResponseNormalization(0)
