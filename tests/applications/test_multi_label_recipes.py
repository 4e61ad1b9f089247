import numpy as np
import pytest

from keras_nn import data
from keras_nn import losses
from keras_nn.applications import MultiLabelImageClassifier
from keras_nn.applications.multi_label_recipes import RECIPES
from keras_nn.applications.recipe import resolve_settings

Y = np.eye(4, 3, dtype="float32")


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_every_recipe_makes_an_application(recipe):
    settings = resolve_settings(
        MultiLabelImageClassifier.default_settings(),
        MultiLabelImageClassifier.setting_choices(),
        recipe.settings,
        {"weights": None},
    )
    split = data.Split(np.zeros((4, 64, 64, 3), "uint8"), Y)
    splits = data.Splits(split, split, split, class_names=tuple("abc"))
    app = MultiLabelImageClassifier.from_recipe(
        recipe, splits, **recipe.fit, **settings
    )
    assert app.output_shape == (None, 3) and app.compiled
    asymmetric = isinstance(app.loss, losses.AsymmetricLoss)
    assert asymmetric == (settings["loss"] == "asymmetric")
    names = {type(i).__name__ for i in app.inspectors("nowhere", split)}
    assert {"LabelPictures", "PrecisionRecallCurves"} <= names
    assert len(recipe.summary) <= 80
