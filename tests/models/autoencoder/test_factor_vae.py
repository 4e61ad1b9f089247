import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_nn.models import VAE
from keras_nn.models import DenseDecoder
from keras_nn.models import DenseEncoder
from keras_nn.models import FactorVAE
from keras_nn.testing.arguments import check_arguments
from keras_nn.testing.replica_step import check_replica_step

RNG = np.random.default_rng(0)
X = RNG.uniform(size=(6, 2, 2, 1)).astype("float32")


@keras.saving.register_keras_serializable(package="keras_nn_tests")
class FactorTestVAE(VAE):
    """Takes the noise of an example from the example."""

    def code_noise(self, pictures, training):
        return tf.sin(9 * tf.reshape(pictures, (1, -1, 4))[:, :, :2])


@keras.saving.register_keras_serializable(package="keras_nn_tests")
class FactorTestModel(FactorVAE):
    """Exchanges units in a way that no replica knows better."""

    def exchanged(self, codes, training):
        return codes * tf.constant([1.0, -1.0])


def arguments(vae=VAE, **kwargs):
    encoder = DenseEncoder((2, 2, 1), 4, [8])
    return {
        "vae": vae(encoder, DenseDecoder(2, (2, 2, 1), [8])),
        "discriminator": DenseEncoder((2,), 1, [16], "leaky_relu"),
        **kwargs,
    }


def make(
    cls=FactorVAE, optimizer=lambda: keras.optimizers.Adam(1e-2), **kwargs
):
    model = cls(**arguments(**kwargs))
    model.compile({player: optimizer() for player in model.players})
    return model


def test_arguments_are_kept():
    check_arguments(FactorVAE, FactorVAE(**arguments()), arguments())


def test_the_losses_are_those_of_the_paper():
    model = make(weight=3.0)
    mean, log_variance = map(np.asarray, model.vae.posterior(X))
    noise = np.asarray(model.vae.code_noise(X, False))[0]
    codes = mean + np.exp(log_variance / 2) * noise
    ratio = np.asarray(model.discriminator(codes))
    bound = model.vae
    bound.compile("sgd")
    bound = bound.evaluate(X, verbose=0)[0]
    found = float(model.player_loss("autoencoder", X, None, None, False))
    assert found == pytest.approx(bound + 3 * ratio.mean(), rel=1e-4)
    other = np.asarray(model.discriminator(model.exchanged(codes, False)))
    said = 1 / (1 + np.exp(-ratio)), 1 / (1 + np.exp(-other))
    expected = -0.5 * (np.log(said[0]) + np.log(1 - said[1])).mean()
    found = float(model.player_loss("discriminator", X, None, None, False))
    assert found == pytest.approx(expected, rel=1e-4)


def test_exchanged_codes_keep_each_unit_and_lose_what_joins_them():
    model = make()
    first = RNG.normal(size=(5000, 1)).astype("float32")
    codes = np.concatenate([first, first], axis=1)
    found = np.asarray(model.exchanged(codes, training=True))
    np.testing.assert_array_equal(np.sort(found, 0), np.sort(codes, 0))
    assert abs(np.corrcoef(found.T)[0, 1]) < 0.05


@pytest.mark.slow
def test_the_discriminator_finds_the_total_correlation():
    """Of two Gaussian units with correlation r it is -log(1 - r^2) / 2."""
    keras.utils.set_random_seed(0)
    model = make()
    correlation = 0.8
    codes = RNG.multivariate_normal(
        [0, 0], [[1, correlation], [correlation, 1]], 20_000
    ).astype("float32")
    exchanged = np.asarray(model.exchanged(codes, True))
    judge = model.discriminator
    judge.compile(
        keras.optimizers.Adam(1e-2),
        keras.losses.BinaryCrossentropy(from_logits=True),
    )
    x = np.concatenate([codes, exchanged])
    y = np.repeat([1.0, 0.0], len(codes))[:, None]
    judge.fit(x, y, batch_size=500, epochs=8, verbose=0)
    found = judge.predict(codes, verbose=0).mean()
    assert found == pytest.approx(-np.log(1 - correlation**2) / 2, abs=0.08)


def test_two_replicas_equal_one_for_both_players():
    def build():
        return make(
            FactorTestModel,
            lambda: keras.optimizers.SGD(0.1, global_clipnorm=1.0),
            vae=FactorTestVAE,
        )

    check_replica_step(build, (X[:5],))


@pytest.mark.slow
def test_learns_in_half_precision_and_is_saved_with_both_optimisers(tmp_path):
    keras.config.set_dtype_policy("mixed_float16")
    try:
        model = make(weight=0.1)
    finally:
        keras.config.set_dtype_policy("float32")
    before = model.evaluate(X, verbose=0, return_dict=True)
    logs = model.fit(X, epochs=20, verbose=0).history
    assert {"total_correlation", "discriminator_loss"} <= set(logs)
    after = model.evaluate(X, verbose=0, return_dict=True)
    assert after["autoencoder_loss"] < before["autoencoder_loss"]
    model.save(tmp_path / "a.keras")
    loaded = keras.saving.load_model(tmp_path / "a.keras")
    np.testing.assert_array_equal(
        loaded.generate(3, seed=1), model.generate(3, seed=1)
    )
    for mine, its in zip(
        model.all_optimizers, loaded.all_optimizers, strict=True
    ):
        for left, right in zip(mine.variables, its.variables, strict=True):
            np.testing.assert_array_equal(left.numpy(), right.numpy())
    loaded.fit(X, verbose=0)


def test_refuses_what_it_cannot_be():
    with pytest.raises(ValueError, match="`weight` must not be negative"):
        make(weight=-1.0)
    with pytest.raises(ValueError, match=r"must take \(2,\) and say \(1,\)"):
        FactorVAE(**{**arguments(), "discriminator": DenseEncoder((3,), 1)})
    encoder, decoder = (
        DenseEncoder((4,), 4, [4]),
        DenseDecoder(2, (4,), [4]),
    )
    slow = VAE(encoder, decoder, warmup_steps=3)
    with pytest.raises(ValueError, match="warmup_steps=3"):
        FactorVAE(slow, DenseEncoder((2,), 1))
    with pytest.raises(ValueError, match="Received: sample_weight"):
        make().player_loss("autoencoder", X, None, np.ones(6), True)
