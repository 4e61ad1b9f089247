import numpy as np
import pytest

from keras_nn import data
from keras_nn.applications import ImageGenerator
from keras_nn.applications import WrongRequest
from keras_nn.applications.image_generator_recipes import RECIPES
from keras_nn.applications.image_generator_recipes import build_optimizer
from keras_nn.applications.recipe import resolve_settings


def settings_of(recipe):
    return resolve_settings(
        ImageGenerator.default_settings(),
        ImageGenerator.setting_choices(),
        recipe.settings,
    )


def splits_of(shape, class_names):
    split = data.Split(np.zeros((4, *shape), "uint8"), np.arange(4))
    return data.Splits(split, split, split, class_names=class_names)


def test_every_recipe_makes_an_application_of_known_settings():
    for recipe in RECIPES:
        settings = settings_of(recipe)
        splits = splits_of((8, 8, 1), tuple("abcd"))
        app = ImageGenerator.from_recipe(
            recipe, splits, **recipe.fit, **settings
        )
        assert app.compiled
        averaged = app.all_optimizers[-1].use_ema
        assert averaged == (settings["averaging"] > 0)
        asked = recipe.name != "digits-infogan"  # which finds its own
        assert app.class_names == (list("abcd") if asked else None)
        assert app.generator.picture_shape == (8, 8, 1)
        assert recipe.data in (None, *data.names())
        assert len(recipe.summary) <= 80


def test_says_how_pictures_come_to_fit_a_recipe():
    recipe = next(r for r in RECIPES if r.name == "pictures")
    splits = splits_of((9, 12, 3), None)
    message = r"pictures of shape \(9, 12, 3\); `--set image_size=N`.*here 8"
    with pytest.raises(WrongRequest, match=message):
        ImageGenerator.from_recipe(
            recipe, splits, **recipe.fit, **settings_of(recipe)
        )


def test_a_discriminator_has_a_rate_and_a_schedule_of_its_own():
    network = next(r.network for r in RECIPES if r.name == "digits-gan")
    game = network((8, 8, 1), 10)
    game.schedule = ("discriminator",) * 3 + ("generator",)
    settings = {
        **ImageGenerator.default_settings(),
        "schedule": "cosine",
        "discriminator_rate": 4.0,
        "beta_1": 0.5,
    }
    found = build_optimizer(game, settings, steps=10)
    rates = {p: o._learning_rate for p, o in found.items()}
    assert rates["discriminator"].decay_steps == 30
    assert rates["discriminator"].initial_learning_rate == 4e-3
    assert rates["generator"].decay_steps == 10
    assert found["generator"].beta_1 == 0.5
    assert not found["discriminator"].use_ema
