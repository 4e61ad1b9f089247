import json
from pathlib import Path
from typing import get_args

import pytest

from keras_nn.applications import ImageClassifier
from keras_nn.applications.objective import BETTER
from keras_nn.applications.tuning import SEARCHES
from keras_nn_cli import tune

QUICK = ("--epochs", "1", "--batch-size", "256")


@pytest.fixture
def no_instruments(monkeypatch):
    monkeypatch.setattr(ImageClassifier, "inspectors", lambda *a, **k: [])


@pytest.mark.slow
def test_a_search_prints_its_trials_and_ends_with_the_best_run(
    invoke, tmp_path, no_instruments
):
    code, output, error = invoke(
        *("tune", "image-classifier", "--search", "grid", *QUICK),
        *("--choose", "learning_rate=1e-6,1e-2", "--log-dir", tmp_path),
        *("--set", "optimizer=sgd", "--objective", "loss"),
    )
    assert code == 0, error
    best = Path(output.splitlines()[-1])
    search = best.parent
    assert search.parent == tmp_path / "image-classifier"
    trials = json.loads((search / "trials.json").read_text())["trials"]
    assert [trial["status"] for trial in trials] == ["COMPLETED"] * 2
    assert best.name == "trial-0001" and (best / "model.keras").is_file()
    for trial in trials:
        assert trial["run"] in output
        assert f"{trial['objective']:.4f}" in output
    assert "0.01" in output and "1e-06" in output
    # Nothing is left to do, and the answer is the same.
    code, again, _ = invoke("tune", "image-classifier", "--resume", search)
    assert code == 0 and again.splitlines()[-1] == str(best)
    code, _, error = invoke("tune", "image-classifier", "--resume", best)
    assert code == 1 and "This is no search" in error


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "a setting to vary"),
        (["--choose", "dropout"], "--choose takes key=value"),
        (["--choose", "dropuot=0,1"], "did you mean 'dropout'"),
        (["--range", "dropout=1"], "low:high or low:high:log"),
        (["--search", "evolution"], "evolution"),
        (["--folds", "1"], "folds"),
        (["--choose", "dropout=0,1", "--objective", "energy"], "--direction"),
    ],
)
def test_a_wrong_request_is_one_message_and_ends_with_two(
    invoke, arguments, message, tmp_path
):
    code, output, error = invoke(
        "tune", "image-classifier", "--log-dir", tmp_path, *arguments
    )
    assert code == 2
    assert message in error
    assert "Traceback" not in error + output
    assert list(tmp_path.iterdir()) == []


def test_choices_are_those_of_the_library():
    assert get_args(tune.Method) == SEARCHES
    assert set(get_args(tune.Direction)) == set(BETTER)
