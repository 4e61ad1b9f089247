import sys

import pytest
from tensorboard.backend.event_processing.event_accumulator import (
    EventAccumulator,
)
from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData

from keras_nn.applications import ImageClassifier
from keras_nn.applications import Run
from keras_nn.applications import Search
from keras_nn.applications import UnknownChoice
from keras_nn.applications import WrongRequest
from keras_nn.applications import resume_search
from keras_nn.applications import tune
from keras_nn.callbacks import HParams

MODULE = sys.modules[tune.__module__]


@pytest.fixture
def trained(monkeypatch):
    """Replaces a training by one that reaches what `accuracy` says."""
    requests = []

    def fit_recipe(application, extra_callbacks, log_dir, run_name, **fit):
        Run.create(log_dir, application, {}, run_name)
        requests.append(fit)
        value = fit_recipe.accuracy(fit)
        extra_callbacks[0].history = {
            "accuracy": [0.0],
            "val_accuracy": [9, value],
        }

    fit_recipe.accuracy = lambda fit: 1 - fit["settings"]["dropout"]
    fit_recipe.requests = requests
    monkeypatch.setattr(MODULE, "fit_recipe", fit_recipe)
    return fit_recipe


def hparams_of(run):
    """What TensorBoard's HParams page reads of a run."""
    events = EventAccumulator(str(run / "hparams"))
    events.Reload()
    content = events.SummaryMetadata("_hparams_/session_start_info")
    content = content.plugin_data.content
    return HParamsPluginData.FromString(content).session_start_info.hparams


def search(tmp_path, **kwargs):
    how = {"ranges": {"dropout": "0:0.9"}, "trials": 4, "verbose": 0}
    return tune("image-classifier", log_dir=tmp_path, **{**how, **kwargs})


@pytest.mark.slow
def test_trials_are_runs_and_the_best_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr(
        ImageClassifier,
        "inspectors",
        lambda app, log_dir, validation, hparams: [HParams(log_dir, hparams)],
    )
    found = tune(
        "image-classifier",
        {"learning_rate": "1e-6,1e-2"},
        method="grid",
        epochs=1,
        batch_size=32,
        settings={"optimizer": "adamw"},
        log_dir=tmp_path,
        verbose=0,
    )
    assert [trial["status"] for trial in found.trials] == ["COMPLETED"] * 2
    assert found.best.path.name == found.trials[1]["run"]
    config = found.best.config
    assert config["settings"]["learning_rate"] == 1e-2
    assert config["settings"]["optimizer"] == "adamw"
    assert config["fit"] == {"epochs": 1, "batch_size": 32}
    assert found.best.metrics["test"]["accuracy"] > 0.5
    # What counts is the validation part, not the test set.
    assert found.trials[1]["objective"] != pytest.approx(
        found.best.metrics["test"]["accuracy"]
    )
    # Each trial is a line of the HParams page.
    shown = [hparams_of(found.path / t["run"]) for t in found.trials]
    assert [pytest.approx(h["learning_rate"].number_value) for h in shown] == [
        1e-6,
        1e-2,
    ]
    assert shown[0]["optimizer"].string_value == "adamw"


def test_a_grid_is_every_combination_once(tmp_path, trained):
    trained.accuracy = lambda fit: 0.5
    choices = {"optimizer": ["adam", "sgd"], "batch_size": [8, 16, 32]}
    search(tmp_path, choices=choices, ranges={}, method="grid", trials=None)
    seen = {
        (fit["settings"]["optimizer"], fit["batch_size"])
        for fit in trained.requests
    }
    assert len(seen) == len(trained.requests) == 6
    assert {fit["seed"] for fit in trained.requests} == {0}


@pytest.mark.parametrize("method", ["random", "bayesian"])
def test_the_seed_repeats_a_search(tmp_path, trained, method):
    first, same, other = (
        [t["values"] for t in search(tmp_path, method=method, seed=s).trials]
        for s in (0, 0, 1)
    )
    assert first == same != other
    assert len(first) == 4


@pytest.mark.slow
def test_a_guided_search_comes_closer_than_chance(tmp_path, trained):
    trained.accuracy = lambda fit: -((fit["settings"]["dropout"] - 0.63) ** 2)
    found = search(tmp_path, method="bayesian", trials=7)
    best = max(found.trials, key=lambda trial: trial["objective"])
    assert abs(best["values"]["dropout"] - 0.63) < 0.05


def test_hyperband_gives_the_best_more_epochs(tmp_path, trained):
    found = search(tmp_path, method="hyperband", trials=None, epochs=9)
    by_epochs = {}
    for trial in found.trials:
        by_epochs.setdefault(trial["epochs"], []).append(trial["objective"])
    assert set(by_epochs) == {1, 3, 9}
    assert len(by_epochs[1]) > len(by_epochs[3]) > 0
    assert {fit["epochs"] for fit in trained.requests} == {1, 3, 9}
    assert max(by_epochs[9]) == max(t["objective"] for t in found.trials)


def test_an_interrupted_search_goes_on_where_it_was(tmp_path, trained):
    whole = [trial["values"] for trial in search(tmp_path / "a").trials]

    def interrupted(fit):
        if len(trained.requests) == 4 + 3:
            raise KeyboardInterrupt
        return 1 - fit["settings"]["dropout"]

    trained.accuracy = interrupted
    with pytest.raises(KeyboardInterrupt):
        search(tmp_path / "b")
    (path,) = (tmp_path / "b" / "image-classifier").iterdir()
    assert len(Search.open(path).trials) == 2
    found = resume_search(path, verbose=0)
    assert [trial["values"] for trial in found.trials] == whole
    assert [trial["run"] for trial in found.trials] == [
        *("trial-0", "trial-1", "trial-2_2", "trial-3")
    ]


def test_a_trial_that_fails_is_marked_and_the_search_goes_on(tmp_path, trained):
    def fails_once(fit):
        if len(trained.requests) == 2:
            raise ValueError("too much")
        return 0.5

    trained.accuracy = fails_once
    trials = search(tmp_path).trials
    assert [trial["status"] for trial in trials] == [
        *("COMPLETED", "FAILED", "COMPLETED", "COMPLETED")
    ]
    assert trials[1]["message"] == "ValueError: too much"


@pytest.mark.slow
def test_folds_count_by_their_mean(tmp_path, monkeypatch):
    monkeypatch.setattr(ImageClassifier, "inspectors", lambda *a, **k: [])
    found = tune(
        "image-classifier",
        {"dropout": [0.1]},
        trials=1,
        folds=2,
        epochs=1,
        batch_size=256,
        log_dir=tmp_path,
        verbose=0,
    )
    metrics = found.best.metrics
    assert found.trials[0]["objective"] == metrics["test"]["accuracy"]
    assert [fold["run"] for fold in metrics["folds"]] == ["fold-1", "fold-2"]


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"method": "evolution"}, "Unknown search"),
        ({"ranges": {"dropuot": "0:1"}}, "did you mean 'dropout'"),
        ({"settings": {"dropuot": 1}}, "did you mean 'dropout'"),
        ({"recipe": "digit"}, "did you mean 'digits'"),
        ({"objective": "energy"}, "--direction min"),
        ({"data": "no/such"}, "neither a path nor one of"),
        (
            {"method": "hyperband", "ranges": {"epochs": "1:3"}},
            "Hyperband chooses the epochs",
        ),
    ],
)
def test_refuses_what_cannot_be(tmp_path, how, message):
    with pytest.raises(WrongRequest, match=message):
        search(tmp_path, **how)


def test_an_objective_that_is_not_measured_is_one_error(tmp_path, trained):
    with pytest.raises(UnknownChoice, match="Unknown objective.*accuracy"):
        search(tmp_path, objective="auc")
    assert len(trained.requests) == 1


def test_without_keras_tuner_the_extra_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "keras_tuner", None)
    with pytest.raises(ImportError, match=r"keras-nn\[tune\]"):
        search(tmp_path)
    assert not list(tmp_path.iterdir())
