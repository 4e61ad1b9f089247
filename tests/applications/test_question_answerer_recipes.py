import pytest

from keras_nn.applications import QuestionAnswerer
from keras_nn.applications import question_answerer_recipes as recipes


@pytest.mark.parametrize("recipe", recipes.RECIPES, ids=lambda r: r.name)
def test_networks_and_settings_fit_their_application(recipe):
    settings = {**QuestionAnswerer.default_settings(), **recipe.settings}
    assert set(settings) == set(QuestionAnswerer.default_settings())
    network = recipe.network(20, settings)
    assert set(network.input) == {"ids", "segments"}
    assert network.output_shape == (None, None, settings["width"])


def test_segments_are_three_only_with_matches():
    settings = {**recipes.SETTINGS, "num_layers": 1, "matches": False}
    network = recipes.reader(20, settings)
    assert network.num_segments == 2
