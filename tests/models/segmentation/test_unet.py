import keras
import numpy as np
import pytest

from keras_nn.models import UNet
from keras_nn.testing import check_model

SMALL = {"input_shape": (8, 8, 1), "filters": [4, 6], "classes": 3}


def test_conformance():
    arguments = {**SMALL, "classifier_activation": None}
    check_model(UNet, arguments, (3, 8, 8, 1), (3, 8, 8, 3), jit=False)


def test_has_the_parameters_of_the_paper():
    def convolution(size, before, after):
        return size * size * before * after + after

    filters, expected, before = [64, 128, 256, 512, 1024], 0, 1
    for width in filters:
        expected += convolution(3, before, width) + convolution(3, width, width)
        before = width
    for width in reversed(filters[:-1]):
        expected += convolution(2, 2 * width, width)
        expected += convolution(3, 2 * width, width)
        expected += convolution(3, width, width)
    expected += convolution(1, 64, 2)
    assert UNet().count_params() == expected == 31_030_658


@pytest.mark.parametrize("upsampling", ["transpose", "bilinear"])
def test_takes_pictures_of_any_size_that_can_be_halved(upsampling):
    model = UNet(filters=[2, 3, 4], batch_norm=True, upsampling=upsampling)
    assert model.stride == 4
    for shape in ((1, 8, 12, 1), (2, 4, 4, 1)):
        shares = model(np.ones(shape, "float32"))
        assert shares.shape == (*shape[:3], 2)
        np.testing.assert_allclose(keras.ops.sum(shares, -1), 1, rtol=1e-5)


def test_without_the_top_it_ends_in_features():
    model = UNet(False, input_shape=(8, 8, 3), filters=[5, 6])
    assert model.output_shape == (None, 8, 8, 5)


def test_a_bridge_carries_every_pixel():
    model = UNet(**SMALL)
    x = np.random.default_rng(0).normal(size=(1, 8, 8, 1)).astype("float32")
    kernel, bias = model.get_layer("up_0_double").get_weights()
    model.get_layer("up_0_double").set_weights([0 * kernel, bias])
    moved = x.copy()
    moved[0, 7, 7] += 1
    difference = np.abs(model(moved) - model(x)).sum(-1)[0]
    # Four 3x3 convolutions at the full size reach four pixels and no farther.
    assert difference[7, 7] > 0 and difference[:3].max() == 0


@pytest.mark.parametrize("batch_norm", [False, True])
def test_a_stem_makes_the_map_smaller_and_scores_are_scaled_up(batch_norm):
    arguments = {"filters": [2, 3], "batch_norm": batch_norm}
    model = UNet(stem_stride=2, **arguments)
    assert model.stride == 4 and model.output_stride == 1
    x = np.random.default_rng(0).normal(size=(1, 8, 12, 1)).astype("float32")
    scores = model(x)
    assert scores.shape == (1, 8, 12, 2)
    # All but the stem is the network of a picture half as large.
    inner = UNet(False, input_shape=(None, None, 2), **arguments)
    stem = model.get_layer("stem")
    for layer in inner.layers[1:]:
        layer.set_weights(model.get_layer(layer.name).get_weights())
    features = inner(stem(x))
    assert features.shape == (1, 4, 6, 2)
    large = keras.layers.UpSampling2D(interpolation="bilinear")(features)
    expected = model.get_layer("predictions")(large)
    np.testing.assert_allclose(scores, expected, rtol=1e-4, atol=1e-5)

    without = UNet(False, stem_stride=2, **arguments)
    assert without(x).shape == (1, 4, 6, 2) and without.output_stride == 2
    clone = UNet.from_config(without.get_config())
    assert clone.stem_stride == 2
    with pytest.raises(ValueError, match="multiples of 4"):
        UNet(input_shape=(6, 8, 1), stem_stride=2, **arguments)
    with pytest.raises(ValueError, match="Received: stem_stride=0"):
        UNet(stem_stride=0)


def test_rejects_sizes_and_upsamplings_that_cannot_be():
    with pytest.raises(ValueError, match="multiples of 4"):
        UNet(input_shape=(10, 8, 1), filters=[2, 3, 4])
    with pytest.raises(ValueError, match="`upsampling` must be one of"):
        UNet(upsampling="nearest")
