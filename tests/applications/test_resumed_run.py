import pytest

from keras_nn.applications import Run
from keras_nn.applications.resumed_run import resumed_run
from keras_nn.applications.unknown_choice import WrongRequest


@pytest.fixture
def run(tmp_path):
    config = {
        "recipe": "digits",
        "data": None,
        "settings": {"width": 3},
        "fit": {"epochs": 5, "batch_size": 8},
        "seed": 2,
        "versions": {},
    }
    return Run.create(tmp_path, "image-classifier", config)


def test_gives_back_what_the_run_was_begun_with(run):
    given = {"epochs": 5, "seed": 0, "recipe": None, "settings": {"width": "3"}}
    defaults = {"seed": 0, "recipe": None}
    found, stored = resumed_run(run.path, given, defaults)
    assert found.path == run.path
    assert stored["seed"] == 2 and stored["batch_size"] == 8


@pytest.mark.parametrize(
    "given",
    [
        {"application": "another"},
        {"epochs": 6},
        {"seed": 3},
        {"settings": {"width": 4}},
    ],
)
def test_refuses_what_contradicts(run, given):
    with pytest.raises(WrongRequest, match="It was .*Received: "):
        resumed_run(run.path, given, {"seed": 0})
