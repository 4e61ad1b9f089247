"""Small autoencoders, and a look at them, for the instruments of codes."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest

from keras_nn import models
from keras_nn.testing import read_events

X = np.random.default_rng(0).uniform(size=(12, 4, 4, 1)).astype("float32")
Y = np.arange(12) % 3


def vae(num_classes=None, units=2):
    given = {"units": [8], "num_classes": num_classes}
    model = models.VAE(
        models.DenseEncoder((4, 4, 1), 2 * units, **given),
        models.DenseDecoder(units, (4, 4, 1), **given),
        num_classes=num_classes,
    )
    model.compile(keras.optimizers.Adam(1e-2))
    return model


def plain():
    model = models.Autoencoder(
        models.DenseEncoder((4, 4, 1), 3, units=[8]),
        models.DenseDecoder(3, (4, 4, 1), units=[8]),
    )
    model.compile("adam")
    return model


def maps():
    layer = keras.layers.Conv2D
    model = models.VQVAE(
        keras.Sequential([keras.Input((4, 4, 1)), layer(2, 1)]),
        keras.Sequential([keras.Input((4, 4, 2)), layer(1, 1)]),
        entries=4,
    )
    model.compile("adam")
    return model


def look(instrument, model):
    """What an instrument writes of a model as it is."""
    instrument.set_model(model)
    instrument.on_train_begin()
    instrument.on_epoch_end(0)
    instrument.on_train_end()
    return read_events(instrument.log_dir)["validation"]


@pytest.fixture
def coders():
    """Pictures, labels, makers of autoencoders, and `look`."""
    return SimpleNamespace(x=X, y=Y, vae=vae, plain=plain, maps=maps, look=look)
