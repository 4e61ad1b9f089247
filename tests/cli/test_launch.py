import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from keras_nn_cli import launch as function  # noqa: F401
from keras_nn_cli import workers

launch = sys.modules["keras_nn_cli.launch"]


@pytest.fixture
def started(monkeypatch):
    """The commands that would run, and the options with them."""
    seen = []

    def run(commands, **options):
        seen.append(([arguments for arguments, _ in commands], options))
        return 3

    monkeypatch.setattr(workers, "run", run)
    monkeypatch.setattr(launch, "_gpus", lambda: [])
    return seen


def test_starts_as_many_processes_and_gives_back_their_code(invoke, started):
    code, _, _ = invoke(
        *("launch", "--workers", 3, "--grace", 2, "--"),
        *("train", "image-classifier", "--epochs", 1),
    )
    assert code == 3
    (commands, options), *_ = started
    assert options == {"grace": 2.0, "show": False}
    assert len(commands) == 3
    assert commands[0] == commands[1] == commands[2]
    assert commands[0][:3] == [sys.executable, "-c", launch.MAIN]
    assert commands[0][3:] == [
        *("train", "image-classifier", "--epochs", "1"),
        *("--strategy", "multiworker"),
    ]


def test_a_script_of_the_user_is_run_as_it_is(invoke, started):
    invoke("launch", "--", "python3", "my_script.py", "--strategy", "x")
    command = started[0][0][0]
    assert Path(command[0]).name == "python3"
    assert command[1:] == ["my_script.py", "--strategy", "x"]


@pytest.mark.parametrize("said", [["--strategy", "auto"], ["--strategy=auto"]])
def test_a_strategy_that_joins_the_workers_is_kept(invoke, started, said):
    invoke("launch", "--", "train", "image-classifier", *said)
    assert started[0][0][0][3:] == ["train", "image-classifier", *said]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "Received: no command"),
        (["trian", "image-classifier"], "'trian'"),
        (["train", "image-classifier", "--strategy", "none"], "multiworker"),
    ],
)
def test_refuses_what_would_not_train_together(invoke, started, words, message):
    code, _, error = invoke("launch", "--", *words)
    assert code == 2
    assert message in " ".join(error.split())
    assert not started


def test_refuses_fewer_gpus_than_workers(invoke, started, monkeypatch):
    monkeypatch.setattr(launch, "_gpus", lambda: ["0"])
    code, _, error = invoke("launch", "--", "train", "image-classifier")
    assert code == 2
    assert "fewer GPUs than workers" in error


def test_gpus_are_those_that_may_be_used(monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "2,5")
    assert launch._gpus() == ["2", "5"]
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "-1")
    assert launch._gpus() == []


@pytest.mark.slow
def test_two_workers_train_into_one_run_folder(keras_nn_command, tmp_path):
    result = keras_nn_command(
        *("launch", "--workers", 2, "--", "train", "image-classifier"),
        *("--epochs", 1, "--log-dir", tmp_path / "runs"),
        environment={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert result.returncode == 0, result.stderr
    run = Path(result.stdout.splitlines()[-1])
    assert [*(tmp_path / "runs" / "image-classifier").iterdir()] == [run]
    names = {path.name for path in run.iterdir()}
    assert names >= {"config.json", "metrics.json", "model.keras"}
    assert names >= {"MODEL_CARD.md", "train", "validation", "checkpoint"}
    for folder in ("train", "validation"):
        assert len([*(run / folder).glob("*tfevents*")]) == 1
    metrics = json.loads((run / "metrics.json").read_text())
    # 0.86 with one process; dropout draws other masks here.
    assert metrics["test"]["accuracy"] > 0.75
    assert "multiworker" in (run / "MODEL_CARD.md").read_text()
    assert not [*tmp_path.glob("keras-nn-worker-*")]
    assert result.stdout.count("val_accuracy") == 1


@pytest.mark.slow
def test_workers_that_lost_one_go_on_where_they_were(
    keras_nn_command, tmp_path
):
    train = "train", "image-classifier", "--epochs", "3"
    whole = keras_nn_command(
        "launch", "--", *train, "--log-dir", tmp_path / "a"
    )
    expected = Path(whole.stdout.splitlines()[-1]) / "metrics.json"

    log = tmp_path / "log"
    with log.open("w") as output:
        launcher = subprocess.Popen(
            [sys.executable, "-c", launch.MAIN, "launch", "--", *train]
            + ["--log-dir", str(tmp_path / "b")],
            stdout=output,
            stderr=output,
        )
        while "Epoch 2/3" not in log.read_text():
            assert launcher.poll() is None, log.read_text()
            time.sleep(0.1)
        os.kill(worker_of(launcher.pid, 1), signal.SIGKILL)
        assert launcher.wait(timeout=60) == 128 + signal.SIGKILL
    (run,) = (tmp_path / "b" / "image-classifier").iterdir()
    result = keras_nn_command(
        *("launch", "--", "train", "image-classifier", "--resume", run)
    )
    assert result.returncode == 0, result.stderr
    assert "Epoch 1/3" not in result.stdout
    metrics, expected = (
        json.loads(path.read_text())["test"]
        for path in (run / "metrics.json", expected)
    )
    assert metrics == pytest.approx(expected, abs=1e-5)


def worker_of(launcher, index):
    """The process number of a worker, from what Linux tells of processes."""
    for path in Path("/proc").glob("[0-9]*"):
        try:
            parent = (path / "stat").read_text().rpartition(")")[2].split()[1]
            environment = (path / "environ").read_text()
        except OSError:
            continue
        if int(parent) == launcher and f'"index": {index}' in environment:
            return int(path.name)
    raise AssertionError(f"worker {index} does not run")
