import keras
import numpy as np
import pytest
from keras import layers
from sklearn.linear_model import Ridge

from keras_nn.explain import Lime

X = np.random.default_rng(0).normal(size=(2, 5)).astype("float32")


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(0)
    return keras.Sequential(
        [keras.Input((5,)), layers.Dense(16, "relu"), layers.Dense(3)]
    )


def test_equals_a_ridge_regression_on_the_same_coalitions(model):
    found = Lime(model, n_samples=60, alpha=0.5)(X, 1).attributions
    z = np.random.default_rng(0).integers(0, 2, (60, 5)) == 1
    z[0] = True
    near = np.exp(-(((1 - np.sqrt(z.mean(axis=1))) / 0.25) ** 2) / 2)
    for x, weights in zip(X, found, strict=True):
        scores = np.asarray(model(np.where(z, x, 0.0)))[:, 1]
        ridge = Ridge(alpha=0.5).fit(z, scores, sample_weight=near)
        np.testing.assert_allclose(weights, ridge.coef_, atol=1e-4)


def test_a_heavy_penalty_leaves_nothing(model):
    assert np.abs(Lime(model, alpha=1e9)(X).attributions).max() < 1e-6


def test_refuses_numbers_out_of_range(model):
    for option in ({"alpha": -1}, {"kernel_width": 0}, {"n_samples": 0}):
        with pytest.raises(ValueError, match="Received"):
            Lime(model, **option)
