import numpy as np

from keras_nn import data
from keras_nn.applications import DensityEstimator
from keras_nn.applications.density_estimator_recipes import RECIPES
from keras_nn.applications.density_estimator_recipes import flow
from keras_nn.applications.recipe import resolve_settings


def test_every_recipe_makes_an_application_of_known_settings():
    for recipe in RECIPES:
        settings = resolve_settings(
            DensityEstimator.default_settings(),
            DensityEstimator.setting_choices(),
            recipe.settings,
        )
        split = data.Split(np.zeros((4, 2), "float32"), np.arange(4) % 2)
        splits = data.Splits(split, split, split, class_names=("a", "b"))
        app = DensityEstimator.from_recipe(
            recipe, splits, **recipe.fit, **settings
        )
        told = 2 if settings["conditional"] else None
        assert app.compiled and app.flow.num_classes == told
        assert recipe.data is None or recipe.data in data.names()
        assert len(recipe.summary) <= 80


def test_a_flow_takes_the_shape_of_the_data():
    assert flow("maf", depth=1, units=(4,))((3,), 5).num_classes == 5
