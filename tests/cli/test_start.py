import os
import subprocess
import sys

import pytest

from keras_nn_cli.start import silent_stderr


def test_nothing_is_printed_while_tensorflow_starts(tmp_path):
    environment = dict(os.environ)
    environment.pop("TF_CPP_MIN_LOG_LEVEL", None)
    script = """
from keras_nn_cli.start import start
start()
import tensorflow as tf
tf.constant(1) + 1
"""
    result = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        timeout=120,
        env=environment,
    )
    assert result.returncode == 0
    assert result.stdout + result.stderr == ""


def test_what_was_held_back_is_shown_if_the_start_fails(capfd):
    with silent_stderr():
        os.write(2, b"noise")
    assert capfd.readouterr().err == ""
    with pytest.raises(ImportError):
        with silent_stderr():
            os.write(2, b"the reason")
            raise ImportError
    assert capfd.readouterr().err == "the reason"
