"""Weights and pictures that a recorder and its test both draw."""

import numpy as np


def numbers(shapes):
    """A tensor for each name: positive variances, gains near 1."""
    random = np.random.RandomState(7)  # whose stream NumPy keeps for ever
    found = {}
    for name in sorted(shapes):
        value = random.standard_normal(shapes[name])
        if name.endswith("running_var"):
            value = 0.5 + np.abs(value)
        elif len(shapes[name]) == 1 and name.endswith("weight"):
            value = 1 + 0.2 * value
        else:
            fan_in = np.prod(shapes[name][1:]) or 1
            value = value / np.sqrt(fan_in)
        found[name] = value.astype("float32")
    return found


def pictures(side):
    random = np.random.RandomState(1)
    return random.standard_normal((2, 3, side, side)).astype("float32")
