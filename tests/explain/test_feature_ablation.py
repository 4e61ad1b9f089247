import keras
import numpy as np
import pytest
from keras import layers

from keras_nn.explain import FeatureAblation
from keras_nn.explain import FeaturePermutation

X = np.random.default_rng(0).normal(size=(4, 3)).astype("float32")


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(0)
    return keras.Sequential(
        [keras.Input((3,)), layers.Dense(8, "tanh"), layers.Dense(2)]
    )


def test_ablation_is_the_fall_of_the_score(model):
    found = FeatureAblation(model)(X, 1, baselines=0.5).attributions
    for feature in range(3):
        without = X.copy()
        without[:, feature] = 0.5
        fall = (model(X) - model(without))[:, 1]
        np.testing.assert_allclose(found[:, feature], fall, atol=1e-5)


def test_what_the_model_ignores_has_no_part(model):
    network = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
    network.layers[0].kernel.assign([[1.0], [0.0], [2.0]])
    found = FeatureAblation(network)(X).attributions
    np.testing.assert_allclose(found, X * [1, 0, 2], atol=1e-6)


def test_permutation_takes_the_feature_of_another_example():
    network = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
    network.layers[0].kernel.assign([[1.0], [0.0], [0.0]])
    found = FeaturePermutation(network)(X).attributions
    # Everybody gives once and takes once, and nobody keeps its own.
    others = X[:, 0] - found[:, 0]
    np.testing.assert_allclose(np.sort(others), np.sort(X[:, 0]), atol=1e-6)
    assert np.abs(found[:, 0]).min() > 0 and not found[:, 1:].any()


def test_permutation_needs_company(model):
    with pytest.raises(ValueError, match="two examples. Received: 1"):
        FeaturePermutation(model)(X[:1])
