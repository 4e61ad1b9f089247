import subprocess
import sys
from pathlib import Path

import pytest

import keras_nn.testing
from keras_nn.testing import two_replicas


def test_one_strategy_of_two_replicas():
    assert two_replicas().num_replicas_in_sync == 2
    assert two_replicas() is two_replicas()


@pytest.mark.slow
def test_too_late_is_an_error():
    # The file alone: the package would take its time to import.
    path = Path(keras_nn.testing.__file__).with_name("replicas.py")
    code = (
        "import runpy\n"
        "import tensorflow as tf\n"
        "tf.zeros(())\n"
        f"runpy.run_path({str(path)!r})['two_replicas']()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True
    )
    assert "before anything runs on TensorFlow" in done.stderr
