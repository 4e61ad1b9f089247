import keras
import numpy as np
import pytest
from keras import layers

from keras_nn.explain import NoiseTunnel
from keras_nn.explain import Saliency

X = np.random.default_rng(0).normal(size=(3, 4)).astype("float32")


@pytest.fixture(scope="module")
def slopes():
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [keras.Input((4,)), layers.Dense(8, "tanh"), layers.Dense(2)]
    )
    return Saliency(model, absolute=False)


def tunnel(slopes, kind, **options):
    options = {"nt_samples": 40, "stdevs": 0.5, **options}
    return NoiseTunnel(slopes, kind, **options)(X, 1).attributions


def test_the_mean_of_squares_is_variance_plus_squared_mean(slopes):
    mean, squares, variance = (
        tunnel(slopes, kind)
        for kind in ("smoothgrad", "smoothgrad_sq", "vargrad")
    )
    np.testing.assert_allclose(squares, variance + mean**2, atol=1e-5)
    assert variance.min() > 0


def test_without_noise_it_is_the_method(slopes):
    plain = slopes(X, 1).attributions
    np.testing.assert_allclose(
        tunnel(slopes, "smoothgrad", stdevs=0.0), plain, atol=1e-6
    )
    assert np.abs(tunnel(slopes, "smoothgrad") - plain).max() > 1e-3


def test_explains_the_class_of_the_clean_input(slopes):
    found = NoiseTunnel(slopes, stdevs=10.0)(X)
    np.testing.assert_array_equal(found.targets, slopes(X).targets)
    assert found.method == "smoothgrad of saliency"


def test_refuses_unknown_types_and_numbers(slopes):
    with pytest.raises(ValueError, match="Received: nt_type='median'"):
        NoiseTunnel(slopes, "median")
    with pytest.raises(ValueError, match="Received: nt_samples=0"):
        NoiseTunnel(slopes, nt_samples=0)
    with pytest.raises(ValueError, match="Received: stdevs=-1"):
        NoiseTunnel(slopes, stdevs=-1)
