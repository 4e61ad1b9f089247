import numpy as np
import pytest
from keras import ops

from keras_nn.layers import GlobalResponseNormalization
from keras_nn.testing import check_layer


def test_conformance():
    check_layer(GlobalResponseNormalization, {}, (2, 4, 5, 3))


def test_equals_the_algorithm_of_the_paper():
    generator = np.random.default_rng(0)
    x = generator.normal(size=(2, 4, 5, 3)).astype("float32")
    layer = GlobalResponseNormalization()
    layer.build(x.shape)
    gamma, beta = generator.normal(size=(2, 3))
    layer.set_weights([gamma, beta])
    g = np.sqrt((x**2).sum((1, 2), keepdims=True))
    n = g / (g.mean(-1, keepdims=True) + 1e-6)
    np.testing.assert_allclose(
        ops.convert_to_numpy(layer(x)),
        gamma * (x * n) + beta + x,
        rtol=1e-4,
        atol=1e-5,
    )


def test_starts_as_the_identity_and_survives_silence():
    layer = GlobalResponseNormalization()
    for x in (np.ones((1, 2, 2, 3)), np.zeros((1, 2, 2, 3))):
        np.testing.assert_array_equal(layer(x.astype("float32")), x)


def test_refuses_inputs_that_are_no_maps():
    with pytest.raises(ValueError, match="expected ndim=4"):
        GlobalResponseNormalization()(np.ones((2, 3)))
