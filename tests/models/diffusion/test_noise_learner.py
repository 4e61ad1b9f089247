import keras
import numpy as np
import pytest

from keras_nn.models import DenoisingMLP
from keras_nn.models.diffusion.noise_learner import NoiseLearner
from keras_nn.schedules import CosineNoise


class Halves(NoiseLearner):
    """Learns half of what it is given, and doubles what it draws."""

    def encoded(self, pictures):
        return pictures / 2

    def decoded(self, codes):
        return codes * 2


def test_a_subclass_may_learn_and_draw_something_else():
    network = DenoisingMLP((2,), units=4, depth=1, embedding_units=4)
    model = Halves(network, CosineNoise(100), "x0")
    x = np.full((4, 2), 0.6, "float32")
    _, target, _ = model.noised(x, training=False)
    np.testing.assert_allclose(target, x / 2)
    # It says 0 at first; then 0.3.
    np.testing.assert_allclose(model.generate(2, steps=3, seed=0), 0, atol=1e-6)
    network.get_layer("head_dense").bias.assign(keras.ops.full((2,), 0.3))
    np.testing.assert_allclose(
        model.generate(2, steps=3, seed=0), 0.6, atol=1e-5
    )


def test_a_training_that_diverges_is_named():
    network = DenoisingMLP((2,), units=4, depth=1, embedding_units=4)
    model = Halves(network, CosineNoise(100), "x0")
    model.compile(keras.optimizers.SGD(1e30))
    with pytest.raises(ValueError, match="a Halves diverged in epoch"):
        model.fit(np.ones((8, 2)), batch_size=2, verbose=0)
