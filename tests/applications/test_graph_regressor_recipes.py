import pytest

from keras_nn import data
from keras_nn.applications import GraphRegressor
from keras_nn.applications.graph_regressor_recipes import FILES
from keras_nn.applications.graph_regressor_recipes import RECIPES


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_networks_fit_their_application(recipe):
    app = GraphRegressor(recipe.network(5, 3, 2))
    assert app.output_shape == (None, None, 2)
    assert not set(recipe.settings) - set(GraphRegressor.default_settings())
    assert recipe.data is None or recipe.data in data.names()


def test_official_files_are_looked_for_under_a_path(tmp_path):
    recipes = {recipe.name: recipe for recipe in RECIPES}
    assert FILES == ("esol-mpnn",)
    with pytest.raises(FileNotFoundError, match="delaney-processed.csv"):
        GraphRegressor.read_data(tmp_path, recipes["esol-mpnn"], 0, {})
