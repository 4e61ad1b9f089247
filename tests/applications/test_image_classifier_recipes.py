import keras
import numpy as np
import pytest

from keras_nn import data
from keras_nn.applications import ImageClassifier
from keras_nn.applications.image_classifier_recipes import AUGMENTATIONS
from keras_nn.applications.image_classifier_recipes import RECIPES
from keras_nn.applications.image_classifier_recipes import augmentation
from keras_nn.applications.image_classifier_recipes import mixing
from keras_nn.applications.recipe import resolve_settings
from keras_nn.applications.unknown_choice import WrongRequest
from keras_nn.models import MLP

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


def test_weights_must_have_been_published():
    (recipe, *_) = RECIPES
    split = data.Split(np.zeros((4, 32, 32, 3), "uint8"), np.arange(4))
    splits = data.Splits(split, split, split, class_names=tuple("abcd"))
    settings = {
        **ImageClassifier.default_settings(),
        "backbone": "resnet18",
        "weights": "imagenet",
    }
    with pytest.raises(WrongRequest, match="no published weights for 'resn"):
        ImageClassifier.from_recipe(recipe, splits, 1, 4, **settings)


def test_the_transfer_recipe_frees_the_backbone_after_some_epochs():
    app = ImageClassifier(MLP(False, input_shape=(4, 4, 1), units=[3]), 2)
    settings = ImageClassifier.default_settings()
    assert app.training_callbacks(settings) == []
    (found,) = app.training_callbacks({**settings, "frozen_epochs": 3})
    assert found.layer is app.backbone and found.epoch == 3


def test_mixing_is_what_the_settings_say():
    assert mixing({"mixup": 0.0, "cutmix": 0.0}) is None
    layer = mixing({"mixup": 0.2, "cutmix": 0.0})
    assert (layer.mixup, layer.cutmix) == (0.2, 0.0)


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


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_augmentation_keeps_shape_and_range(name):
    layer = augmentation(name, (32, 32, 3))
    if layer is None:
        assert name == "none"
        return
    x = np.random.default_rng(0).uniform(0, 1, (8, 32, 32, 3))
    y = keras.ops.convert_to_numpy(layer(x.astype("float32"), training=True))
    assert y.shape == x.shape
    assert not np.allclose(y, x)
    assert 0 <= y.min() <= y.max() <= 1


def test_crops_shift_by_at_most_four_pixels_picture_by_picture():
    keras.utils.set_random_seed(0)
    x = np.zeros((4000, 32, 32, 1), "float32")
    x[:, 16, 16] = 1
    y = augmentation("crop_flip", (32, 32, 1))(x, training=True)
    flat = keras.ops.convert_to_numpy(y).reshape(4000, -1)
    assert (flat.sum(axis=1) == 1).all()
    rows, columns = np.divmod(flat.argmax(axis=1), 32)
    shifts, counts = np.unique(rows - 16, return_counts=True)
    assert shifts.tolist() == list(range(-4, 5))
    assert counts.min() > 0.8 * counts.max()
    assert len(np.unique(columns)) > 8
