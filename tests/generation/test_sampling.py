import numpy as np
import pytest
from keras import ops

from keras_nn.generation import Sampler

P = np.array([[0.5, 0.25, 0.15, 0.1]], "float32")
LOGITS = np.log(P)


def kept(sampler, seen=None):
    logits = ops.convert_to_numpy(sampler.filter(LOGITS, seen))
    return np.flatnonzero(logits[0] > -1e29).tolist()


@pytest.mark.parametrize(
    "arguments, tokens",
    [
        ({}, [0, 1, 2, 3]),
        ({"top_k": 2}, [0, 1]),
        ({"top_k": 9}, [0, 1, 2, 3]),
        ({"top_p": 0.5}, [0]),
        ({"top_p": 0.6}, [0, 1]),
        ({"top_p": 1e-6}, [0]),
        ({"min_p": 0.25}, [0, 1, 2]),
        ({"min_p": 1.0}, [0]),
        # A high temperature brings probabilities together before the cut.
        ({"min_p": 0.25, "temperature": 3.0}, [0, 1, 2, 3]),
        ({"top_k": 3, "top_p": 0.7}, [0, 1]),
    ],
)
def test_each_filter_keeps_what_it_says(arguments, tokens):
    assert kept(Sampler(**arguments)) == tokens


def test_draws_follow_the_probabilities():
    sampler = Sampler(temperature=0.5, top_k=3)
    uniform = np.random.default_rng(0).uniform(1e-9, 1, (20_000, 4))
    chosen = sampler.choose(np.repeat(LOGITS, 20_000, 0), uniform)
    shares = np.bincount(ops.convert_to_numpy(chosen), minlength=4) / 20_000
    expected = np.array([0.5, 0.25, 0.15, 0]) ** 2
    np.testing.assert_allclose(shares, expected / expected.sum(), atol=0.02)


def test_repetition_is_punished_on_either_side_of_zero():
    sampler = Sampler(temperature=0.0, repetition_penalty=2.0)
    logits = np.array([[3.0, 2.0, -1.0, -1.0]])
    seen = np.array([[True, False, True, False]])
    received = sampler.filter(logits, seen)
    np.testing.assert_allclose(received, [[1.5, 2.0, -2.0, -1.0]])
    assert int(sampler.choose(logits, None, seen)[0]) == 1


@pytest.mark.parametrize(
    "name, value",
    [
        ("temperature", -1),
        ("top_k", 0),
        ("top_p", 0.0),
        ("min_p", 1.5),
        ("repetition_penalty", 0),
    ],
)
def test_refuses_values_out_of_range(name, value):
    with pytest.raises(ValueError, match=f"Received: {name}={value}"):
        Sampler(**{name: value})
