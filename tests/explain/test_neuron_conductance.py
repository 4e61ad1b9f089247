import keras
import numpy as np
import pytest
from keras import layers

from keras_nn.explain import IntegratedGradients
from keras_nn.explain import NeuronConductance


def test_over_all_units_it_is_the_integrated_gradients():
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((4, 4, 1)),
            layers.Conv2D(2, 3, activation="tanh", name="conv"),
            layers.Flatten(),
            layers.Dense(3, "softmax"),
        ]
    )
    x = np.random.default_rng(0).normal(size=(2, 4, 4, 1))
    given = {"n_steps": 6, "batch_size": 5}
    whole = IntegratedGradients(model, **given)(x, 1, baselines=0.1)
    by_channel = [
        NeuronConductance(model, "conv", channel, **given)(x, 1, baselines=0.1)
        for channel in (0, 1)
    ]
    np.testing.assert_allclose(
        sum(found.attributions for found in by_channel),
        whole.attributions,
        atol=1e-5,
    )
    corner = NeuronConductance(model, "conv", (0, 0, 1), **given)
    found = corner(x, 1, baselines=0.1).attributions
    assert np.abs(found[:, :3, :3]).min() > 0
    # The unit in the corner does not see the last row.
    np.testing.assert_array_equal(found[:, 3], 0)
    with pytest.raises(ValueError, match="Received: neuron=2"):
        NeuronConductance(model, "conv", 2)(x, 1)
