import keras
import numpy as np
import pytest

from keras_nn.models import VAE
from keras_nn.models import ConvDecoder
from keras_nn.models import ConvEncoder
from keras_nn.testing import check_model

X = np.random.default_rng(0).normal(size=(5, 3)).astype("float32")


@pytest.mark.slow
def test_conformance():
    arguments = {"code_units": 3, "output_shape": (4, 8, 1), "filters": [4]}
    arguments["units"] = [4]
    check_model(ConvDecoder, arguments, X, (5, 4, 8, 1), jit=False)


def test_each_convolution_doubles_the_map():
    model = ConvDecoder(2, (64, 48, 3), [32, 16, 8], [9])
    shapes = [
        layer.output.shape[1:]
        for layer in model.layers
        if layer.name.startswith(("first_map", "double", "pictures"))
    ]
    expected = [(8, 6, 32), (16, 12, 16), (32, 24, 8), (64, 48, 3)]
    assert shapes == expected


def test_is_told_the_class():
    model = ConvDecoder(3, (4, 4, 1), [4], [4], num_classes=2)
    zero, one = (
        model({"codes": X, "labels": np.full(5, label)}) for label in (0, 1)
    )
    assert np.abs(zero - one).max() > 1e-4


@pytest.mark.slow
def test_a_vae_of_both_learns_bars_and_draws_them():
    keras.utils.set_random_seed(0)
    at = np.random.default_rng(0).integers(0, 8, 400)
    x = np.zeros((400, 8, 8, 1), "float32")
    x[np.arange(400), at] = 1
    encoder = ConvEncoder((8, 8, 1), 8, [8, 16], [32])
    model = VAE(encoder, ConvDecoder(4, (8, 8, 1), [16, 8], [32]))
    model.compile(keras.optimizers.Adam(3e-3))
    loss = model.fit(x, epochs=30, verbose=0).history["loss"]
    assert loss[-1] < 0.3 * loss[0]
    drawn = model.generate(40, seed=0)[..., 0]
    spread = drawn.std(axis=2).mean()  # along a bar
    assert spread < 0.5 * drawn.std(axis=1).mean()  # across it


def test_refuses_what_cannot_be_doubled_to_and_no_width():
    with pytest.raises(ValueError, match=r"here 4.*Received.*\(6, 8, 1\)"):
        ConvDecoder(3, (6, 8, 1), [8, 4])
    with pytest.raises(ValueError, match="must be positive.*Received"):
        ConvDecoder(3, (4, 4, 1), units=[0])
