import keras
import numpy as np
import pytest

from keras_nn.models import DeepSVDD
from keras_nn.testing import check_model

X = np.random.default_rng(0).normal(size=(9, 4)).astype("float32")


def encoder():
    return keras.Sequential(
        [
            keras.Input((4,)),
            keras.layers.Dense(8, "relu", use_bias=False, name="hidden"),
            keras.layers.Dense(3, use_bias=False, name="codes"),
        ],
        name="encoder",
    )


def test_conformance():
    check_model(
        DeepSVDD,
        lambda: {"encoder": encoder()},
        X,
        epochs=20,
        half=False,
    )


def test_the_centre_is_the_mean_code_away_from_zero():
    model = DeepSVDD(encoder())
    model.compile("adam")
    codes = np.asarray(model.encoder(X)).mean(0)
    model.fit(X, verbose=0)
    expected = np.where(
        np.abs(codes) < 0.1, np.where(codes < 0, -0.1, 0.1), codes
    )
    np.testing.assert_allclose(model.centre, expected, atol=1e-5)
    away = np.square(np.asarray(model.encoder(X)) - expected).sum(-1)
    np.testing.assert_allclose(model.predict(X, verbose=0), away, rtol=1e-4)
    before = np.asarray(model.centre)
    model.fit(X + 5, verbose=0)
    np.testing.assert_array_equal(model.centre, before)


@pytest.mark.slow
def test_about_nu_of_the_data_lies_outside_of_the_radius():
    keras.utils.set_random_seed(0)
    x = np.random.default_rng(0).normal(size=(400, 4)).astype("float32")
    model = DeepSVDD(encoder(), nu=0.2)
    model.encoder.trainable = False
    model.compile(keras.optimizers.Adam(0.05))
    model.fit(x, batch_size=400, epochs=100, verbose=0)
    outside = model.predict(x, verbose=0) > float(model.radius) ** 2
    assert outside.mean() == pytest.approx(0.2, abs=0.03)


def test_refuses_a_share_of_nothing():
    with pytest.raises(ValueError, match="`nu` must be in"):
        DeepSVDD(encoder(), nu=0.0)
