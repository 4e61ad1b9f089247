import numpy as np
import pytest

from keras_nn.layers import SplitAttention
from keras_nn.testing import check_layer

X = np.random.default_rng(0).normal(size=(4, 5, 4, 4)).astype("float32")


@pytest.mark.slow
def test_conformance():
    check_layer(
        SplitAttention, {"filters": 4, "groups": 2, "units": 2}, (4, 5, 4, 4)
    )


def test_equal_scores_average_the_splits():
    layer = SplitAttention(6, radix=2, units=3)
    layer(X)
    kernel, bias = layer.select.get_weights()
    layer.select.set_weights([0 * kernel, bias])
    splits = np.asarray(layer.conv(X)).reshape(4, 5, 4, 2, 6)
    np.testing.assert_allclose(layer(X), splits.mean(3), atol=1e-5)
    assert SplitAttention(64).reduce.filters == 32


def test_refuses_what_cannot_be():
    with pytest.raises(ValueError, match="radix=1"):
        SplitAttention(4, radix=1)
    with pytest.raises(ValueError, match="groups=3"):
        SplitAttention(4, groups=3)
