import keras
import numpy as np
import pytest
from keras import layers

from keras_nn.explain import KernelShap
from keras_nn.explain import ShapleyValues

X = np.random.default_rng(0).normal(size=(3, 6)).astype("float32")


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(0)
    return keras.Sequential(
        [keras.Input((6,)), layers.Dense(16, "relu"), layers.Dense(3)]
    )


def test_equals_exact_shapley_values_on_six_features(model):
    exact = ShapleyValues(model)(X, 1, baselines=0.2)
    found = KernelShap(model)(X, 1, baselines=0.2)
    np.testing.assert_allclose(
        found.attributions, exact.attributions, atol=1e-5
    )
    assert np.abs(found.convergence_delta).max() < 1e-6


def test_a_sample_comes_near_and_sums_up():
    keras.utils.set_random_seed(1)
    network = keras.Sequential(
        [keras.Input((12,)), layers.Dense(8, "tanh"), layers.Dense(1)]
    )
    x = np.random.default_rng(0).normal(size=(1, 12)).astype("float32")
    exact = ShapleyValues(network)(x).attributions
    found = KernelShap(network, n_samples=1500)(x)
    np.testing.assert_allclose(found.attributions, exact, atol=0.05)
    assert np.abs(found.convergence_delta).max() < 1e-6


def test_one_feature_has_all_of_it(model):
    found = KernelShap(model, feature_mask=np.zeros(6, "int32"))(X, 0)
    change = np.asarray(model(X) - model(np.zeros_like(X)))[:, :1]
    np.testing.assert_allclose(
        found.attributions, np.repeat(change, 6, axis=1), atol=1e-5
    )


def test_refuses_no_samples(model):
    with pytest.raises(ValueError, match="Received: n_samples=0"):
        KernelShap(model, n_samples=0)
