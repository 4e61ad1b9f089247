import atexit
import json
import random
import sys

import pytest

from keras_nn.applications import Run

MODULE = sys.modules[Run.__module__]


@pytest.fixture
def run(tmp_path):
    return Run.create(tmp_path, "image-classifier", {"seed": 3})


def test_holds_the_folders_and_the_config(run):
    assert Run.open(run.path).config == {
        "application": "image-classifier",
        "seed": 3,
    }
    assert {p.name for p in run.path.iterdir()} == {
        "config.json",
        "train",
        "validation",
        "checkpoint",
    }


def test_two_runs_in_one_second_have_two_folders(tmp_path):
    paths = {Run.create(tmp_path, "a", {}).path for _ in range(3)}
    assert len(paths) == 3


def test_writes_text_and_json(run):
    run.write("metrics.json", {"test": {"accuracy": 0.5}})
    run.write("MODEL_CARD.md", "# Card")
    assert Run.open(run.path).metrics["test"]["accuracy"] == 0.5
    assert (run.path / "MODEL_CARD.md").read_text() == "# Card"
    with pytest.raises(ValueError, match="not JSON compliant"):
        run.write("metrics.json", {"loss": float("nan")})
    assert json.loads((run.path / "metrics.json").read_text())["test"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "config.json is missing"),
        ('{"application": ', "config.json is damaged or was changed"),
        ("{}", "config.json is damaged or was changed"),
    ],
)
def test_says_what_is_missing_or_damaged(run, content, message):
    path = run.path / "config.json"
    path.unlink()
    if content is not None:
        path.write_text(content)
    with pytest.raises(ValueError, match=message):
        Run.open(run.path)


def test_says_that_the_training_did_not_finish(run):
    with pytest.raises(ValueError, match="training did not finish"):
        run.load()
    with pytest.raises(ValueError, match="metrics.json is missing"):
        assert run.metrics


def test_refuses_what_is_no_folder(tmp_path):
    with pytest.raises(ValueError, match="no such run folder.*none"):
        Run.open(tmp_path / "none")


@pytest.mark.parametrize("name", ["config.json", "metrics.json"])
def test_two_hundred_damages_are_all_noticed(run, name):
    if name == "metrics.json":
        run.write(name, {"test": {"accuracy": 0.5}, "train_seconds": 1.0})
    path = run.path / name
    content = path.read_bytes()
    generator = random.Random(0)
    for index in range(200):
        place = generator.randrange(len(content))
        damaged = bytearray(content)
        damaged[place] ^= 1 << generator.randrange(8)
        path.write_bytes(damaged if index % 2 else content[:place])
        with pytest.raises(ValueError, match=f"{name}.*Restore it from a copy"):
            Run(run.path).read(name)


def test_a_worker_that_is_not_chief_writes_elsewhere(tmp_path, monkeypatch):
    monkeypatch.setattr(MODULE, "is_chief", lambda: False)
    ends = []
    monkeypatch.setattr(atexit, "register", lambda *a, **k: ends.append((a, k)))
    run = Run.create(tmp_path, "image-classifier", {"seed": 3})
    assert Run.open(run.path).config["seed"] == 3
    assert not list(tmp_path.iterdir())
    ((remove, *arguments), options) = ends[0]
    remove(*arguments, **options)
    assert not run.path.exists()
