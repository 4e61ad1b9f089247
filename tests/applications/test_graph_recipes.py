import pytest

from keras_nn import data
from keras_nn.applications import GraphClassifier
from keras_nn.applications import GraphRegressor
from keras_nn.applications import fit_recipe
from keras_nn.applications.graph_files import in_parts
from keras_nn.data.graphs import GraphSplit
from keras_nn.data.graphs import cycles_or_not

PAIRS = [
    (cls, recipe)
    for cls in (GraphClassifier, GraphRegressor)
    for recipe in cls.recipes()
]


@pytest.mark.parametrize(
    "cls, recipe", PAIRS, ids=[recipe.name for _, recipe in PAIRS]
)
def test_networks_fit_their_application(cls, recipe):
    app = cls(recipe.network(5, 3, 2))
    assert app.output_shape == (None, None, 2)
    assert not set(recipe.settings) - set(cls.default_settings())
    assert recipe.data is None or recipe.data in data.names()


def test_the_default_recipe_fills_a_run_folder(tmp_path, monkeypatch):
    from keras_nn.applications import catalogue

    # An installation knows it by its entry point.
    monkeypatch.setattr(catalogue, "get", lambda name: GraphClassifier)
    run = fit_recipe("graph-classifier", epochs=1, log_dir=tmp_path, verbose=0)
    assert set(run.metrics["test"]) == {"loss", "accuracy"}


def test_official_files_are_looked_for_under_a_path(tmp_path):
    recipes = {recipe.name: recipe for _, recipe in PAIRS}
    for cls, name, file in (
        (GraphClassifier, "mutag-gin", "MUTAG.txt"),
        (GraphRegressor, "esol-mpnn", "delaney-processed.csv"),
    ):
        with pytest.raises(FileNotFoundError, match=file):
            cls.read_data(tmp_path, recipes[name], 0, {})


def test_files_are_a_data_set_with_a_test_part():
    splits = in_parts(GraphSplit(*cycles_or_not(20)), "a/b.txt", 0, "ab")
    assert (len(splits.train), len(splits.test)) == (18, 2)
    assert splits.name == "b.txt" and splits.num_classes == 2
