import pytest

from keras_nn import data
from keras_nn.applications import GraphClassifier
from keras_nn.applications import fit_recipe
from keras_nn.applications.graph_classifier_recipes import FILES
from keras_nn.applications.graph_classifier_recipes import RECIPES


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_networks_fit_their_application(recipe):
    app = GraphClassifier(recipe.network(5, 3, 2))
    assert app.output_shape == (None, None, 2)
    assert not set(recipe.settings) - set(GraphClassifier.default_settings())
    assert recipe.data is None or recipe.data in data.names()


def test_official_files_are_looked_for_under_a_path(tmp_path):
    recipes = {recipe.name: recipe for recipe in RECIPES}
    assert FILES == ("mutag-gin",)
    with pytest.raises(FileNotFoundError, match="MUTAG.txt"):
        GraphClassifier.read_data(tmp_path, recipes["mutag-gin"], 0, {})


@pytest.mark.slow
def test_the_default_recipe_fills_a_run_folder(tmp_path, monkeypatch):
    from keras_nn.applications import catalogue

    # An installation knows it by its entry point.
    monkeypatch.setattr(catalogue, "get", lambda name: GraphClassifier)
    run = fit_recipe("graph-classifier", epochs=1, log_dir=tmp_path, verbose=0)
    assert set(run.metrics["test"]) == {"loss", "accuracy"}
