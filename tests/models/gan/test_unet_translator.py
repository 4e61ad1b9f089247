import keras
import numpy as np
import pytest

from keras_nn.models import UNetTranslator
from keras_nn.testing import check_model

X = np.random.default_rng(0).uniform(-1, 1, (3, 8, 8, 2)).astype("float32")
SMALL = {
    "input_shape": (8, 8, 2),
    "filters": [4, 6, 4],
    "dropout": 0.0,
    "noise": False,
    "normalization": "instance",
}


def test_conformance():
    # Batch statistics and dropout are those of layers with tests of theirs.
    check_model(UNetTranslator, SMALL, X, (3, 8, 8, 3), jit=False)


def test_has_the_published_number_of_weights():
    model = UNetTranslator.from_preset("pix2pix_256")
    trainable = sum(np.prod(w.shape) for w in model.trainable_weights)
    assert trainable == 54_413_955  # 54.414 M
    assert model.get_layer("down_7").output.shape[1:3] == (1, 1)
    dropped = [x.name for x in model.layers if x.name.endswith("dropout")]
    assert dropped == ["up_7_dropout", "up_6_dropout", "up_5_dropout"]


def test_bridges_carry_every_size():
    model = UNetTranslator(**SMALL)
    bridged = {
        layer.name: [x.shape[-1] for x in layer.input]
        for layer in model.layers
        if isinstance(layer, keras.layers.Concatenate)
    }
    assert bridged == {"up_2_bridge": [6, 6], "up_1_bridge": [4, 4]}


def test_noise_makes_each_picture_another():
    model = UNetTranslator(**{**SMALL, "dropout": 0.5, "noise": True})
    assert np.abs(model(X) - model(X)).max() > 0
    quiet = UNetTranslator(**{**SMALL, "dropout": 0.5})
    np.testing.assert_array_equal(quiet(X), quiet(X))


def test_refuses_a_size_that_it_cannot_halve():
    with pytest.raises(ValueError, match="must be divisible by 8"):
        UNetTranslator(**{**SMALL, "input_shape": (12, 8, 1)})
