"""One process, one strategy, one seed, and the folders a backend can test."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import pytest

from keras_nn.testing import two_replicas

if keras.config.backend() == "tensorflow":
    two_replicas()


@pytest.fixture(autouse=True)
def fresh_names_and_seed():
    """Each test starts from the same seed and fresh automatic names."""
    keras.utils.set_random_seed(0)
    keras.backend.clear_session()
