"""Machines small enough to count every state of."""

import itertools

import numpy as np
import pytest


@pytest.fixture
def all_states():
    """Every row of so many zeros and ones: `all_states(units)`."""

    def states(units):
        rows = itertools.product([0.0, 1.0], repeat=units)
        return np.array(list(rows), "float32")

    return states


@pytest.fixture
def shaken():
    """Gives trainable weights values that matter."""
    rng = np.random.default_rng(0)

    def shake(model, scale=0.7):
        for weight in model.trainable_weights:
            noise = rng.normal(0, scale, weight.shape)
            weight.assign(noise.astype("float32"))
        return model

    return shake
