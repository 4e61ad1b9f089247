import numpy as np
import pytest
from keras import ops

from keras_nn.layers import ImageSelfAttention
from keras_nn.layers import SpatialReductionAttention
from keras_nn.testing import check_layer


@pytest.mark.slow
def test_conformance():
    arguments = {"num_heads": 2, "reduction": 2}
    check_layer(SpatialReductionAttention, arguments, (2, 4, 6, 4))


def softmax(x):
    x = np.exp(x - x.max(-1, keepdims=True))
    return x / x.sum(-1, keepdims=True)


def test_equals_a_loop_over_places():
    generator = np.random.default_rng(0)
    x = generator.normal(size=(1, 4, 5, 6)).astype("float32")
    layer = SpatialReductionAttention(3, reduction=2)
    layer.build(x.shape)
    for weight in layer.weights:
        weight.assign(generator.normal(size=weight.shape))
    kernel, bias = layer.reduce.get_weights()
    gamma, beta = layer.reduce_norm.get_weights()
    small = []
    for i in range(2):  # the last column is cut off
        for j in range(2):
            part = x[0, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
            value = np.einsum("ijc,ijcd->d", part, kernel) + bias
            value = (value - value.mean()) / np.sqrt(value.var() + 1e-5)
            small.append(gamma * value + beta)
    small = np.array(small)
    inner = layer.attention
    dense = (inner.query, inner.key, inner.value, inner.projection)
    (wq, bq), (wk, bk), (wv, bv), (wo, bo) = (d.get_weights() for d in dense)
    found = ops.convert_to_numpy(layer(x))
    for i in range(4):
        for j in range(5):
            parts = []
            for head in range(3):
                at = slice(2 * head, 2 * head + 2)
                query = (x[0, i, j] @ wq + bq)[at]
                keys, values = (small @ wk + bk)[:, at], (small @ wv + bv)
                shares = softmax(keys @ query / np.sqrt(2))
                parts.append(shares @ values[:, at])
            expected = np.concatenate(parts) @ wo + bo
            np.testing.assert_allclose(found[0, i, j], expected, atol=1e-4)


def test_without_a_reduction_it_is_self_attention():
    x = np.random.default_rng(0).normal(size=(2, 3, 2, 4)).astype("float32")
    layer = SpatialReductionAttention(2)
    layer.build(x.shape)
    plain = ImageSelfAttention(2)
    plain.build((2, 6, 4))
    plain.set_weights(layer.get_weights())
    np.testing.assert_allclose(
        ops.convert_to_numpy(layer(x)).reshape(2, 6, 4),
        ops.convert_to_numpy(plain(x.reshape(2, 6, 4))),
        atol=1e-5,
    )
    with pytest.raises(ValueError, match="`reduction` must be positive"):
        SpatialReductionAttention(2, reduction=0)
