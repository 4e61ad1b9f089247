import numpy as np
import pytest

from keras_nn.layers import LayerScale
from keras_nn.testing import check_layer


@pytest.mark.parametrize("shape", [(2, 3), (2, 3, 4, 5)])
def test_conformance(shape):
    check_layer(LayerScale, {"initial_value": 0.1}, shape)


def test_multiplies_each_channel():
    layer = LayerScale()
    x = np.ones((1, 2, 3), "float32")
    layer.build(x.shape)
    np.testing.assert_allclose(layer(x), 1e-6 * x)
    layer.gamma.assign([1.0, 2.0, 3.0])
    np.testing.assert_allclose(layer(x)[0, 1], [1.0, 2.0, 3.0])


def test_refuses_other_channels_than_it_was_built_for():
    layer = LayerScale()
    layer.build((None, 3))
    with pytest.raises(Exception, match="[Ii]ncompatible|broadcast"):
        layer(np.ones((1, 4), "float32"))
