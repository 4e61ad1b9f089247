import numpy as np
import pytest

from keras_nn import data
from keras_nn.applications import SuperResolver
from keras_nn.applications.recipe import resolve_settings
from keras_nn.applications.super_resolver_recipes import NETWORKS
from keras_nn.applications.super_resolver_recipes import RECIPES
from keras_nn.applications.unknown_choice import WrongRequest


def resolved(**settings):
    return resolve_settings(
        SuperResolver.default_settings(),
        SuperResolver.setting_choices(),
        settings,
    )


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_every_recipe_makes_an_application_of_known_settings(recipe):
    settings = resolved(**recipe.settings)
    scale = settings["scale"]
    y = np.zeros((4, 12 * scale, 12 * scale, 3), "uint8")
    split = data.Split(y[:, ::scale, ::scale], y)
    splits = data.Splits(split, split, split)
    app = SuperResolver.from_recipe(recipe, splits, **recipe.fit, **settings)
    assert app.compiled and app.output_shape[-1] == 3
    assert recipe.data is None or recipe.data in data.names()
    assert len(recipe.summary) <= 80
    with pytest.raises(WrongRequest, match=f"Received: scale={5 - scale}"):
        other = {**settings, "scale": 5 - scale}
        SuperResolver.from_recipe(recipe, splits, **recipe.fit, **other)


@pytest.mark.parametrize("name", NETWORKS)
def test_networks_by_name(name):
    for channels in (1, 3):
        network = NETWORKS[name](2, channels)
        assert network.input_shape == (None, None, None, channels)
