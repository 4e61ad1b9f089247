import pytest
from PIL import Image

from keras_nn.applications import Inpainter
from keras_nn.applications.inpainter_recipes import RECIPES
from keras_nn.applications.recipe import resolve_settings
from keras_nn.applications.unknown_choice import WrongRequest


def test_recipes_build_what_they_say(tmp_path):
    settings = resolve_settings(
        Inpainter.default_settings(), Inpainter.setting_choices(), {}
    )
    for number in range(10):
        picture = Image.new("RGB", (40, 36), (number, 0, 0))
        picture.save(tmp_path / f"{number}.png")
    splits = Inpainter.read_data(tmp_path, RECIPES[1], 0, settings)
    assert splits.train.shape == (32, 32, 3)
    app = Inpainter.from_recipe(RECIPES[1], splits, 1, 8, **settings)
    assert app.steps == 50 and app.optimizer.use_ema
    assert len(app.read_test(tmp_path, settings)) == 10
    splits = Inpainter.read_data(
        tmp_path, RECIPES[1], 0, {**settings, "image_size": 30}
    )
    with pytest.raises(WrongRequest, match="divisible by 4.*30x30"):
        Inpainter.from_recipe(RECIPES[1], splits, 1, 8, **settings)
