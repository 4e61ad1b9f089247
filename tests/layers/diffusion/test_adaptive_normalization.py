import numpy as np

from keras_nn.layers import AdaptiveNormalization
from keras_nn.testing import check_layer


def test_conformance():
    check_layer(AdaptiveNormalization, {}, [(2, 3, 4), (2, 5)])


def test_equals_the_equations():
    random = np.random.default_rng(0)
    x = random.normal(size=(2, 3, 4)).astype("float32")
    condition = random.normal(size=(2, 5)).astype("float32")
    layer = AdaptiveNormalization()
    layer.build([x.shape, condition.shape])
    for weight in layer.weights:
        weight.assign(random.normal(size=weight.shape))
    kernel, bias = layer.modulation.get_weights()
    steered = condition / (1 + np.exp(-condition)) @ kernel + bias
    shift, scale = np.split(steered[:, None], 2, axis=-1)
    centred = x - x.mean(-1, keepdims=True)
    normal = centred / np.sqrt(centred.var(-1, keepdims=True) + 1e-6)
    expected = normal * (1 + scale) + shift
    np.testing.assert_allclose(layer([x, condition]), expected, atol=1e-4)
