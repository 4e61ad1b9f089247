import numpy as np

from keras_nn import data
from keras_nn.applications import ImageGenerator
from keras_nn.applications.image_generator_recipes import RECIPES
from keras_nn.applications.recipe import resolve_settings


def test_every_recipe_makes_an_application_of_known_settings():
    for recipe in RECIPES:
        settings = resolve_settings(
            ImageGenerator.default_settings(),
            ImageGenerator.setting_choices(),
            recipe.settings,
        )
        split = data.Split(np.zeros((4, 8, 8, 1), "uint8"), np.arange(4))
        splits = data.Splits(split, split, split, class_names=tuple("abcd"))
        app = ImageGenerator.from_recipe(
            recipe, splits, **recipe.fit, **settings
        )
        assert app.compiled and app.optimizer.use_ema
        assert app.class_names == list("abcd")
        assert app.generator.picture_shape == (8, 8, 1)
        assert recipe.data in data.names()
        assert len(recipe.summary) <= 80
