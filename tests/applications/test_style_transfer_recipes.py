import numpy as np
import pytest
from PIL import Image

from keras_nn import data
from keras_nn.applications import StyleTransfer
from keras_nn.applications.recipe import resolve_settings
from keras_nn.applications.style_transfer_recipes import RECIPES
from keras_nn.applications.style_transfer_recipes import style_features
from keras_nn.applications.style_transfer_recipes import style_picture
from keras_nn.applications.unknown_choice import WrongRequest

STYLE = np.random.default_rng(0).integers(0, 256, (16, 16, 3), "uint8")
CHINA = data.photograph("china")


@pytest.mark.parametrize("recipe", RECIPES[:2], ids=lambda r: r.name)
def test_recipes_make_applications(recipe, tmp_path):
    settings = resolve_settings(
        StyleTransfer.default_settings(),
        StyleTransfer.setting_choices(),
        recipe.settings,
        {"style_size": 32, "filters": 2, "num_blocks": 1},
    )
    for number in range(12):
        Image.fromarray(CHINA[:40, :50]).save(tmp_path / f"{number}.png")
    splits = StyleTransfer.read_data(tmp_path, recipe, 0, settings)
    assert splits.train.shape == (128, 128, 3)
    app = StyleTransfer.from_recipe(recipe, splits, **recipe.fit, **settings)
    assert app.compiled and app.generator.style.shape == (21, 32, 3)
    test = app.read_test(tmp_path, settings)
    assert len(test) == 12


def test_styles_and_features_by_name(tmp_path):
    Image.fromarray(STYLE).save(tmp_path / "style.png")
    found = style_picture(str(tmp_path / "style.png"), 8)
    assert found.shape == (8, 8, 3)
    with pytest.raises(WrongRequest, match="Received: 'mosaic'"):
        style_picture("mosaic", 8)
    with pytest.raises(WrongRequest, match="features=vgg16, weights=None"):
        style_features("vgg16")
    with pytest.raises(WrongRequest, match="takes no weights"):
        style_features("random", "imagenet")
