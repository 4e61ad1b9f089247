"""Measures of explanations against what Quantus computed."""

from pathlib import Path

import keras
import numpy as np
import pytest

if keras.config.backend() != "tensorflow":
    pytest.skip("needs TensorFlow", allow_module_level=True)

from keras_nn import explain
from keras_nn.explain.road_curve import filled_in


@pytest.fixture(scope="module")
def numbers():
    """What `record_quantus.py` wrote: a dict of arrays."""
    with np.load(Path(__file__).parent / "quantus.npz") as file:
        return dict(file)


@pytest.mark.parametrize("name", ["complexity", "sparseness"])
def test_conciseness(name, numbers):
    found = getattr(explain, name)(numbers["maps"][..., None])
    np.testing.assert_allclose(found, numbers[name], atol=1e-5)


@pytest.mark.parametrize(
    "name",
    ["pointing_game", "relevance_mass_accuracy", "relevance_rank_accuracy"],
)
def test_localization(name, numbers):
    measure = getattr(explain, name)
    found = measure(numbers["maps"][..., None], numbers["masks"])
    np.testing.assert_allclose(found, numbers[name], atol=1e-6)
    assert len(set(found)) > 1


def test_filling_in(numbers):
    triples = (numbers[k] for k in ("pictures", "missing", "filled_in"))
    for picture, missing, expected in zip(*triples, strict=True):
        found = filled_in(np.moveaxis(picture, 0, -1), missing)
        np.testing.assert_allclose(
            found, np.moveaxis(expected, 0, -1), atol=1e-8
        )
