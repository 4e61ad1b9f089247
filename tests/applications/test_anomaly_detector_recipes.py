import numpy as np
import pytest

from keras_nn import data
from keras_nn.applications import AnomalyDetector
from keras_nn.applications import WrongRequest
from keras_nn.applications.anomaly_detector_recipes import RECIPES
from keras_nn.applications.recipe import resolve_settings


def made(recipe, **overrides):
    settings = resolve_settings(
        AnomalyDetector.default_settings(),
        AnomalyDetector.setting_choices(),
        recipe.settings,
        overrides,
    )
    shape = (8, 8, 1) if recipe.data == "digits" else (6,)
    split = data.Split(np.zeros((4, *shape), "float32"), np.arange(4) % 2)
    names = ("0", "1") if recipe.data == "digits" else ("malignant", "benign")
    splits = data.Splits(split, split, split, class_names=names)
    return AnomalyDetector.from_recipe(recipe, splits, **recipe.fit, **settings)


def test_every_recipe_makes_an_application_of_known_settings():
    for recipe in RECIPES:
        app = made(recipe)
        assert app.compiled and app.anomalous == [0] * bool(recipe.data)
        assert recipe.data is None or recipe.data in data.names()
        assert len(recipe.summary) <= 80


def test_refuses_an_anomaly_that_is_no_class():
    with pytest.raises(WrongRequest, match="`anomalous` must name classes"):
        made(RECIPES[0], anomalous="7")
