from itertools import permutations

import keras
import numpy as np
import pytest
from keras import layers

from keras_nn.explain import ShapleyValues
from keras_nn.explain import ShapleyValueSampling

X = np.random.default_rng(0).normal(size=(2, 4)).astype("float32")


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(0)
    return keras.Sequential(
        [keras.Input((4,)), layers.Dense(16, "relu"), layers.Dense(3)]
    )


def by_definition(model, x, target, baseline):
    phi = np.zeros(x.shape)
    orders = list(permutations(range(x.shape[1])))
    for order in orders:
        present = np.full_like(x, baseline)
        before = np.asarray(model(present))[:, target]
        for feature in order:
            present[:, feature] = x[:, feature]
            after = np.asarray(model(present))[:, target]
            phi[:, feature] += (after - before) / len(orders)
            before = after
    return phi


def test_equals_the_mean_over_all_orders(model):
    found = ShapleyValues(model)(X, 2, baselines=0.3)
    expected = by_definition(model, X, 2, 0.3)
    np.testing.assert_allclose(found.attributions, expected, atol=1e-5)
    assert np.abs(found.convergence_delta).max() < 1e-6


def test_sampling_comes_near_and_always_sums_up(model):
    exact = ShapleyValues(model)(X, 2).attributions
    found = ShapleyValueSampling(model, n_samples=400)(X, 2)
    np.testing.assert_allclose(found.attributions, exact, atol=0.05)
    few = ShapleyValueSampling(model, n_samples=1)(X, 2)
    assert np.abs(few.convergence_delta).max() < 1e-6


def test_symmetric_features_have_equal_values():
    network = keras.Sequential(
        [keras.Input((3,)), layers.Dense(1), layers.ReLU()]
    )
    network.layers[0].kernel.assign(np.ones((3, 1)))
    network.layers[0].bias.assign([-2.0])
    phi = ShapleyValues(network)(np.ones((1, 3))).attributions
    np.testing.assert_allclose(phi, np.full((1, 3), 1 / 3), atol=1e-6)


def test_refuses_more_features_than_coalitions_can_be_counted():
    network = keras.Sequential([keras.Input((20,)), layers.Dense(1)])
    with pytest.raises(ValueError, match="Received: 20"):
        ShapleyValues(network)(np.ones((1, 20)))
    with pytest.raises(ValueError, match="Received: n_samples=0"):
        ShapleyValueSampling(network, n_samples=0)
