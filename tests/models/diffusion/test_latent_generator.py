import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.models import VAE
from keras_nn.models import VQVAE
from keras_nn.models import DenoisingMLP
from keras_nn.models import DenoisingUNet
from keras_nn.models import DenseDecoder
from keras_nn.models import DenseEncoder
from keras_nn.models import LatentDiffusion
from keras_nn.models import LatentGenerator
from keras_nn.schedules import CosineNoise
from keras_nn.testing import check_model
from keras_nn.testing.replica_step import check_replica_step
from keras_nn.testing.replica_step import train_step

X = np.random.default_rng(0).uniform(size=(6, 4, 4, 1)).astype("float32")
SMALL = {"units": 16, "depth": 1, "embedding_units": 8}


def vae(**kwargs):
    encoder = DenseEncoder((4, 4, 1), output_units=4, units=[16])
    return VAE(encoder, DenseDecoder(2, (4, 4, 1), units=[16]), **kwargs)


def arguments(num_classes=None, autoencoder=None):
    network = DenoisingMLP((2,), num_classes=num_classes, **SMALL)
    return {
        "diffusion": LatentDiffusion(
            autoencoder or vae(),
            network,
            CosineNoise(100),
            num_classes=num_classes,
            name="diffusion",
        )
    }


@pytest.mark.slow
def test_conformance():
    def with_frozen_denoiser():  # which no call reaches, but the loss
        given = arguments()
        given["diffusion"].denoiser.trainable = False
        return given

    check_model(LatentGenerator, with_frozen_denoiser, X, fit=False, jit=False)


def test_a_step_teaches_both_and_follows_the_deviation_of_codes():
    model = LatentGenerator(**arguments(num_classes=2))
    model.compile(keras.optimizers.SGD(0.1))
    autoencoder = model.diffusion.autoencoder
    codes = np.asarray(autoencoder.posterior(X)[0])
    parts = autoencoder, model.diffusion.denoiser
    before = [part.get_weights() for part in parts]
    train_step(model, (X, np.arange(6) % 2))
    assert float(model.diffusion.deviation.numpy()) == pytest.approx(
        codes.std(), rel=1e-4
    )
    for part, old in zip(parts, before, strict=True):
        new = part.get_weights()
        assert max(np.abs(a - b).max() for a, b in zip(new, old, strict=True))
    logs = model.evaluate(X, np.zeros(6), verbose=0, return_dict=True)
    assert logs["loss"] == pytest.approx(
        logs["reconstruction"] + logs["kl"] + logs["denoising"], rel=1e-5
    )


@keras.saving.register_keras_serializable(package="keras_nn_tests")
class KnowsItsCodeNoise(VAE):
    """Draws no noise, so that a step is not random."""

    def code_noise(self, pictures, training):
        return 0 * super().code_noise(pictures, False)


@keras.saving.register_keras_serializable(package="keras_nn_tests")
class KnowsItsNoise(LatentDiffusion):
    """Takes the noise of a code from the code."""

    def noised(self, pictures, labels=None, training=True):
        codes = self.encoded(pictures)
        index = ops.cast(50 + 10 * ops.tanh(codes[:, 0]), "int32")
        noisy, times, target, weight = self.levels.noised(
            codes, ops.sin(9 * codes), index
        )
        return {"noisy": noisy, "times": times}, target, weight


@pytest.mark.slow
def test_two_replicas_equal_one():
    def build():
        encoder = DenseEncoder((4, 4, 1), output_units=4, units=[16])
        decoder = DenseDecoder(2, (4, 4, 1), units=[16])
        network = DenoisingMLP((2,), **SMALL)
        coder = KnowsItsCodeNoise(encoder, decoder)
        model = LatentGenerator(
            KnowsItsNoise(coder, network, CosineNoise(100), "x0")
        )
        model.compile(keras.optimizers.SGD(0.1, global_clipnorm=1.0))
        return model

    check_replica_step(build, (X[:5],))


@pytest.mark.slow
def test_learns_greys_by_class_and_a_file_keeps_them(tmp_path):
    keras.utils.set_random_seed(0)
    labels = np.arange(400) % 2
    x = (
        np.ones((400, 4, 4, 1))
        * np.where(labels, 0.8, 0.2)[:, None, None, None]
    )
    model = LatentGenerator(**arguments(num_classes=2))
    model.compile(keras.optimizers.Adam(1e-2))
    model.fit(x, labels, epochs=40, verbose=0)
    asked = np.arange(40) % 2
    drawn = model.generate(40, asked, steps=12, seed=0)
    means = drawn.mean(axis=(1, 2, 3))
    assert np.abs(means - np.where(asked, 0.8, 0.2)).mean() < 0.15
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    again = loaded.generate(40, asked, steps=12, seed=0)
    np.testing.assert_allclose(again, drawn, atol=1e-5)
    count = len(model.trainable_variables)
    assert len(loaded.trainable_variables) == count


@pytest.mark.slow
def test_codes_may_be_maps_of_a_codebook():
    encoder = keras.Sequential(
        [keras.Input((4, 4, 1)), keras.layers.Conv2D(3, 2, strides=2)]
    )
    decoder = keras.Sequential(
        [keras.Input((2, 2, 3)), keras.layers.Conv2DTranspose(1, 2, 2)]
    )
    network = DenoisingUNet((2, 2, 3), filters=[4], embedding_units=4)
    diffusion = LatentDiffusion(
        VQVAE(encoder, decoder, entries=4), network, CosineNoise()
    )
    model = LatentGenerator(diffusion)
    codebook = model.diffusion.autoencoder.quantizer.codebook
    assert not any(v is codebook for v in model.trainable_variables)
    model.compile("adam")
    logs = model.fit(X, verbose=0).history
    assert {"codebook_use", "denoising"} <= set(logs)
    assert np.isfinite(model.generate(2, steps=2, seed=0)).all()


def test_refuses_what_does_not_fit():
    with pytest.raises(ValueError, match="an autoencoder with warmup_steps=5"):
        LatentGenerator(**arguments(autoencoder=vae(warmup_steps=5)))
    model = LatentGenerator(**arguments())
    model.compile("adam")
    with pytest.raises(ValueError, match="from 0 to 1. Received"):
        model.fit(X + 1, verbose=0)
