"""docs/moving.md promises names that exist."""

import functools
import re
from pathlib import Path

import keras
import pytest

import keras_nn

TEXT = (Path(__file__).parents[1] / "docs" / "moving.md").read_text()
NAMES = sorted(set(re.findall(r"`(keras(?:_nn)?(?:\.\w+)+)", TEXT)))


@pytest.mark.skipif(
    keras.config.backend() != "tensorflow", reason="applications need it"
)
def test_every_name_exists():
    roots = {"keras": keras, "keras_nn": keras_nn}
    assert len(NAMES) > 40
    for name in NAMES:
        root, *path = name.split(".")
        assert functools.reduce(getattr, path, roots[root]) is not None, name
