import numpy as np
import pytest

from keras_nn.applications import ImageTranslator
from keras_nn.applications import image_translator_recipes as recipes
from keras_nn.applications.recipe import resolve_settings
from keras_nn.data import Split
from keras_nn.data import Splits


def settings_of(recipe, **more):
    return resolve_settings(
        ImageTranslator.default_settings(),
        ImageTranslator.setting_choices(),
        recipe.settings,
        more,
    )


@pytest.mark.parametrize("name", ["shapes", "digits-ink"])
def test_recipes_make_models_for_their_pictures(name):
    recipe = next(r for r in recipes.RECIPES if r.name == name)
    settings = settings_of(recipe)
    side = {"shapes": 64, "digits-ink": 16}[name]
    pictures = np.zeros((4, side, side, 3), "uint8")
    split = Split(pictures, pictures)
    app = ImageTranslator.from_recipe(
        recipe, Splits(split, None, split), 1, 2, **settings
    )
    assert app.is_paired == recipes.is_paired(settings) == (name == "shapes")
    assert app.measures_pairs
    assert app.generator.target_shape == (side, side, 3)
    for optimizer in app.all_optimizers:
        assert float(optimizer.beta_1) == 0.5
        assert optimizer._learning_rate.decay_steps == 2


def test_the_published_networks_are_those_of_the_papers():
    recipe = next(r for r in recipes.RECIPES if r.name == "pairs")
    shape = (256, 256, 3)
    model = recipes.build_model(shape, shape, settings_of(recipe))
    counts = [
        sum(np.prod(w.shape) for w in model.player_weights(player))
        for player in ("generator", "discriminator")
    ]
    assert counts == [54_413_955, 2_768_705]
    assert model.generator.noise


def test_pictures_that_cannot_be_halved_eight_times_have_fewer_levels():
    recipe = next(r for r in recipes.RECIPES if r.name == "pairs-small")
    shape = (24, 40, 1)
    model = recipes.build_model(shape, (24, 40, 3), settings_of(recipe))
    assert model.generator.filters == [16, 32, 64]
    assert model.target_shape == (24, 40, 3)
