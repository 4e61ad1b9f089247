import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.layers.flow.value_transform import AffineTransform
from keras_nn.layers.flow.value_transform import SplineTransform
from keras_nn.layers.flow.value_transform import ValueTransform
from keras_nn.layers.flow.value_transform import get_transform
from keras_nn.testing.backend import gradients

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("name", ["additive", "affine", "spline"])
def test_the_way_back_leads_back_and_slopes_are_slopes(name):
    transform = get_transform(name)
    values = RNG.normal(0, 3, (50,)).astype("float32")
    raw = RNG.normal(size=(50, transform.parameters_per_value))
    raw = raw.astype("float32")
    y, log_slopes = transform.forward(values, raw)
    back, back_slopes = transform.backward(y, raw)
    # Where a slope is small, rounding of y is an error of x / slope.
    error = np.asarray(back - values) * np.minimum(np.exp(log_slopes), 1)
    np.testing.assert_allclose(error, 0, atol=1e-5)
    np.testing.assert_allclose(back_slopes, -log_slopes, atol=1e-3)
    at = keras.Variable(values)
    _, _, (slopes,) = gradients(
        lambda: (ops.sum(transform.forward(at.value, raw)[0]), ()), [at]
    )
    np.testing.assert_allclose(np.exp(log_slopes), slopes, rtol=1e-3)


def naive_spline(x, widths, heights, slopes, bound):
    """Equation 4 of Durkan et al., for one number."""
    if not -bound < x < bound:
        return x
    knots_x = -bound + np.concatenate([[0], np.cumsum(widths)])
    knots_y = -bound + np.concatenate([[0], np.cumsum(heights)])
    slopes = np.concatenate([[1], slopes, [1]])
    k = np.searchsorted(knots_x, x) - 1
    s = heights[k] / widths[k]
    t = (x - knots_x[k]) / widths[k]
    above = heights[k] * (s * t**2 + slopes[k] * t * (1 - t))
    below = s + (slopes[k + 1] + slopes[k] - 2 * s) * t * (1 - t)
    return knots_y[k] + above / below


def test_the_spline_equals_the_naive_one():
    transform = SplineTransform(bins=5, bound=3.0)
    raw = RNG.normal(size=14).astype("float32")
    values = np.linspace(-4, 4, 31).astype("float32")
    y, _ = transform.forward(values, np.tile(raw, (31, 1)))

    def shares(raw):
        weights = np.exp(raw) / np.exp(raw).sum()
        return 6 * (1e-3 + (1 - 5e-3) * weights)

    slopes = np.log1p(np.exp(raw[10:] + np.log(np.expm1(0.999)))) + 1e-3
    expected = [
        naive_spline(x, shares(raw[:5]), shares(raw[5:10]), slopes, 3.0)
        for x in values
    ]
    np.testing.assert_allclose(y, expected, atol=1e-4)


def test_scales_stay_within_the_limit():
    raw = np.array([[0.0, 1e6]], "float32")
    y, _ = AffineTransform(limit=1.0).forward(np.ones(1, "float32"), raw)
    np.testing.assert_allclose(y, np.exp(1), rtol=1e-6)


def test_names_configs_and_refusals():
    config = {"bins": 3, "bound": 2.0, "smallest": 1e-3}
    assert get_transform(SplineTransform(**config)).get_config() == config
    with pytest.raises(ValueError, match="`transform` must be one of"):
        get_transform("cubic")
    with pytest.raises(ValueError, match="`bins` must be at least 2"):
        SplineTransform(bins=1)
    with pytest.raises(ValueError, match="`limit` must be positive"):
        AffineTransform(limit=0)
    for method in (ValueTransform().forward, ValueTransform().backward):
        with pytest.raises(TypeError, match="must implement"):
            method(1.0, 1.0)
