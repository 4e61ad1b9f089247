import numpy as np
import pytest

from keras_nn.models import DenoisingMLP
from keras_nn.testing import check_model

SMALL = {"units": 8, "depth": 1, "embedding_units": 6}


def inputs(count=3, **more):
    random = np.random.default_rng(0)
    noisy = random.normal(size=(count, 4)).astype("float32")
    times = np.linspace(10, 900, count, dtype="float32")
    return {"noisy": noisy, "times": times, **more}


def test_conformance():
    check_model(
        DenoisingMLP, {"input_shape": (4,), **SMALL}, inputs(), fit=False
    )


def test_is_told_time_and_class_and_says_as_many_as_asked():
    model = DenoisingMLP((4,), num_classes=2, output_units=3, **SMALL)
    assert not np.any(model(inputs(labels=np.array([0, 1, 2]))))
    random = np.random.default_rng(1)
    for weight in model.weights:
        weight.assign(0.3 * random.normal(size=weight.shape))
    said = np.array(model(inputs(labels=np.array([0, 1, 2]))))
    assert said.shape == (3, 3)
    other = inputs(labels=np.array([0, 1, 1]))
    other["times"] = other["times"] + np.array([0, 50, 0], "float32")
    moved = np.abs(np.array(model(other)) - said).max(axis=1)
    assert moved[0] < 1e-6 < 1e-4 < moved[1:].min()


def test_refuses_pictures():
    with pytest.raises(ValueError, match=r"must be \(features,\)"):
        DenoisingMLP((4, 4, 1))
