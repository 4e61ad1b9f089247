import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from keras_nn import training
from keras_nn.applications import ImageClassifier
from keras_nn.applications import Run
from keras_nn.applications import fit_recipe
from keras_nn.testing import read_events
from keras_nn_cli import train


def test_trains_on_the_digits_and_fills_the_run_folder(
    keras_nn_command, tmp_path
):
    environment = dict(os.environ)
    environment.pop("TF_CPP_MIN_LOG_LEVEL", None)
    result = keras_nn_command(
        *("train", "image-classifier", "--epochs", 3),
        *("--set", "learning_rate=0.01", "--seed", 1, "--log-dir", tmp_path),
        *("--batch-size", 16, "--accumulate", 2),
        environment=environment,
    )
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""  # nothing of what TensorFlow prints
    run = Path(result.stdout.splitlines()[-1])
    assert run.parent == tmp_path / "image-classifier"
    assert f"keras-nn inspect {run}" in result.stdout
    assert "test accuracy" in result.stdout

    config = json.loads((run / "config.json").read_text())
    assert config["recipe"] == "digits"
    assert config["seed"] == 1
    assert config["fit"] == {"epochs": 3, "batch_size": 16}
    assert config["accumulate"] == 2
    assert config["settings"]["learning_rate"] == 0.01
    assert set(config["versions"]) > {"python", "keras", "tensorflow"}
    metrics = json.loads((run / "metrics.json").read_text())
    assert set(metrics) == {"test", "train_seconds", "sha256"}
    assert metrics["test"]["accuracy"] > 0.9
    card = (run / "MODEL_CARD.md").read_text()
    assert f"| accuracy | {metrics['test']['accuracy']:.4f} |" in card
    for folder in ("train", "validation"):
        assert list((run / folder).glob("events.out.tfevents.*"))
    assert (run / "model.keras").is_file()
    assert list((run / "checkpoint").glob("checkpoint-*/manifest.json"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--recipe", "digit"], "did you mean 'digits'"),
        (["--set", "dropuot=1"], "did you mean 'dropout'"),
        (["--set", "optimizer=adagrad"], "Choices: adam, adamw, sgd"),
        (["--set", "dropout=much"], "takes a value of type float"),
        (["--set", "dropout"], "takes key=value"),
        (["--strategy", "horovod"], "horovod"),
        (["--precision", "float8"], "float8"),
        (["--epochs", "0"], "epochs"),
        (["--accumulate", "0"], "accumulate"),
        (["--data", "no/such/folder"], "neither a path nor one of"),
        (["--recipe", "pictures"], "--data PATH"),
    ],
)
def test_a_wrong_request_is_one_message_and_ends_with_two(
    invoke, arguments, message, tmp_path
):
    code, output, error = invoke(
        "train", "image-classifier", "--log-dir", tmp_path, *arguments
    )
    assert code == 2
    assert message in error
    assert "Traceback" not in error + output
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_and_one_class_are_failures_with_a_reason(
    invoke, tmp_path
):
    empty = tmp_path / "empty"
    empty.mkdir()
    one = tmp_path / "one"
    (one / "cat").mkdir(parents=True)
    for folder, message in ((empty, "class folders"), (one, "two classes")):
        code, _, error = invoke(
            *("train", "image-classifier", "--data", folder),
            *("--log-dir", tmp_path / "runs"),
        )
        assert code == 1
        assert message in error
        assert str(folder) in error
    assert not (tmp_path / "runs").exists()


@pytest.mark.slow
def test_folds_print_mean_and_spread(invoke, tmp_path, monkeypatch):
    monkeypatch.setattr(ImageClassifier, "inspectors", lambda *a, **k: [])
    code, output, error = invoke(
        *("train", "image-classifier", "--folds", "2", "--epochs", "1"),
        *("--batch-size", "256", "--log-dir", tmp_path),
    )
    assert code == 0, error
    run = Path(output.splitlines()[-1])
    metrics = json.loads((run / "metrics.json").read_text())
    assert (run / "fold-2" / "model.keras").is_file()
    assert f"{metrics['test']['accuracy']:.4f}" in output
    assert f"{metrics['deviations']['accuracy']:.4f}" in output


def test_choices_are_those_of_the_library():
    assert get_args(train.Strategy) == training.STRATEGIES
    assert get_args(train.Precision) == fit_recipe_module().PRECISIONS


def fit_recipe_module():
    import sys

    return sys.modules[fit_recipe.__module__]


@pytest.mark.slow
def test_a_run_killed_twice_and_one_terminated_end_as_one_that_was_not(
    tmp_path,
):
    options = ["image-classifier", "--epochs", "8", "--batch-size", "8"]
    generator = random.Random(0)
    whole = _finish(["train", *options, "--log-dir", tmp_path / "whole"])

    process = _start(["train", *options, "--log-dir", tmp_path / "killed"])
    for number in (signal.SIGKILL, signal.SIGKILL, signal.SIGTERM):
        checkpoints = tmp_path / "killed/image-classifier"
        known = set(checkpoints.glob("*/checkpoint/checkpoint-*"))
        while not set(checkpoints.glob("*/checkpoint/checkpoint-*")) - known:
            assert process.poll() is None, "ended before it was killed"
            time.sleep(0.02)
        time.sleep(generator.random() * 0.5)
        process.send_signal(number)
        code = process.wait(60)
        assert code == (143 if number == signal.SIGTERM else -9)
        (folder,) = checkpoints.iterdir()
        resume = ["train", "image-classifier", "--resume", folder]
        process = _start(resume)
    assert process.wait(300) == 0
    assert Run.open(folder).metrics["test"] == Run.open(whole).metrics["test"]
    pairs = zip(
        Run.open(folder).load().variables,
        Run.open(whole).load().variables,
        strict=True,
    )
    for left, right in pairs:
        np.testing.assert_array_equal(left, right)
    assert _steps(folder) == _steps(whole)
    assert _finish(resume) == folder  # nothing is left to do


def _start(arguments):
    script = "from keras_nn_cli import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _finish(arguments):
    output, _ = _start(arguments).communicate(timeout=300)
    return Path(output.splitlines()[-1])


def _steps(folder):
    return {
        (run, tag): [event.step for event in events]
        for run, tags in read_events(folder).items()
        for tag, events in tags.items()
        if not tag.startswith("throughput/")  # measured after a first step
    }


@pytest.mark.parametrize(
    ("options", "received"),
    [
        (["--epochs", 9], "epochs=9"),
        (["--accumulate", 2], "accumulate=2"),
        (["--precision", "float16"], "precision='mixed_float16'"),
        (["--set", "dropout=0.9"], "settings dropout=0.9"),
        (["--log-dir", "elsewhere"], "log_dir='elsewhere'"),
    ],
)
def test_refuses_options_that_contradict_the_run(
    invoke, trained_run, options, received
):
    code, _, error = invoke(
        *("train", "image-classifier", "--resume", trained_run.path), *options
    )
    error = " ".join(error.split())
    assert code == 2 and "begun with" in error and received in error


def test_a_finished_run_is_shown_as_it_is(invoke, trained_run):
    code, output, _ = invoke(
        "train", "image-classifier", "--resume", trained_run.path
    )
    assert code == 0 and "had finished" in output
    assert output.splitlines()[-1] == str(trained_run.path)
