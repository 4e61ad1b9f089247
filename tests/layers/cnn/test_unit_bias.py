import numpy as np
import pytest
from keras import ops

from keras_nn.layers import UnitBias
from keras_nn.testing import check_layer


@pytest.mark.parametrize("shape", [(2, 3), (2, 4, 5, 3)])
def test_conformance(shape):
    check_layer(UnitBias, {"bias_initializer": "ones"}, shape)


def test_equals_the_equation():
    generator = np.random.default_rng(0)
    x, bias = generator.normal(size=(2, 3, 4)), generator.normal(size=(3, 4))
    layer = UnitBias()
    layer.build(x.shape)
    layer.set_weights([bias])
    np.testing.assert_allclose(
        ops.convert_to_numpy(layer(x)), x + bias, rtol=1e-5, atol=1e-6
    )


def test_starts_as_the_identity():
    x = np.ones((1, 2, 2, 1), "float32")
    np.testing.assert_array_equal(ops.convert_to_numpy(UnitBias()(x)), x)


def test_refuses_an_unknown_size():
    with pytest.raises(ValueError, match=r"Received: input_shape=\(None, None"):
        UnitBias().build((None, None, 3))
