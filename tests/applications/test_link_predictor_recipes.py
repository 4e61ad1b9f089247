import pytest

from keras_nn.applications import LinkPredictor
from keras_nn.applications import fit_recipe
from keras_nn.applications.link_predictor_recipes import FILES
from keras_nn.applications.link_predictor_recipes import RECIPES
from keras_nn.testing import read_events


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_networks_fit_their_application(recipe):
    app = LinkPredictor(recipe.network(5, 9))
    assert app.network.units == 16
    assert not set(recipe.settings) - set(LinkPredictor.default_settings())
    assert set(FILES) < {one.name for one in RECIPES}


@pytest.mark.slow
def test_karate_fills_a_run_folder(tmp_path, monkeypatch):
    from keras_nn.applications import catalogue

    monkeypatch.setattr(catalogue, "get", lambda name: LinkPredictor)
    run = fit_recipe(
        "link-predictor",
        "karate",
        epochs=2,
        log_dir=tmp_path,
        verbose=0,
    )
    assert set(run.metrics["test"]) == {"loss", "auc", "average_precision"}
    assert "link_scores" in read_events(run.path)["validation"]
