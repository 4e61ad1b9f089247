import keras
import numpy as np
import pytest
from keras import layers

from keras_nn.explain import DeepLiftShap

RANDOM = np.random.default_rng(0)


def test_sums_to_the_mean_change_of_the_score():
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [keras.Input((3,)), layers.Dense(6, "relu"), layers.Dense(2)]
    )
    x, many = RANDOM.normal(size=(2, 3)), RANDOM.normal(size=(3, 3))
    found = DeepLiftShap(model)(x, [0, 1], baselines=many)
    change = np.asarray(model(x)) - np.asarray(model(many)).mean(axis=0)
    np.testing.assert_allclose(
        found.attributions.sum(axis=1), change[[0, 1], [0, 1]], atol=1e-5
    )
    assert np.abs(found.convergence_delta).max() < 1e-5
    with pytest.raises(ValueError, match=r"Received: shapes \[\(2,\)\]"):
        DeepLiftShap(model)(x, baselines=np.ones(2))
