import numpy as np

from keras_nn import data
from keras_nn.applications import FeatureLearner
from keras_nn.applications.feature_learner_recipes import RECIPES
from keras_nn.applications.feature_learner_recipes import dbn
from keras_nn.applications.recipe import resolve_settings


def test_every_recipe_makes_an_application_of_known_settings():
    for recipe in RECIPES:
        settings = resolve_settings(
            FeatureLearner.default_settings(),
            FeatureLearner.setting_choices(),
            recipe.settings,
        )
        split = data.Split(np.zeros((4, 8, 8, 1), "uint8"), np.arange(4) % 2)
        splits = data.Splits(split, split, split, class_names=("a", "b"))
        app = FeatureLearner.from_recipe(
            recipe, splits, **recipe.fit, **settings
        )
        assert app.compiled and app.num_classes == 2
        assert recipe.data is None or recipe.data in data.names()
        assert len(recipe.summary) <= 80


def test_layers_of_a_stack_share_the_steps():
    stack = dbn(4, 3)((2, 2, 1), 100)
    assert stack.layer_steps == 50
    assert [rbm.hidden_units for rbm in stack.rbms] == [4, 3]
