"""One process, one strategy: two logical CPUs are set up before TensorFlow."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import pytest

TENSORFLOW = keras.config.backend() == "tensorflow"

if TENSORFLOW:
    import tensorflow as tf

    if len(tf.config.list_logical_devices("CPU")) < 2:
        raise RuntimeError("set XLA/TF logical CPUs before TensorFlow starts")


@pytest.fixture(autouse=True)
def fresh_names_and_seed():
    """Each test starts from the same seed and fresh automatic names."""
    keras.utils.set_random_seed(0)
    keras.backend.clear_session()
