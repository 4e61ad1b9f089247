"""A training that is killed by kill -9 equals one that was not."""

import json
import random
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from keras_nn.callbacks import checkpoint_files
from keras_nn.testing import read_events

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="the server of it forks"
)


@pytest.fixture(scope="module")
def train(tmp_path_factory):
    """Trains in a process of its own: `train(**job)` is its exit code."""
    log = tmp_path_factory.mktemp("log") / "stderr"
    with log.open("w") as errors:
        server = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("killed_training.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )

        def run(**job):
            server.stdin.write(json.dumps(job) + "\n")
            server.stdin.flush()
            answer = server.stdout.readline()
            assert answer.strip() in ("0", "-9"), log.read_text()
            return int(answer)

        yield run
        server.stdin.close()
        assert server.wait(60) == 0


@pytest.fixture(scope="module")
def whole(train, tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    assert train(folder=str(folder / "run"), result=str(folder)) == 0
    return outcome(folder)


def outcome(folder):
    """Values, history and the steps of every curve of a run that ended."""
    with np.load(folder / "values.npz") as file:
        values = [file[name] for name in file.files]
    history = json.loads((folder / "history.json").read_text())
    steps = {
        (name, tag): [event.step for event in events]
        for name, tags in read_events(folder / "run").items()
        for tag, events in tags.items()
    }
    return values, history, steps


def killed_twice(train, folder, every_steps, kills):
    """The outcome of a run that was begun, killed, gone on with, killed."""
    job = {"folder": str(folder / "run"), "every_steps": every_steps}
    for kill in kills:
        assert train(**job, **kill) == -signal.SIGKILL, kill
        if "fraction" in kill.get("write", ()):
            assert [*(folder / "run/checkpoint").glob(".partial-*")], kill
    assert train(**job, result=str(folder)) == 0
    assert not [*(folder / "run/checkpoint").glob(".partial-*")]
    for path in checkpoint_files.found(folder / "run/checkpoint"):
        checkpoint_files.read(path)
    return outcome(folder)


def assert_same(received, expected):
    for left, right in zip(received[0], expected[0], strict=True):
        np.testing.assert_array_equal(left, right, strict=True)
    assert received[1:] == expected[1:]


@pytest.mark.slow
def test_steps_of_the_whole_run_are_without_gaps(whole):
    steps = whole[2]
    assert steps["train", "batch_loss"] == [*range(1, 25)]
    assert steps["train", "epoch_loss"] == [0, 1, 2, 3]


@pytest.mark.slow
def test_a_run_killed_in_two_checkpoints_equals_the_whole(
    train, whole, tmp_path
):
    kills = [
        {"write": {"checkpoint": 2, "fraction": 0.4}},
        {"write": {"checkpoint": 1, "call": 8}},
    ]
    assert_same(killed_twice(train, tmp_path, 2, kills), whole)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_a_run_killed_twice_anywhere_equals_the_whole(
    train, whole, tmp_path, seed
):
    generator = random.Random(seed)

    def kill():
        kind = generator.choice(["step", "byte", "call"])
        if kind == "step":
            return {"step": generator.randint(1, 8)}
        write = {"checkpoint": generator.randint(1, 2)}
        if kind == "byte":
            return {"write": {**write, "fraction": generator.random()}}
        return {"write": {**write, "call": generator.randint(1, 16)}}

    every_steps, kills = generator.randint(1, 5), [kill(), kill()]
    print(f"every {every_steps} steps, killed at {kills}")  # noqa: T201
    assert_same(killed_twice(train, tmp_path, every_steps, kills), whole)
