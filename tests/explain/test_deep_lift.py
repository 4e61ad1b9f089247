import keras
import numpy as np
import pytest
from keras import layers

from keras_nn.explain import DeepLift
from keras_nn.explain import IntegratedGradients
from keras_nn.models import ResNet

RANDOM = np.random.default_rng(0)


@pytest.mark.parametrize("activation", ["relu", "tanh", "gelu"])
def test_sums_to_the_change_of_the_score_with_max_pooling_too(activation):
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((8, 8, 2)),
            layers.Conv2D(3, 3, activation=activation),
            layers.MaxPooling2D(2),
            layers.Conv2D(4, 2, padding="same"),
            layers.LeakyReLU(),
            layers.GlobalMaxPooling2D(),
            layers.Dense(3, "softmax"),
        ]
    )
    x = RANDOM.normal(size=(3, 8, 8, 2))
    found = DeepLift(model)(x, baselines=RANDOM.normal(size=(8, 8, 2)))
    assert np.abs(found.convergence_delta).max() < 1e-5
    assert np.abs(found.attributions).max() > 0.01


def test_on_a_residual_network_it_is_exact_too():
    model = ResNet(
        input_shape=(8, 8, 3),
        num_blocks=[1],
        num_filters=[4],
        bottleneck=False,
        stem="cifar",
        classes=3,
    )
    x = RANDOM.normal(size=(2, 8, 8, 3))
    assert np.abs(DeepLift(model)(x).convergence_delta).max() < 1e-5


def test_in_a_single_layer_it_is_integrated_gradients():
    model = keras.Sequential([keras.Input((3,)), layers.Dense(1, "tanh")])
    x = RANDOM.normal(size=(2, 3))
    integrated = IntegratedGradients(model, n_steps=200)(x, baselines=0.1)
    np.testing.assert_allclose(
        DeepLift(model)(x, baselines=0.1).attributions,
        integrated.attributions,
        atol=1e-5,
    )


def test_products_show_in_the_delta():
    inputs = keras.Input((2,))
    model = keras.Model(inputs, inputs[:, :1] * inputs[:, 1:])
    found = DeepLift(model)(np.array([[3.0, 5.0]]))
    # The plain gradient times the input counts a product twice.
    assert found.convergence_delta[0] == pytest.approx(15.0)
