from keras_nn import data
from keras_nn.applications import AssociativeMemory
from keras_nn.applications.associative_memory_recipes import RECIPES
from keras_nn.applications.recipe import resolve_settings


def test_every_recipe_makes_an_application_of_known_settings():
    for recipe in RECIPES:
        settings = resolve_settings(
            AssociativeMemory.default_settings(), {}, recipe.settings
        )
        splits = data.load("digit-patterns")
        app = AssociativeMemory.from_recipe(
            recipe, splits, **recipe.fit, **settings
        )
        assert app.compiled and app.memory.noise == 0.1
        assert recipe.data is None or recipe.data in data.names()
        assert len(recipe.summary) <= 80
