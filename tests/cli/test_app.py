import os
import subprocess
import sys

import pytest

COMMANDS = ("list", "train", "tune", "launch", "evaluate", "predict")
COMMANDS += ("explain", "generate", "export", "inspect")


@pytest.mark.parametrize(
    "arguments", [["--help"], ["train", "--help"], ["tune", "-h"]]
)
def test_help_is_there_without_importing_keras(arguments):
    script = """
import sys
from keras_nn_cli import main
try:
    main()
except SystemExit as end:
    assert end.code == 0, end.code
heavy = {"keras", "keras_nn", "tensorflow", "numpy", "rich"}
assert not heavy & set(sys.modules), heavy & set(sys.modules)
"""
    result = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.returncode == 0, result.stderr


def test_help_names_every_command(keras_nn_command):
    result = keras_nn_command("--help")
    assert result.returncode == 0
    for command in COMMANDS:
        assert f"\n  {command} " in result.stdout


BASH = {"_KERAS_NN_COMPLETE": "complete_bash", "COMP_CWORD": "1"}
FISH = {
    "_KERAS_NN_COMPLETE": "complete_fish",
    "_TYPER_COMPLETE_FISH_ACTION": "get-args",
}


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({**BASH, "COMP_WORDS": "keras-nn tr"}, "train"),
        (
            {**BASH, "COMP_WORDS": "keras-nn train im", "COMP_CWORD": "2"},
            "image-classifier",
        ),
        ({**FISH, "_TYPER_COMPLETE_ARGS": "keras-nn train --prec"}, "--precis"),
    ],
)
def test_the_shell_completes_without_importing_keras(environment, expected):
    script = """
import sys
from keras_nn_cli import main
try:
    main()
finally:
    loaded = {name for name, module in sys.modules.items() if module}
    assert not {"keras", "tensorflow", "rich.console"} & loaded
"""
    result = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, **environment},
    )
    assert result.stdout.startswith(expected)
    assert "AssertionError" not in result.stderr


def test_prints_its_version(invoke):
    from keras_nn import __version__

    assert invoke("--version")[:2] == (0, f"keras-nn {__version__}\n")


def test_an_unknown_command_or_option_is_a_usage_error(invoke):
    assert invoke("tarin")[0] == 2
    code, _, error = invoke("train", "image-classifier", "--resum", "x")
    assert code == 2
    assert "--resum" in error
