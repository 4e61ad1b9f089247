import types

import pytest

from keras_nn.applications import Run
from keras_nn.applications import Search

CONFIG = {"objective": "accuracy", "direction": "max", "space": {}}


def trial(number, status, score, **values):
    return types.SimpleNamespace(
        trial_id=str(number),
        status=status,
        score=score,
        message="Traceback\nValueError: no\n" if status == "FAILED" else None,
        hyperparameters=types.SimpleNamespace(values=values),
    )


def test_holds_the_outcomes_and_knows_the_best(tmp_path):
    search = Search.create(tmp_path, "image-classifier", CONFIG)
    with pytest.raises(ValueError, match="No trial was completed"):
        _ = search.best
    for name in ("trial-0", "trial-1", "trial-2"):
        Run.create(search.path, "image-classifier", {}, name)
    # Trial 1 was interrupted and run again.
    again = Run.create(search.path, "image-classifier", {}, "trial-1")
    assert again.path.name == "trial-1_2"
    search.record(
        [
            trial(0, "COMPLETED", 0.8, dropout=0.1),
            trial(1, "COMPLETED", 0.9, dropout=0.2, **{"tuner/epochs": 3}),
            trial(2, "FAILED", None, dropout=9.0),
        ]
    )
    found = Search.open(search.path)
    assert found.best.path == again.path
    assert found.trials[1]["values"] == {"dropout": 0.2}
    assert found.trials[1]["epochs"] == 3
    assert found.trials[2] == {
        "trial": "2",
        "run": "trial-2",
        "values": {"dropout": 9.0},
        "status": "FAILED",
        "objective": None,
        "message": "ValueError: no",
    }


def test_less_may_be_better(tmp_path):
    config = {**CONFIG, "direction": "min"}
    search = Search.create(tmp_path, "image-classifier", config)
    for name in ("trial-0", "trial-1"):
        Run.create(search.path, "image-classifier", {}, name)
    search.record([trial(0, "COMPLETED", 2.0), trial(1, "COMPLETED", 1.0)])
    assert search.best.path.name == "trial-1"


def test_refuses_what_is_no_search(tmp_path):
    run = Run.create(tmp_path, "image-classifier", {})
    with pytest.raises(ValueError, match="This is no search"):
        Search.open(run.path)
    search = Search.create(tmp_path, "image-classifier", CONFIG)
    (search.path / "trials.json").write_text("[")
    with pytest.raises(ValueError, match="trials.json is damaged"):
        Search.open(search.path)
