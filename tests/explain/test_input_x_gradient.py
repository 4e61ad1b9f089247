import keras
import numpy as np
from keras import layers

from keras_nn.explain import InputXGradient


def test_sums_to_the_score_of_a_network_of_relus_without_biases():
    model = keras.Sequential(
        [
            keras.Input((5,)),
            layers.Dense(8, "relu", use_bias=False),
            layers.Dense(3, use_bias=False),
        ]
    )
    x = np.random.default_rng(0).normal(size=(4, 5)).astype("float32")
    found = InputXGradient(model)(x, [0, 1, 2, 0])
    scores = np.asarray(model(x))[np.arange(4), [0, 1, 2, 0]]
    np.testing.assert_allclose(found.attributions.sum(1), scores, atol=1e-5)
    assert found.method == "input-x-gradient"
    assert found.convergence_delta is None
