import numpy as np
import pytest

from keras_nn import data
from keras_nn.applications import ImageSegmenter
from keras_nn.applications.image_segmenter_recipes import LOSSES
from keras_nn.applications.image_segmenter_recipes import RECIPES
from keras_nn.applications.image_segmenter_recipes import augmentation
from keras_nn.applications.image_segmenter_recipes import class_weights
from keras_nn.applications.image_segmenter_recipes import loss
from keras_nn.applications.recipe import resolve_settings
from keras_nn.applications.unknown_choice import WrongRequest

SHAPES = {"shapes": (64, 64, 3), "isbi2012": (512, 512, 1), None: (128, 64, 3)}


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_every_recipe_makes_an_application_of_known_settings(recipe):
    settings = resolve_settings(
        ImageSegmenter.default_settings(),
        ImageSegmenter.setting_choices(),
        recipe.settings,
        {"weights": None},  # which are not at hand
    )
    height, width, channels = SHAPES[recipe.data]
    x = np.zeros((4, height, width, channels), "uint8")
    split = data.Split(x, x[..., 0])
    splits = data.Splits(split, split, split, class_names=tuple("abc"))
    app = ImageSegmenter.from_recipe(recipe, splits, **recipe.fit, **settings)
    assert app.compiled
    size = (None, None) if settings["crop"] else (height, width)
    assert app.input_shape == (None, *size, channels)
    assert app.output_shape == (None, *size, 3)
    assert recipe.data is None or recipe.data in data.names()
    assert len(recipe.summary) <= 80


def test_augmentation_is_what_the_settings_say():
    settings = ImageSegmenter.default_settings()
    assert augmentation(settings) is None
    layer = augmentation({**settings, "crop": 32, "turn": True})
    assert layer.crop_size == (32, 32) and layer.flip and layer.turn


def test_balanced_weights_are_those_of_the_training_masks():
    masks = np.array([[[0, 0, 0], [2, 2, 255]]], "uint8")
    split = data.Split(np.zeros((1, 2, 3, 1), "uint8"), masks)
    splits = data.Splits(split, None, None, class_names=("a", "b", "c"))
    found = class_weights({"class_weights": "balanced"}, splits, 255)
    np.testing.assert_allclose(found, [5 / 6, 1, 5 / 4])
    assert class_weights({"class_weights": None}, splits, 255) is None
    with pytest.raises(WrongRequest, match="list of 3 numbers.*'most'"):
        class_weights({"class_weights": "most"}, splits, 255)


def test_settings_choose_the_loss():
    names = {
        name: type(loss({"loss": name}, [1.0, 2.0], 255)).__name__
        for name in LOSSES
    }
    assert names == {
        "crossentropy_dice": "str",
        "tversky": "TverskyLoss",
        "focal_tversky": "FocalTverskyLoss",
        "jaccard": "JaccardLoss",
        "matthews": "MatthewsLoss",
        "lovasz": "LovaszSoftmax",
    }
    assert loss({"loss": "tversky"}, [1.0, 2.0], 7).class_weights == [1.0, 2.0]
