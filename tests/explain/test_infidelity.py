import keras
import numpy as np
import pytest
from keras import layers

from keras_nn.explain import IntegratedGradients
from keras_nn.explain import Saliency
from keras_nn.explain import infidelity

X = np.random.default_rng(0).normal(size=(3, 4)).astype("float32")


def model(activation=None):
    keras.utils.set_random_seed(0)
    return keras.Sequential(
        [keras.Input((4,)), layers.Dense(8, activation), layers.Dense(2)]
    )


def test_slopes_of_a_linear_model_are_faithful_and_noise_is_not():
    slopes = Saliency(model(), absolute=False)
    assert infidelity(slopes, X, targets=1).max() < 1e-9
    wrong = np.random.default_rng(1).normal(size=X.shape)
    assert infidelity(slopes, X, wrong, targets=1).min() > 1e-4


def test_the_scale_does_not_matter_when_normalized():
    slopes = Saliency(model(), absolute=False)
    scaled = 7 * slopes(X, 1).attributions
    plain = infidelity(slopes, X, scaled, targets=1)
    best = infidelity(slopes, X, scaled, targets=1, normalize=True)
    assert plain.min() > 1e-3 and best.max() < 1e-9


def test_removing_everything_is_foretold_by_integrated_gradients():
    explain = IntegratedGradients(model("tanh"), n_steps=100)

    def perturb(generator, arrays):
        return [np.ones_like(a) for a in arrays], [0 * a for a in arrays]

    assert infidelity(explain, X, perturb=perturb).max() < 1e-6


def test_refuses_no_draws():
    with pytest.raises(ValueError, match="Received: n_perturb_samples=0"):
        infidelity(None, X, n_perturb_samples=0)
