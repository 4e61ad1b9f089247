import numpy as np
import pytest
from keras import ops

from keras_nn.layers import ImageSelfAttention
from keras_nn.testing import check_layer


def test_conformance():
    check_layer(ImageSelfAttention, {"num_heads": 2}, (2, 5, 4))


def softmax(x):
    x = np.exp(x - x.max(-1, keepdims=True))
    return x / x.sum(-1, keepdims=True)


@pytest.mark.parametrize("windows", [None, 1, 2])
def test_equals_a_loop_over_heads(windows):
    generator = np.random.default_rng(0)
    x = generator.normal(size=(4, 5, 6)).astype("float32")
    bias = np.zeros((1, 3, 5, 5), "float32")
    if windows:
        bias = generator.normal(size=(windows, 3, 5, 5)).astype("float32")
    layer = ImageSelfAttention(num_heads=3)
    layer.build(x.shape)
    for weight in layer.weights:
        weight.assign(generator.normal(size=weight.shape))
    y = ops.convert_to_numpy(layer(x, bias=bias if windows else None))
    dense = (layer.query, layer.key, layer.value, layer.projection)
    (wq, bq), (wk, bk), (wv, bv), (wo, bo) = (d.get_weights() for d in dense)
    for example in range(4):
        parts = []
        for head in range(3):
            part = np.s_[:, 2 * head : 2 * head + 2]
            q, k, v = (
                (x[example] @ w + b)[part]
                for w, b in ((wq, bq), (wk, bk), (wv, bv))
            )
            scores = q @ k.T / np.sqrt(2)
            scores += bias[example % len(bias), head]
            parts.append(softmax(scores) @ v)
        expected = np.concatenate(parts, -1) @ wo + bo
        np.testing.assert_allclose(y[example], expected, rtol=1e-3, atol=1e-4)


def test_forbidden_tokens_do_not_count():
    layer = ImageSelfAttention(1)
    generator = np.random.default_rng(0)
    x = generator.normal(size=(1, 3, 4)).astype("float32")
    other = x.copy()
    other[0, 2] = 9.0
    bias = np.array([0.0, 0.0, -1e9], "float32")
    bias = np.broadcast_to(bias, (1, 1, 3, 3))
    np.testing.assert_allclose(
        layer(x, bias=bias)[:, :2], layer(other, bias=bias)[:, :2], atol=1e-6
    )


def test_refuses_heads_that_do_not_divide():
    with pytest.raises(ValueError, match="Received: num_heads=3"):
        ImageSelfAttention(3)(np.ones((1, 2, 4)))
