import pytest

from keras_nn.applications import Run
from keras_nn.applications.resumed_run import resumed_run
from keras_nn.applications.unknown_choice import WrongRequest


@pytest.fixture
def run(tmp_path):
    config = {
        "recipe": "digits",
        "data": None,
        "settings": {"width": 3, "rate": 0.1},
        "fit": {"epochs": 5, "batch_size": 8},
        "strategy": "mirrored",
        "precision": "mixed_bfloat16",
        "accumulate": 2,
        "seed": 2,
        "fold": None,
        "versions": {},
    }
    return Run.create(tmp_path, "image-classifier", config)


def test_gives_back_what_the_run_was_begun_with(run):
    given = {
        "epochs": 5,
        "seed": None,
        "recipe": None,
        "settings": {"width": "3", "rate": "1e-1"},
        "log_dir": run.path.parent.parent,
        "run_name": run.path.name,
    }
    found, stored = resumed_run(run.path, given)
    assert found.path == run.path
    assert stored["seed"] == 2 and stored["batch_size"] == 8


@pytest.mark.parametrize(
    "given",
    [
        {"application": "another"},
        {"recipe": "another"},
        {"epochs": 6},
        {"batch_size": 9},
        {"accumulate": 1},  # the default of a run that begins
        {"seed": 0},  # likewise
        {"strategy": "none"},  # likewise
        {"precision": "float32"},  # likewise
        {"log_dir": "runs"},  # likewise
        {"fold": [1, 2]},
        {"run_name": "another"},
        {"settings": {"width": 4}},
        {"settings": {"rate": "0.2"}},
    ],
)
def test_refuses_what_contradicts(run, given):
    with pytest.raises(WrongRequest, match="It was .*Received: "):
        resumed_run(run.path, given)


def test_refuses_a_setting_that_the_run_does_not_have(run):
    with pytest.raises(WrongRequest, match="Unknown setting.*'width'"):
        resumed_run(run.path, {"settings": {"widht": 3}})
