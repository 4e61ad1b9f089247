import keras
import numpy as np
import pytest

from keras_nn.explain import SmoothGradSquared
from keras_nn.explain import VarGrad
from keras_nn.explain import attribute

X = np.array([[0.0, 1.0], [2.0, -2.0]], "float32")


@pytest.fixture(scope="module")
def cubes():
    """`y = sum x^3 / 3`: its slope is `x^2`."""
    x = keras.Input((2,))
    return keras.Model(x, keras.ops.sum(x**3, axis=1, keepdims=True) / 3)


def test_they_are_moments_of_slopes_at_noise_of_the_examples_range(cubes):
    options = {"samples": 4000, "noise": 0.1}
    variance = VarGrad(cubes, **options)(X).attributions
    squares = SmoothGradSquared(cubes, **options)(X).attributions
    s = 0.1 * np.array([[1.0], [4.0]])  # of ranges 1 and 4
    # Moments of (x + s e)^2 for a normal e.
    mean = X**2 + s**2
    expected = 4 * X**2 * s**2 + 2 * s**4
    np.testing.assert_allclose(variance, expected, rtol=0.12)
    np.testing.assert_allclose(squares, expected + mean**2, rtol=0.05)


def test_by_name_in_any_batch_size(cubes):
    one, other = (
        attribute(cubes, X, method="vargrad", samples=8, batch_size=size)
        for size in (1, 64)
    )
    np.testing.assert_allclose(
        one.attributions, other.attributions, rtol=1e-5, atol=1e-6
    )
    assert one.method == "vargrad" and one.convergence_delta is None


def test_refuses_unknown_numbers(cubes):
    with pytest.raises(ValueError, match="Received: samples=0"):
        VarGrad(cubes, samples=0)
    with pytest.raises(ValueError, match="Received: noise=-1"):
        SmoothGradSquared(cubes, noise=-1)
