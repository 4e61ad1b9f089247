import pytest

from keras_nn.applications import NodeClassifier
from keras_nn.applications import WrongRequest
from keras_nn.applications import fit_recipe
from keras_nn.applications.node_classifier_recipes import FILES
from keras_nn.applications.node_classifier_recipes import RECIPES


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_networks_fit_their_application(recipe):
    app = NodeClassifier(recipe.network(5, 3))
    assert app.output_shape == (None, None, 3)
    unknown = set(recipe.settings) - set(NodeClassifier.default_settings())
    assert not unknown


def test_a_path_is_for_official_files_of_a_recipe(tmp_path):
    recipes = {recipe.name: recipe for recipe in RECIPES}
    assert set(recipes) > {*FILES}
    cora = recipes["cora-gcn"]
    with pytest.raises(WrongRequest, match="edges.csv"):
        NodeClassifier.read_data(tmp_path, RECIPES[0], 0, {})
    with pytest.raises(FileNotFoundError, match="ind.cora.x"):
        NodeClassifier.read_data(tmp_path, cora, 0, {})


@pytest.mark.slow
def test_the_default_recipe_fills_a_run_folder(tmp_path, monkeypatch):
    from keras_nn.applications import catalogue

    # An installation knows it by its entry point.
    monkeypatch.setattr(catalogue, "get", lambda name: NodeClassifier)
    run = fit_recipe("node-classifier", epochs=2, log_dir=tmp_path, verbose=0)
    assert set(run.metrics["test"]) == {"loss", "accuracy"}
