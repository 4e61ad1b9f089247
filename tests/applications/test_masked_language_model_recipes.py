import pytest

from keras_nn.applications import MaskedLanguageModel
from keras_nn.applications import catalogue
from keras_nn.applications import fit_recipe
from keras_nn.applications import masked_language_model_recipes as recipes

TINY = {
    "context_length": 12,
    "num_layers": 1,
    "num_heads": 2,
    "width": 8,
    "steps_per_epoch": 3,
    "jit_compile": False,
}


@pytest.fixture(autouse=True)
def installed(monkeypatch):
    # An installation knows it by its entry point.
    monkeypatch.setattr(catalogue, "get", lambda name: MaskedLanguageModel)


@pytest.mark.parametrize("recipe", recipes.RECIPES, ids=lambda r: r.name)
def test_networks_and_settings_fit_their_application(recipe):
    settings = {**MaskedLanguageModel.default_settings(), **recipe.settings}
    assert set(settings) == set(MaskedLanguageModel.default_settings())
    network = recipe.network(10, {**settings, **TINY})
    assert network.output_shape == (None, None, 10)


@pytest.mark.slow
def test_your_own_text_trains_fills_in_and_reports(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("to be or not to be, that is the question. " * 40)
    run = fit_recipe(
        "masked-language-model",
        data=str(path),
        epochs=1,
        settings=TINY,
        log_dir=tmp_path / "runs",
        verbose=0,
    )
    assert run.config["recipe"] == "text"
    assert set(run.metrics["test"]) == {"loss", "perplexity", "accuracy"}
    texts = tmp_path / "texts.txt"
    texts.write_text("to [MASK] or\n\nthat [MASK] the [MASK]\n")
    rows = run.load().predict_path(texts, top=2)
    assert [(row["mask"], row["rank"]) for row in rows] == [
        (1, 1),
        (1, 2),
        (1, 1),
        (1, 2),
        (2, 1),
        (2, 2),
    ]


@pytest.mark.slow
def test_learns_the_documentation_of_python(tmp_path):
    run = fit_recipe("masked-language-model", log_dir=tmp_path, verbose=0)
    assert run.metrics["test"]["accuracy"] > 0.2
