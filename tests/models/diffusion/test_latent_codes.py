import keras
import numpy as np
import pytest

from keras_nn.models import VAE
from keras_nn.models import VQVAE
from keras_nn.models import Autoencoder
from keras_nn.models import DenseDecoder
from keras_nn.models import DenseEncoder
from keras_nn.models.diffusion.latent_codes import check_autoencoder
from keras_nn.models.diffusion.latent_codes import codes_of
from keras_nn.models.diffusion.latent_codes import pictures_of

X = np.random.default_rng(0).uniform(size=(3, 4, 4, 1)).astype("float32")


def test_what_an_autoencoder_makes_of_pictures_is_what_both_halves_make():
    decoder = DenseDecoder(2, (4, 4, 1), units=[8])
    vae = VAE(DenseEncoder((4, 4, 1), 4, units=[8]), decoder)
    plain = Autoencoder(DenseEncoder((4, 4, 1), 2, units=[8]), decoder)
    maps = VQVAE(
        keras.Sequential([keras.Input((4, 4, 1)), keras.layers.Conv2D(2, 1)]),
        keras.Sequential([keras.Input((4, 4, 2)), keras.layers.Conv2D(1, 1)]),
        entries=4,
    )
    for model in (vae, plain, maps):
        check_autoencoder(model)
        found = pictures_of(model, codes_of(model, X))
        np.testing.assert_allclose(found, model(X), atol=1e-6)


def test_refuses_what_has_no_halves():
    with pytest.raises(ValueError, match="with `encoder` and `decoder`"):
        check_autoencoder(DenseEncoder((4, 4, 1), 4, units=[8]))
