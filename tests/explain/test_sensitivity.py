import keras
import numpy as np
import pytest
from keras import layers

from keras_nn.explain import InputXGradient
from keras_nn.explain import Saliency
from keras_nn.explain import sensitivity_max
from keras_nn.explain import sensitivity_mean

X = np.random.default_rng(0).normal(size=(3, 4)).astype("float32")


def test_a_linear_model_s_gradient_does_not_move_but_its_product_does():
    model = keras.Sequential([keras.Input((4,)), layers.Dense(1)])
    assert sensitivity_max(Saliency(model), X).max() < 1e-6
    found = sensitivity_max(InputXGradient(model), X, perturb_radius=0.1)
    slopes = np.abs(np.asarray(model.layers[0].kernel))[:, 0]
    norm = np.linalg.norm(X * slopes, axis=1)
    assert (found > 0).all()
    assert (found <= 0.1 * np.linalg.norm(slopes) / norm + 1e-6).all()


def test_a_wider_radius_is_worse_and_the_seed_decides():
    model = keras.Sequential(
        [keras.Input((4,)), layers.Dense(16, "tanh"), layers.Dense(1)]
    )
    narrow, wide, again = (
        sensitivity_max(Saliency(model), X, perturb_radius=r, seed=3)
        for r in (0.01, 1.0, 0.01)
    )
    assert (wide > narrow).all()
    np.testing.assert_array_equal(narrow, again)
    mean = sensitivity_mean(Saliency(model), X, perturb_radius=1.0, seed=3)
    assert (mean < wide).all() and (mean > wide / 10).all()


def test_refuses_numbers_that_must_be_positive():
    for option in ({"perturb_radius": 0}, {"n_perturb_samples": 0}):
        with pytest.raises(ValueError, match="must be positive"):
            sensitivity_max(None, X, **option)
