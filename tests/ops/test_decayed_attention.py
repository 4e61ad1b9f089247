import numpy as np
import pytest

from keras_nn.ops import decayed_attention

generator = np.random.default_rng(0)
DECAY = np.array([0.5, 0.97, 1.0], "float32")


def draw(*shape):
    return generator.normal(size=shape).astype("float32")


def naive(q, k, v, state):
    outputs = np.zeros(v.shape)
    for t in range(q.shape[1]):
        new = np.einsum("bhd,bhe->bhde", k[:, t], v[:, t])
        state = DECAY[:, None, None] * state + new
        outputs[:, t] = np.einsum("bhd,bhde->bhe", q[:, t], state)
    return outputs, state


@pytest.mark.parametrize("length, chunk", [(1, 64), (7, 64), (13, 4), (8, 4)])
def test_is_the_recurrence(length, chunk):
    q, k, v = (
        draw(2, length, 3, 4),
        draw(2, length, 3, 4),
        draw(2, length, 3, 2),
    )
    state = draw(2, 3, 4, 2)
    y, after = decayed_attention(q, k, v, DECAY, state, chunk)
    expected, expected_state = naive(q, k, v, state)
    np.testing.assert_allclose(y, expected, atol=1e-4)
    np.testing.assert_allclose(after, expected_state, atol=1e-4)
    from_nothing = decayed_attention(q, k, v, DECAY, chunk=chunk)
    expected, _ = naive(q, k, v, np.zeros_like(state))
    np.testing.assert_allclose(from_nothing, expected, atol=1e-4)
