import pytest

from keras_nn.applications import GraphEmbedder
from keras_nn.applications import fit_recipe
from keras_nn.applications.graph_embedder_recipes import FILES
from keras_nn.applications.graph_embedder_recipes import RECIPES


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_networks_fit_their_application(recipe):
    GraphEmbedder(recipe.network(5, 9))
    assert not set(recipe.settings) - set(GraphEmbedder.default_settings())
    assert set(FILES) < {one.name for one in RECIPES}


@pytest.mark.slow
def test_karate_fills_a_run_folder(tmp_path, monkeypatch):
    from keras_nn.applications import catalogue

    monkeypatch.setattr(catalogue, "get", lambda name: GraphEmbedder)
    run = fit_recipe(
        "graph-embedder",
        "karate-node2vec",
        epochs=2,
        log_dir=tmp_path,
        verbose=0,
    )
    assert set(run.metrics["test"]) == {"loss", "accuracy"}
    assert (run.path / "validation" / "nodes.tensor.tsv").exists()
