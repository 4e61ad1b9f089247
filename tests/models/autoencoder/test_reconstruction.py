import keras
import numpy as np
import pytest

from keras_nn.losses import BernoulliNLL
from keras_nn.models.autoencoder.reconstruction import example_losses

X, Y = np.random.default_rng(0).uniform(size=(2, 3, 2, 2)).astype("float32")


@pytest.mark.parametrize("loss", ["mse", keras.losses.MeanSquaredError()])
def test_is_the_mean_over_an_example(loss):
    expected = ((X - Y) ** 2).mean(axis=(1, 2))
    np.testing.assert_allclose(example_losses(loss, X, Y), expected, rtol=1e-5)


def test_nats_of_an_example_stay_a_sum():
    loss = BernoulliNLL()
    expected = BernoulliNLL(reduction="none")(X, Y)
    np.testing.assert_allclose(example_losses(loss, X, Y), expected, rtol=1e-6)
