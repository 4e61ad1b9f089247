import numpy as np
import pytest

from keras_nn.models import NoisyEncoder
from keras_nn.testing import check_model

SMALL = {"output_units": 3, "filters": [4], "embedding_units": 6}


def test_conformance():
    random = np.random.default_rng(0)
    x = {
        "noisy": random.normal(size=(3, 4, 6, 2)).astype("float32"),
        "times": np.linspace(10, 900, 3, dtype="float32"),
    }
    small = {"input_shape": (4, 6, 2), **SMALL}
    check_model(NoisyEncoder, small, x, fit=False)


def test_reads_series_too():
    small = {**SMALL, "filters": [4, 6], "dropout": 0.5, "blocks": 2}
    model = NoisyEncoder((8, 2), **small)
    said = model({"noisy": np.ones((2, 8, 2)), "times": np.zeros(2)})
    assert said.shape == (2, 3)


def test_refuses_what_cannot_be_halved():
    with pytest.raises(ValueError, match="divisible by 4.*input_shape="):
        NoisyEncoder((6, 8, 1), 3, filters=[4, 4, 4])
    with pytest.raises(ValueError, match=r"or \(time, channels\)"):
        NoisyEncoder((6,), 3)
