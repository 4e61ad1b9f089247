import keras
import numpy as np
import pytest

from keras_nn.models import VAE
from keras_nn.models import VQVAE
from keras_nn.models import Autoencoder
from keras_nn.models import DenoisingMLP
from keras_nn.models import DenoisingUNet
from keras_nn.models import DenseDecoder
from keras_nn.models import DenseEncoder
from keras_nn.models import DPMSolverSampler
from keras_nn.models import LatentDiffusion
from keras_nn.models.diffusion.latent_diffusion import _first_pictures
from keras_nn.schedules import CosineNoise
from keras_nn.testing import check_model
from keras_nn.testing.precision import global_policy

X = np.random.default_rng(0).uniform(size=(6, 4, 4, 1)).astype("float32")
SMALL = {"units": 16, "depth": 1, "embedding_units": 8}


def vae(units=2, **kwargs):
    return VAE(
        DenseEncoder((4, 4, 1), output_units=2 * units, units=[16], **kwargs),
        DenseDecoder(units, (4, 4, 1), units=[16], **kwargs),
        **kwargs,
    )


def arguments(**kwargs):
    given = {"schedule": CosineNoise(100), **kwargs}
    return {"autoencoder": vae(), "denoiser": DenoisingMLP((2,), **SMALL)} | (
        given
    )


def test_conformance():
    check_model(
        LatentDiffusion,
        arguments,
        X,
        compile_kwargs={},
        replicas=False,
        half=False,
        epochs=20,
        jit=False,
    )


@pytest.mark.slow
def test_learns_codes_and_draws_pictures(tmp_path):
    """Pictures are of one grey each; so are those that are drawn."""
    keras.utils.set_random_seed(0)
    grey = np.random.default_rng(0).choice([0.2, 0.8], (400, 1, 1, 1))
    x = np.broadcast_to(grey, (400, 4, 4, 1)).astype("float32")
    encoder = DenseEncoder((4, 4, 1), output_units=2, units=[16])
    coder = Autoencoder(encoder, DenseDecoder(2, (4, 4, 1), units=[16]))
    coder.compile(keras.optimizers.Adam(1e-2))
    coder.fit(x, epochs=15, verbose=0)
    model = LatentDiffusion(
        coder, DenoisingMLP((2,), **SMALL), CosineNoise(100)
    )
    before = [weight.numpy() for weight in coder.weights]
    model.compile(keras.optimizers.Adam(1e-2))
    model.fit(x, epochs=25, verbose=0)
    for weight, value in zip(coder.weights, before, strict=True):
        np.testing.assert_array_equal(weight.numpy(), value)
    codes = np.array(model.encoded(x))
    assert codes.std() == pytest.approx(1.0, abs=1e-4)
    drawn = model.generate(64, steps=12, seed=0, sampler=DPMSolverSampler())
    means = drawn.mean(axis=(1, 2, 3))
    near = np.minimum(np.abs(means - 0.2), np.abs(means - 0.8))
    assert drawn.shape == (64, 4, 4, 1) and np.median(near) < 0.12
    assert 0.15 < np.mean(means > 0.5) < 0.85

    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    how = {"steps": 12, "seed": 0, "sampler": DPMSolverSampler()}
    np.testing.assert_allclose(loaded.generate(64, **how), drawn, atol=1e-6)
    # The deviation is kept, and the autoencoder stays as it is.
    assert not loaded.autoencoder.trainable_variables
    assert len(loaded.trainable_variables) == len(
        loaded.denoiser.trainable_variables
    )
    loaded.fit(x[:64], verbose=0)
    for weight, value in zip(loaded.autoencoder.weights, before, strict=True):
        np.testing.assert_array_equal(weight.numpy(), value)
    assert float(loaded.deviation.numpy()) == float(model.deviation.numpy())


@pytest.mark.slow
def test_learns_in_half_precision():
    keras.utils.set_random_seed(0)
    grey = np.random.default_rng(0).choice([0.2, 0.8], (400, 1, 1, 1))
    x = np.broadcast_to(grey, (400, 4, 4, 1)).astype("float32")
    with global_policy("mixed_float16"):
        encoder = DenseEncoder((4, 4, 1), output_units=2, units=[16])
        coder = Autoencoder(encoder, DenseDecoder(2, (4, 4, 1), units=[16]))
        coder.compile(keras.optimizers.Adam(1e-2))
        coder.fit(x, epochs=15, verbose=0)
        denoiser = DenoisingMLP((2,), **SMALL)
        model = LatentDiffusion(coder, denoiser, CosineNoise(100))
        model.compile(keras.optimizers.Adam(1e-2))
    assert denoiser.layers[-1].compute_dtype == "float16"
    model.fit(x, epochs=25, verbose=0)
    means = model.generate(64, steps=12, seed=0).mean(axis=(1, 2, 3))
    near = np.minimum(np.abs(means - 0.2), np.abs(means - 0.8))
    assert np.median(near) < 0.12 and 0.15 < np.mean(means > 0.5) < 0.85


@pytest.mark.slow
def test_codes_may_be_maps_of_a_codebook_and_asked_by_class():
    encoder = keras.Sequential(
        [keras.Input((4, 4, 1)), keras.layers.Conv2D(3, 2, strides=2)]
    )
    decoder = keras.Sequential(
        [keras.Input((2, 2, 3)), keras.layers.Conv2DTranspose(1, 2, 2)]
    )
    coder = VQVAE(encoder, decoder, entries=4)
    network = DenoisingUNet(
        (2, 2, 3), filters=[4], embedding_units=4, num_classes=2
    )
    model = LatentDiffusion(coder, network, CosineNoise(), num_classes=2)
    model.compile("adam")
    model.fit(X, np.arange(6) % 2, verbose=0)
    drawn = model.generate(5, 1, guidance=2.0, steps=2, seed=0)
    # Every part of a picture is one of four.
    parts = drawn.reshape(5, 2, 2, 2, 2).transpose(0, 1, 3, 2, 4)
    assert len(np.unique(parts.reshape(20, 4).round(4), axis=0)) <= 4


def test_measures_data_sets_and_says_when_it_cannot():
    import tensorflow as tf

    model = LatentDiffusion(**arguments())
    model.compile("adam")
    with pytest.raises(ValueError, match="call `adapt.*generator"):
        model.fit(X for _ in range(2))
    with pytest.raises(ValueError, match="codes of 3 pictures with deviation"):
        model.adapt(np.zeros_like(X[:3]) + 0 * X[:1])
    batches = tf.data.Dataset.from_tensor_slices((X, X)).batch(3)
    model.adapt(_first_pictures(batches))
    found = np.std(np.array(model.autoencoder.posterior(X)[0]))
    assert float(model.deviation.numpy()) == pytest.approx(found, rel=1e-4)


def test_refuses_pictures_outside_the_range_of_the_autoencoder():
    model = LatentDiffusion(**arguments())
    model.compile("adam")
    with pytest.raises(ValueError, match="from 0 to 1. Received"):
        model.fit(255 * X, verbose=0)
    assert float(model.deviation.numpy()) == 0  # not measured on these


def test_refuses_what_does_not_fit():
    with pytest.raises(ValueError, match=r"codes of shape \(2,\).*\(3,\)"):
        arguments_of_three = arguments(denoiser=DenoisingMLP((3,), **SMALL))
        LatentDiffusion(**arguments_of_three)
    with pytest.raises(ValueError, match="must not ask for classes"):
        LatentDiffusion(**arguments(autoencoder=vae(num_classes=3)))
    with pytest.raises(ValueError, match="with `encoder` and `decoder`"):
        LatentDiffusion(**arguments(autoencoder=DenoisingMLP((2,), **SMALL)))
