import numpy as np
import pytest
from keras import ops

from keras_nn.layers import AttentiveDecoder
from keras_nn.testing import check_layer

generator = np.random.default_rng(0)
X = generator.normal(size=(2, 4, 3)).astype("float32")
MEMORY = generator.normal(size=(2, 5, 6)).astype("float32")
SUMMARY = generator.normal(size=(2, 6)).astype("float32")
MASK = np.array([[True] * 5, [True, True, True, False, False]])
SOURCE = generator.integers(0, 7, (2, 5))


@pytest.mark.slow
def test_conformance():
    check_layer(
        AttentiveDecoder,
        {"vocabulary_size": 7, "units": 4},
        (3, 4, 2),
        call_kwargs={"memory": (3, 5, 6), "summary": (3, 6)},
        mask=False,
        half=False,
    )


@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_the_loop_is_its_steps(cell):
    layer = AttentiveDecoder(7, 4, cell, coverage=True, copies=True)
    layer(X, MEMORY, SUMMARY, memory_mask=MASK, source=SOURCE)
    for weight in layer.weights:
        weight.assign(generator.normal(size=weight.shape))
    whole = layer(X, MEMORY, SUMMARY, memory_mask=MASK, source=SOURCE)
    keys = layer.step_cell.attention.project(MEMORY)
    states = [*layer.first_states(SUMMARY), ops.zeros((2, 5))]
    for place in range(4):
        logits, states = layer.advance(
            X[:, place : place + 1], states, MEMORY, MASK, keys, SOURCE
        )
        np.testing.assert_allclose(logits[:, 0], whole[:, place], atol=1e-4)
    # All weights of all steps, and none where nothing is.
    covered = np.array(states[-1])
    np.testing.assert_allclose(covered.sum(-1), 4, rtol=1e-5)
    assert (covered[1, 3:] < 1e-6).all()
