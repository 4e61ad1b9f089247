"""Comparisons of nests of tensors, and what must hold for every weight."""

import keras
import numpy as np


def arrays(nest):
    """The tensors of a nest as a flat list of NumPy arrays."""
    return [
        np.asarray(keras.ops.convert_to_numpy(leaf))
        for leaf in keras.tree.flatten(nest)
        if leaf is not None
    ]


def assert_close(actual, expected, what, tolerance=1e-5):
    """Asserts equality up to `tolerance` of the largest expected value."""
    actual, expected = arrays(actual), arrays(expected)
    assert len(actual) == len(expected), (
        f"{what}: {len(expected)} tensors became {len(actual)}"
    )
    for a, e in zip(actual, expected, strict=True):
        assert a.shape == e.shape, f"{what}: shape {e.shape} became {a.shape}"
        if not e.size:
            continue
        a, e = a.astype("float64"), e.astype("float64")
        same = np.isclose(a, e, rtol=0, atol=0, equal_nan=True)
        scale = max(1.0, np.abs(e[np.isfinite(e)]).max(initial=0.0))
        with np.errstate(invalid="ignore"):
            difference = np.where(same, 0.0, np.abs(a - e)).max() / scale
        assert difference <= tolerance, (
            f"{what}: relative difference at most {tolerance:g} expected. "
            f"Received: {difference:.3g}"
        )


def assert_finite_gradients(weights, gradients):
    """Asserts that a finite gradient reaches every weight."""
    for weight, gradient in zip(weights, gradients, strict=True):
        assert gradient is not None, f"no gradient reaches {weight.path}"
        values = keras.ops.convert_to_numpy(gradient).astype("float32")
        assert np.isfinite(values).all(), (
            f"the gradient of {weight.path} is not finite"
        )


def equal_weights(values):
    """Pairs of positions of equal arrays that are not constant."""
    seen, pairs = {}, []
    for index, value in enumerate(values):
        if value.size < 2 or np.all(value == value.flat[0]):
            continue
        key = (value.shape, value.tobytes())
        if key in seen:
            pairs.append((seen[key], index))
        seen.setdefault(key, index)
    return pairs


def assert_distinct_weights(weights, values, other_values):
    """Asserts that no two weights start equal by accident.

    Args:
        weights: list of variables.
        values: their initial values.
        other_values: callable. The initial values under another seed; a
            weight that is equal there is not random, and may repeat.
    """
    pairs = equal_weights(values)
    if not pairs:
        return
    other = other_values()
    for first, second in pairs:
        assert np.array_equal(values[first], other[first]), (
            f"{weights[first].path} and {weights[second].path} start with "
            "the same random values: do they share one initializer instance?"
        )
