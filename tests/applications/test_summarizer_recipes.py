import pytest

from keras_nn.applications import Summarizer
from keras_nn.applications import summarizer_recipes as recipes


@pytest.mark.parametrize("recipe", recipes.RECIPES, ids=lambda r: r.name)
def test_settings_fit_their_application(recipe):
    settings = {**Summarizer.default_settings(), **recipe.settings}
    assert set(settings) == set(Summarizer.default_settings())
    assert settings["summary_length"] <= settings["max_length"]
