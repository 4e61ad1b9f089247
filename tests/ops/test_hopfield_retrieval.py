import numpy as np
import pytest

from keras_nn.ops import hopfield_retrieval

RNG = np.random.default_rng(0)


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def energy(state, stored, beta):
    lse = np.log(np.exp(beta * stored @ state).sum()) / beta
    return -lse + 0.5 * state @ state


def test_equals_the_naive_loop_and_lowers_the_energy():
    states = RNG.normal(size=(4, 6)).astype("float32")
    stored = RNG.normal(size=(5, 6)).astype("float32")
    found, weights = hopfield_retrieval(states, stored, 0.7, 3, 0.0)
    for row, state in enumerate(states):
        for _ in range(3):
            before = energy(state, stored, 0.7)
            state = softmax(0.7 * stored @ state) @ stored
            assert energy(state, stored, 0.7) <= before + 1e-6
        np.testing.assert_allclose(found[row], state, rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(
            weights[row], softmax(0.7 * stored @ state), rtol=1e-4
        )


def test_retrieves_exponentially_many_patterns_from_half_of_each():
    # 2,000 random patterns of 64 units: 31 N, where Hebb's rule keeps 0.138 N
    stored = RNG.choice([-1.0, 1.0], (2000, 64)).astype("float32")
    cues = stored[:50].copy()
    cues[:, 32:] = 0.0
    found, _ = hopfield_retrieval(cues, stored, 1.0, 3)
    right = (np.sign(found) == stored[:50]).all(-1)
    assert right.mean() > 0.95


def test_a_hidden_pattern_is_not_retrieved_and_a_fixed_state_stays():
    stored = np.eye(3, dtype="float32")
    mask = np.array([[False, True, True]])
    _, weights = hopfield_retrieval(stored[:1], stored, 5.0, mask=mask)
    assert float(weights[0, 0]) == 0.0
    one, _ = hopfield_retrieval(stored, stored, 2.0, 1, 1e9)
    many, _ = hopfield_retrieval(stored, stored, 2.0, 5, 1e9)
    np.testing.assert_array_equal(one, many)  # none moves that far again


def test_refuses_a_negative_number_of_updates():
    with pytest.raises(ValueError, match="must not be negative"):
        hopfield_retrieval(np.ones((1, 1)), np.ones((1, 1)), 1.0, -1)
