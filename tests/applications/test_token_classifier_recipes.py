import os

import pytest

from keras_nn.applications import TokenClassifier
from keras_nn.applications import catalogue
from keras_nn.applications import evaluate_run
from keras_nn.applications import fit_recipe
from keras_nn.applications import token_classifier_recipes as recipes

TINY = {
    "width": 8,
    "units": 8,
    "recurrent_dropout": 0.0,
    "dropout": 0.0,
    "learning_rate": 3e-2,
    "min_count": 1,
}
TEXT = (
    "we O\nsaw O\nNew B-loc\nYork I-loc\n\nin O\nRome B-loc\n\nwe O\nsaw O\n\n"
)


@pytest.fixture(autouse=True)
def installed(monkeypatch):
    # An installation knows it by its entry point.
    monkeypatch.setattr(catalogue, "get", lambda name: TokenClassifier)


@pytest.mark.parametrize("recipe", recipes.RECIPES, ids=lambda r: r.name)
def test_networks_and_settings_fit_their_application(recipe):
    settings = {**TokenClassifier.default_settings(), **recipe.settings}
    assert set(settings) == set(TokenClassifier.default_settings())
    network = recipe.network(10, 10, settings)
    assert network.output_shape == (None, None, 2 * settings["units"])


@pytest.mark.slow
def test_your_own_file_trains_predicts_and_is_measured(tmp_path):
    path = tmp_path / "a.conll"
    path.write_text(TEXT * 15)
    run = fit_recipe(
        "token-classifier",
        data=str(path),
        epochs=12,
        settings=TINY,
        log_dir=tmp_path / "runs",
        verbose=0,
    )
    assert run.config["recipe"] == "texts"
    assert run.metrics["test"]["entity_f1"] == 1.0
    metrics, _ = evaluate_run(run, path)
    assert metrics["entity_f1"] == 1.0
    lines = tmp_path / "a.txt"
    lines.write_text("we saw New York in\nwe saw\n")
    rows = run.load().predict_path(lines)
    assert [(row["text"], row["label"]) for row in rows] == [
        ("New York", "loc"),
        ("", ""),
    ]
    assert rows[0]["in"] == "we saw New York in"


def test_test_data_are_numbered_as_the_model_numbers(tmp_path):
    (tmp_path / "test.txt").write_text("Rome B-loc\n")
    (tmp_path / "train.txt").write_text(TEXT)
    split = recipes.tagged_as(tmp_path, ["O", "I-loc", "B-loc"])
    assert [row.tolist() for row in split.y] == [[2]]
    with pytest.raises(ValueError, match="holds a file named test or train"):
        recipes.tagged_as(tmp_path / "..", ["O"])


@pytest.mark.slow
def test_finds_what_names_are_for(tmp_path):
    run = fit_recipe("token-classifier", log_dir=tmp_path, verbose=0)
    assert run.metrics["test"]["entity_f1"] > 0.9


@pytest.mark.slow
def test_finds_emerging_entities(tmp_path):
    folder = os.path.join(os.environ.get("KERAS_NN_DATA", ""), "wnut17")
    if not os.path.isdir(folder):
        pytest.skip("KERAS_NN_DATA names no folder with wnut17")
    run = fit_recipe(
        "token-classifier",
        "wnut17-tagger",
        data=folder,
        log_dir=tmp_path,
        verbose=0,
    )
    # The best of the shared task, with other texts to learn from: 0.4186.
    assert run.metrics["test"]["entity_f1"] > 0.1
