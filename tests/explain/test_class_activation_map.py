import importlib.util
from pathlib import Path

import numpy as np
import pytest

from keras_nn.explain import ClassActivationMap
from keras_nn.explain import class_activation

_SPEC = importlib.util.spec_from_file_location(
    "zoo", Path(__file__).parent / "zoo.py"
)
zoo = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(zoo)


def test_it_is_class_activation():
    model = zoo.functional()
    explain = ClassActivationMap(model, layer="c1")
    found = explain(zoo.PICTURES)
    np.testing.assert_array_equal(
        found.attributions[..., 0],
        class_activation(model, zoo.PICTURES, layer="c1"),
    )
    np.testing.assert_array_equal(
        found.targets, np.argmax(model(zoo.PICTURES), axis=1)
    )
    assert found.method == "gradcam"


def test_sees_present_weights_and_takes_options():
    model = zoo.several()
    explain = ClassActivationMap(
        model, "scorecam", options={"max_channels": 2}, output="label"
    )
    before = explain(zoo.several_inputs(), 1).attributions
    for weight in model.weights:
        weight.assign(-weight)
    after = explain(zoo.several_inputs(), 1).attributions
    assert before.shape == (3, 12, 12, 1)
    assert np.abs(after - before).max() > 0.1


def test_refuses_another_method():
    with pytest.raises(ValueError, match="Received: 'cam'"):
        ClassActivationMap(zoo.functional(), "cam")
