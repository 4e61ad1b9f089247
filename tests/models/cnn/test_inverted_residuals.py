import keras
import numpy as np
import pytest

from keras_nn.models.cnn.inverted_residuals import InvertedResiduals
from keras_nn.models.cnn.inverted_residuals import round_channels


def blocks():
    return InvertedResiduals(0.9, keras.initializers.HeNormal, False, None)


def test_a_silent_block_is_its_shortcut():
    for method, expanded in (("block", 8), ("fused_block", 8)):
        images = keras.Input((4, 4, 3))
        x = getattr(blocks(), method)(images, 3, "b", expanded)
        model = keras.Model(images, x)
        for weight in model.weights:
            if "kernel" in weight.path:
                weight.assign(np.zeros(weight.shape))
        x = np.random.default_rng(0).uniform(size=(2, 4, 4, 3))
        np.testing.assert_allclose(model.predict(x, verbose=0), x, rtol=1e-5)


@pytest.mark.parametrize("method", ["block", "fused_block"])
def test_a_block_that_changes_the_shape_has_no_shortcut(method):
    builder = blocks()
    x = getattr(builder, method)(
        keras.Input((8, 8, 4)), 6, "b", None, strides=2, drop=0.5
    )
    assert x.shape == (None, 4, 4, 6)
    assert builder.stride == 2 and builder.maps[2] is x


def test_a_block_expands_and_weighs_where_it_is_told():
    images = keras.Input((4, 4, 3))
    x = blocks().block(images, 3, "b", 12, squeezed=2, drop=0.1)
    names = [layer.name for layer in keras.Model(images, x).layers[1:]]
    parts = ("expand", "depthwise", "se", "project", "drop", "add")
    assert names == [f"b_{part}" for part in parts]


@pytest.mark.parametrize(
    "channels, rounded", [(1, 8), (11.2, 16), (12, 16), (33.6, 32), (89.6, 88)]
)
def test_channels_are_rounded_to_eights(channels, rounded):
    assert round_channels(channels) == rounded


def test_rounding_down_is_bounded_unless_told():
    assert round_channels(19.2) == 24  # 16 would be less than nine tenths
    assert round_channels(19.2, shrink=0.0) == 16
