import keras
import numpy as np
import pytest

from keras_nn.applications.full_size_map import full_size_map
from keras_nn.models import ResNet


def network(size, strides):
    pictures = keras.Input((size, size, 1))
    layer = keras.layers.Conv2D(2, 3, strides, padding="same")
    return keras.Model(pictures, layer(pictures))


def test_a_coarse_map_becomes_as_large_as_the_picture():
    small = network(8, 4)
    large = keras.Model(small.input, full_size_map(small.output, small))
    assert large(np.ones((1, 8, 8, 1), "float32")).shape == (1, 8, 8, 2)


def test_a_map_of_full_size_stays_as_it_is():
    full = network(8, 1)
    assert full_size_map(full.output, full) is full.output


def test_the_stride_counts_where_sizes_are_unknown():
    coarse = network(None, 2)
    coarse.output_stride = 2
    large = keras.Model(coarse.input, full_size_map(coarse.output, coarse))
    assert large(np.ones((1, 6, 4, 1), "float32")).shape == (1, 6, 4, 2)


def test_refuses_vectors_and_fractions():
    pictures = keras.Input((6, 6, 1))
    flat = keras.layers.Flatten()(pictures)
    with pytest.raises(ValueError, match="must end in one map.*Received"):
        full_size_map(flat, keras.Model(pictures, flat))
    odd = network(7, 2)
    with pytest.raises(ValueError, match="whole fraction.*Received"):
        full_size_map(odd.output, odd)


def test_a_backbone_ends_in_its_coarsest_map():
    backbone = ResNet.from_preset(
        "resnet20", input_shape=(None, None, 3), include_top=False
    )
    large = full_size_map(backbone.output, backbone)
    model = keras.Model(backbone.input, large)
    assert model(np.ones((1, 8, 12, 3), "float32")).shape == (1, 8, 12, 64)
