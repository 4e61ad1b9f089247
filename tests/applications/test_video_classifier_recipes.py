import numpy as np
import pytest

from keras_nn import data
from keras_nn.applications import VideoClassifier
from keras_nn.applications.recipe import resolve_settings
from keras_nn.applications.unknown_choice import WrongRequest
from keras_nn.applications.video_classifier_recipes import NETWORKS
from keras_nn.applications.video_classifier_recipes import RECIPES
from keras_nn.applications.video_classifier_recipes import network


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_every_recipe_makes_an_application_of_known_settings(recipe):
    settings = resolve_settings(
        VideoClassifier.default_settings(),
        VideoClassifier.setting_choices(),
        recipe.settings,
        {} if recipe.data else {"network": "small_r2plus1d"},
    )
    shape = (8, 24, 24, 1) if recipe.data else (4, 32, 32, 3)
    split = data.Split(np.zeros((4, *shape), "uint8"), np.arange(4) % 2)
    splits = data.Splits(split, split, split, class_names=("a", "b"))
    app = VideoClassifier.from_recipe(recipe, splits, **recipe.fit, **settings)
    assert app.compiled and app.output_shape == (None, 2)
    assert recipe.data is None or recipe.data in data.names()
    assert (
        settings["network"] in ("auto", *NETWORKS) and len(recipe.summary) <= 80
    )


def test_weights_that_are_not_there_are_refused():
    with pytest.raises(WrongRequest, match="no.weights.h5"):
        settings = {"network": "conv_lstm", "weights": "no.weights.h5"}
        network(settings, (4, 8, 8, 1))
