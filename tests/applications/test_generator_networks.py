import pytest

from keras_nn.applications import generator_networks as networks
from keras_nn.applications.image_generator_recipes import RECIPES


def test_recipes_without_classes_make_models_of_the_size_they_are_for():
    shapes = {"mnist": (28, 28, 1), "digits": (8, 8, 1), None: (64, 64, 3)}
    for recipe in RECIPES:
        network = recipe.network(shapes[recipe.data], None)
        assert network.picture_shape == shapes[recipe.data]
        assert network.num_classes is None


def test_a_dense_vae_is_as_wide_as_it_is_told():
    vae = networks.dense_vae([7, 5], "tanh", 3)((4, 4, 1), 2)
    assert vae.encoder.units == vae.decoder.units == [7, 5]
    assert vae.code_units == 3 and vae.num_classes == 2


def test_pictures_that_cannot_be_halved_are_refused():
    with pytest.raises(ValueError, match="divisible by 2.*here 8"):
        networks.conv_vae((36, 40, 3), None)
