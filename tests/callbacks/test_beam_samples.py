import keras
import numpy as np
import pytest

from keras_nn.callbacks import BeamSamples
from keras_nn.testing import read_events


class Writer(keras.Sequential):
    def beams(self, texts, num_beams):
        return [[(f"{t}!", -0.5), (f"{t}|", -1.25)][:num_beams] for t in texts]


def test_writes_beams_with_scores(tmp_path):
    model = Writer([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    samples = BeamSamples(tmp_path, ["one", "two"], num_beams=2)
    model.fit(np.ones((1, 1)), np.ones((1, 1)), verbose=0, callbacks=[samples])
    (event,) = read_events(tmp_path)["validation"]["beams"]
    for cell in ("one", "rank", "-0.500", "-1.250", "two\\|"):
        assert cell in event.value, cell
    with pytest.raises(ValueError, match="must be a text"):
        BeamSamples(tmp_path, [])
