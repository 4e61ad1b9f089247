import numpy as np
import pytest

from keras_nn import data
from keras_nn.applications import ImageClassifier
from keras_nn.applications.image_classifier_recipes import RECIPES
from keras_nn.applications.recipe import resolve_settings

SHAPES = {
    "digits": (8, 8, 1),
    "mnist": (28, 28, 1),
    "cifar10": (32, 32, 3),
    None: (64, 64, 3),
}


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_every_recipe_makes_an_application_of_known_settings(recipe):
    settings = resolve_settings(
        ImageClassifier.default_settings(),
        ImageClassifier.setting_choices(),
        recipe.settings,
        {"weights": None},  # nothing is fetched here
    )
    shape = SHAPES[recipe.data]
    split = data.Split(np.zeros((4, *shape), "uint8"), np.arange(4))
    splits = data.Splits(split, split, split, class_names=tuple("abcd"))
    app = ImageClassifier.from_recipe(recipe, splits, **recipe.fit, **settings)
    assert app.compiled
    assert app.input_shape == (None, *shape)
    assert app.output_shape == (None, 4)
    assert app.class_names == list("abcd")
    assert recipe.data is None or recipe.data in data.names()
    assert len(recipe.summary) <= 80


def test_a_setting_names_another_network():
    settings = resolve_settings(
        ImageClassifier.default_settings(),
        ImageClassifier.setting_choices(),
        {"backbone": "mobilenet_v3_small"},
    )
    split = data.Split(np.zeros((4, 32, 32, 3), "uint8"), np.arange(4))
    splits = data.Splits(split, split, split, class_names=tuple("abcd"))
    (recipe, *_) = RECIPES
    app = ImageClassifier.from_recipe(recipe, splits, **recipe.fit, **settings)
    assert app.backbone.name == "mobilenet_v3_small"
    assert app.preprocessing is None  # it has its own


def test_the_published_configurations_are_those_of_the_papers():
    recipes = {recipe.name: recipe for recipe in RECIPES}
    lenet = recipes["mnist-lenet5"].network((28, 28, 1))
    # C1, S2, C3, S4, C5, F6 of LeCun et al., 1998
    assert lenet.count_params() == 156 + 12 + 1516 + 32 + 48120 + 10164
    resnet = recipes["cifar10-resnet20"]
    assert resnet.network((32, 32, 3)).count_params() + 650 == pytest.approx(
        0.27e6, rel=0.02
    )
    steps = resnet.fit["epochs"] * -(-45_000 // resnet.fit["batch_size"])
    assert steps == pytest.approx(64_000, rel=0.01)
