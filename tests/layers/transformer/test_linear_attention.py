import numpy as np
import pytest

from keras_nn.layers import LinearAttention
from keras_nn.testing import check_layer

X = np.random.default_rng(0).normal(size=(2, 6, 5)).astype("float32")


def test_conformance():
    check_layer(LinearAttention, {"num_heads": 2, "key_dim": 2}, (3, 4, 5))


@pytest.mark.parametrize("causal", [True, False])
def test_equals_the_equation(causal):
    layer = LinearAttention(2, 3, causal)
    mask = np.array([[1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 0, 0]], bool)
    received = np.array(layer(X, mask=mask))
    q, k, v = (
        (X @ d.get_weights()[0] + d.get_weights()[1]).reshape(2, 6, 2, 3)
        for d in (layer.query, layer.key, layer.value)
    )
    q, k = (np.where(t > 0, t + 1, np.exp(t)) for t in (q, k))
    scores = np.einsum("bthd,bshd->bhts", q, k) * mask[:, None, None]
    if causal:
        scores = scores * np.tril(np.ones((6, 6)))
    weights = scores / scores.sum(-1, keepdims=True)
    y = np.einsum("bhts,bshd->bthd", weights, v).reshape(2, 6, 6)
    kernel, bias = layer.out.get_weights()
    expected = y @ kernel + bias
    np.testing.assert_allclose(received[mask], expected[mask], atol=1e-5)


def test_step_by_step_it_is_the_same():
    layer = LinearAttention(2, 3)
    whole, state, parts = layer(X), layer.empty_state(2), []
    for start, stop in ((0, 3), (3, 4), (4, 6)):
        y, state = layer(X[:, start:stop], state=state)
        parts.append(np.array(y))
    np.testing.assert_allclose(np.concatenate(parts, 1), whole, atol=1e-5)
    with pytest.raises(ValueError, match="causal=False"):
        LinearAttention(2, 3, causal=False)(X, state=state)
