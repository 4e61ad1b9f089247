import keras
import numpy as np
import pytest

from keras_nn.models import Autoencoder
from keras_nn.testing import check_model
from keras_nn.testing.replica_step import check_replica_step

RNG = np.random.default_rng(0)
X = RNG.normal(size=(6, 4)).astype("float32")


def networks():
    return {
        "encoder": keras.Sequential(
            [keras.Input((4,)), keras.layers.Dense(3, "sigmoid", name="e")],
            name="encoder",
        ),
        "decoder": keras.Sequential(
            [keras.Input((3,)), keras.layers.Dense(4, name="d")],
            name="decoder",
        ),
    }


def make(**kwargs):
    model = Autoencoder(**networks(), **kwargs)
    model.compile(keras.optimizers.SGD(0.1))
    return model


def test_conformance():
    penalties = {"l1": 0.1, "rate": 0.2}
    check_model(Autoencoder, lambda: {**networks(), **penalties}, X)


def values(model):
    found = model.objective(X, None, False)
    return {name: np.asarray(value) for name, value in found.items()}


def test_plain_is_the_error_alone():
    model = make()
    expected = ((np.asarray(model(X)) - X) ** 2).mean(axis=1)
    np.testing.assert_allclose(values(model)["loss"], expected, rtol=1e-5)


def test_sparse_penalties_equal_their_equations():
    model = make(l1=0.3)
    codes = np.asarray(model.encode(X))
    np.testing.assert_allclose(
        values(model)["penalty"], 0.3 * np.abs(codes).sum(-1), rtol=1e-5
    )
    model = make(rate=0.2, rate_weight=2.0)
    r = np.asarray(model.encode(X)).mean(axis=0)
    kl = 0.2 * np.log(0.2 / r) + 0.8 * np.log(0.8 / (1 - r))
    np.testing.assert_allclose(
        values(model)["penalty"], np.full(6, 2 * kl.sum()), rtol=1e-4
    )


def test_the_contraction_is_the_jacobian_on_average():
    model = make(contraction=1.0)
    codes = np.asarray(model.encode(X))
    kernel = np.asarray(model.encoder.weights[0])
    jacobian = (codes * (1 - codes))[:, None, :] * kernel
    expected = (jacobian**2).sum(axis=(1, 2))
    drawn = [
        np.asarray(model.objective(X, None, True)["penalty"])
        for _ in range(400)
    ]
    error = np.std(drawn, axis=0) / 20
    assert (np.abs(np.mean(drawn, axis=0) - expected) < 5 * error + 1e-6).all()


@keras.saving.register_keras_serializable(package="keras_nn_tests")
class KnowsItsDirection(Autoencoder):
    def direction(self, codes, training):
        return keras.ops.sign(codes - 0.5)


def test_two_replicas_equal_one_with_every_penalty():
    def build():
        model = KnowsItsDirection(**networks(), rate=0.1, contraction=0.5)
        model.compile(keras.optimizers.SGD(0.1, global_clipnorm=0.5))
        return model

    check_replica_step(build, (X[:5],))


def test_a_denoiser_sees_noise_in_training_only():
    noise = keras.layers.GaussianNoise(1.0, name="noise")
    model = make(corruption=noise)
    clean = values(model)["loss"]
    np.testing.assert_array_equal(values(model)["loss"], clean)
    noisy = np.asarray(model.objective(X, None, True)["loss"])
    assert np.abs(noisy - clean).max() > 1e-3
    again = Autoencoder.from_config(model.get_config())
    assert again.corruption.stddev == 1.0


def test_refuses_what_cannot_be():
    with pytest.raises(ValueError, match="must not be negative"):
        make(l1=-1.0)
    with pytest.raises(ValueError, match="`rate` must be between 0 and 1"):
        make(rate=0.0)
