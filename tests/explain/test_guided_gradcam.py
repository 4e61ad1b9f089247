import importlib.util
from pathlib import Path

import numpy as np

from keras_nn.explain import GuidedBackprop
from keras_nn.explain import GuidedGradCam
from keras_nn.explain import class_activation

_SPEC = importlib.util.spec_from_file_location(
    "zoo", Path(__file__).parent / "zoo.py"
)
zoo = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(zoo)


def test_it_is_the_product_of_both():
    model = zoo.functional()
    found = GuidedGradCam(model)(zoo.PICTURES, 1)
    guided = GuidedBackprop(model)(zoo.PICTURES, 1).attributions
    cam = class_activation(model, zoo.PICTURES, 1)
    np.testing.assert_allclose(
        found.attributions, guided * cam[..., None], atol=1e-6
    )
    assert np.abs(found.attributions).max() > 0


def test_side_inputs_have_no_part():
    model, inputs = zoo.several(), zoo.several_inputs()
    found = GuidedGradCam(model, output="label")(inputs, 1).attributions
    assert found["images"].shape == (3, 12, 12, 3)
    assert not found["numbers"].any()
