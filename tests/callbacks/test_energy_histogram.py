import numpy as np
import pytest

from keras_nn.callbacks import EnergyHistogram
from keras_nn.testing import check_callback

X = np.random.default_rng(0).normal(size=(12, 4)).astype("float32")


def test_conformance_and_what_is_compared():
    events = check_callback(
        EnergyHistogram, {"groups": {"data": X, "noise": X[:3] - 4}}, epochs=1
    )
    found = events["train"]
    assert set(found) == {"energies", "energy/data", "energy/noise"}
    assert {event.step for event in found["energies"]} == {0}


def test_refuses_nothing_to_compare(tmp_path):
    with pytest.raises(ValueError, match="groups with examples"):
        EnergyHistogram(tmp_path, {"data": X[:0]})
    with pytest.raises(ValueError, match="groups with examples"):
        EnergyHistogram(tmp_path, {})
