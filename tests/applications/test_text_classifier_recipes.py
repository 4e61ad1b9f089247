import os

import pytest

from keras_nn.applications import TextClassifier
from keras_nn.applications import catalogue
from keras_nn.applications import cross_validate
from keras_nn.applications import evaluate_run
from keras_nn.applications import fit_recipe
from keras_nn.applications import text_classifier_recipes as recipes

TINY = {"width": 8, "filters": 4}


@pytest.fixture(autouse=True)
def installed(monkeypatch):
    # An installation knows it by its entry point.
    monkeypatch.setattr(catalogue, "get", lambda name: TextClassifier)


@pytest.mark.parametrize("recipe", recipes.RECIPES, ids=lambda r: r.name)
def test_networks_and_settings_fit_their_application(recipe):
    settings = {**TextClassifier.default_settings(), **recipe.settings}
    assert set(settings) == set(TextClassifier.default_settings())
    network = recipe.network(10, settings)
    assert network.output_shape == (None, 3 * settings["filters"])


@pytest.mark.slow
def test_your_own_table_trains_predicts_and_is_measured(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("text,label\n" + "yes it is,good\nno way,bad\n" * 15)
    run = fit_recipe(
        "text-classifier",
        data=str(path),
        epochs=20,
        settings=TINY,
        log_dir=tmp_path / "runs",
        verbose=0,
    )
    assert run.config["recipe"] == "texts"
    assert run.metrics["test"]["accuracy"] == 1.0
    assert "2 (bad, good)" in (run.path / "MODEL_CARD.md").read_text()
    metrics, intervals = evaluate_run(run, path)
    assert metrics["accuracy"] == 1.0 and "loss" in intervals
    lines = tmp_path / "a.txt"
    lines.write_text("yes, yes\nno\n")
    rows = run.load().predict_path(lines)
    assert [row["label"] for row in rows] == ["good", "bad"]
    assert rows[0]["text"] == "yes, yes" and rows[0]["probability"] > 0.5


@pytest.mark.slow
def test_folds_share_out_every_text(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("text,label\n" + "yes it is,good\nno way,bad\n" * 10)
    run = cross_validate(
        "text-classifier",
        2,
        data=str(path),
        epochs=1,
        settings=TINY,
        log_dir=tmp_path,
        verbose=0,
    )
    assert [fold["run"] for fold in run.metrics["folds"]] == [
        "fold-1",
        "fold-2",
    ]


@pytest.mark.slow
def test_tells_packages_apart_by_their_docstrings(tmp_path):
    run = fit_recipe("text-classifier", log_dir=tmp_path, verbose=0)
    assert run.metrics["test"]["accuracy"] > 0.7


@pytest.mark.slow
def test_reaches_kim_on_film_reviews(tmp_path):
    folder = os.path.join(os.environ.get("KERAS_NN_DATA", ""), "rt_polarity")
    if not os.path.isdir(folder):
        pytest.skip("KERAS_NN_DATA names no folder with rt_polarity")
    run = cross_validate(
        "text-classifier",
        10,
        recipe="rt-polarity-textcnn",
        data=folder,
        log_dir=tmp_path,
        verbose=0,
    )
    assert run.metrics["test"]["accuracy"] >= 0.761
