import keras
import numpy as np
import pytest
from keras import layers

from keras_nn.explain import GradientShap
from keras_nn.explain import IntegratedGradients

X = np.random.default_rng(0).normal(size=(2, 4)).astype("float32")


def model():
    keras.utils.set_random_seed(0)
    return keras.Sequential(
        [keras.Input((4,)), layers.Dense(8, "tanh"), layers.Dense(2)]
    )


def test_many_draws_of_one_baseline_are_integrated_gradients():
    network, start = model(), np.full((1, 4), 0.5, "float32")
    expected = IntegratedGradients(network)(X, 1, baselines=start)
    found = GradientShap(network, n_samples=3000)(X, 1, baselines=start)
    np.testing.assert_allclose(
        found.attributions, expected.attributions, atol=0.03
    )
    assert np.abs(found.convergence_delta).max() < 0.03


def test_the_same_seed_draws_the_same():
    network = model()
    pool = np.random.default_rng(1).normal(size=(5, 4))
    one, same, other = (
        GradientShap(network, stdevs=0.1, seed=s)(X, 0, baselines=pool)
        for s in (1, 1, 2)
    )
    np.testing.assert_array_equal(one.attributions, same.attributions)
    assert np.abs(one.attributions - other.attributions).max() > 1e-3


def test_refuses_what_it_cannot_draw_from():
    network = model()
    with pytest.raises(ValueError, match=r"Received: shapes \[\(5, 3\)\]"):
        GradientShap(network)(X, 0, baselines=np.ones((5, 3)))
    with pytest.raises(ValueError, match="Received: n_samples=0"):
        GradientShap(network, n_samples=0)
    with pytest.raises(ValueError, match="Received: stdevs=-1"):
        GradientShap(network, stdevs=-1)
