import keras
import numpy as np
import pytest
from keras import layers

from keras_nn.explain import DeepLift
from keras_nn.explain import DeepLiftShap

RANDOM = np.random.default_rng(0)


def test_is_the_mean_over_the_baselines():
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [keras.Input((3,)), layers.Dense(6, "relu"), layers.Dense(2)]
    )
    x, many = RANDOM.normal(size=(2, 3)), RANDOM.normal(size=(3, 3))
    found = DeepLiftShap(model)(x, [0, 1], baselines=many)
    alone = [
        DeepLift(model)(x, [0, 1], baselines=one).attributions for one in many
    ]
    np.testing.assert_allclose(
        found.attributions, np.mean(alone, axis=0), atol=1e-5
    )
    assert np.abs(found.convergence_delta).max() < 1e-5
    with pytest.raises(ValueError, match=r"Received: shapes \[\(2,\)\]"):
        DeepLiftShap(model)(x, baselines=np.ones(2))
