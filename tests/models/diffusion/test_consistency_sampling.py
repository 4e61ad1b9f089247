from pathlib import Path

import keras
import numpy as np
import pytest

from keras_nn.models import ConsistencyModel

GOLDEN = Path(__file__).parents[2] / "parity" / "diffusers_edm.npz"


def model():
    """Says `tanh` of what it sees."""
    inputs = {
        "noisy": keras.Input((3,), name="noisy"),
        "times": keras.Input((), name="times"),
    }
    says = keras.layers.Activation("tanh", name="says")(inputs["noisy"])
    return ConsistencyModel(keras.Model(inputs, says))


def test_scales_and_three_steps_equal_those_of_diffusers(monkeypatch):
    with np.load(GOLDEN) as file:
        golden = dict(file)
    subject = model()
    for ratio, (skip, out) in zip(
        golden["consistency/sigmas"], golden["consistency/scales"], strict=True
    ):
        ones = np.ones((1, 3), "float32")
        found = subject.consistent(ones, np.full(1, ratio, "float32"))
        said = np.tanh(1 / np.hypot(ratio, 0.5))
        np.testing.assert_allclose(found, skip + out * said, atol=1e-6)
    noise = np.stack([golden["start"], *golden["noise"][:2]], axis=1)
    monkeypatch.setattr(keras.random, "normal", lambda *a, **k: noise)
    drawn = subject.generate(2, seed=0, ratios=golden["consistency/sigmas"])
    np.testing.assert_allclose(drawn, golden["consistency/sample"], atol=1e-5)


def test_refuses_steps_from_nowhere():
    for ratios in ([], [80.0, 1e-4]):
        with pytest.raises(ValueError, match="one for each step.*Received"):
            model().generate(1, ratios=ratios)
