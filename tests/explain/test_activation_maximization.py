import importlib.util
from pathlib import Path

import numpy as np
import pytest

from keras_nn.explain import activation_maximization
from keras_nn.explain.picture_units import PictureUnits

_SPEC = importlib.util.spec_from_file_location(
    "zoo", Path(__file__).with_name("zoo.py")
)
zoo = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(zoo)


@pytest.mark.parametrize("layer", [None, "c2"])
def test_equals_tf_keras_vis_on_a_functional_model(layer):
    from tf_keras_vis.activation_maximization import ActivationMaximization
    from tf_keras_vis.activation_maximization.input_modifiers import Jitter
    from tf_keras_vis.utils.model_modifiers import ExtractIntermediateLayer
    from tf_keras_vis.utils.model_modifiers import ReplaceToLinear
    from tf_keras_vis.utils.scores import CategoricalScore

    model = zoo.functional()
    modifier = ReplaceToLinear()
    if layer is not None:
        modifier = ExtractIntermediateLayer(layer)
    start = np.random.default_rng(0).uniform(0, 255, (2, 12, 12, 3))
    np.random.seed(0)
    expected = ActivationMaximization(model, modifier, clone=True)(
        CategoricalScore([1, 3]),
        start.astype("float32"),
        input_modifiers=[Jitter(4)],
        steps=4,
    )
    before = np.random.get_state()[1].copy()
    found = activation_maximization(model, [1, 3], layer, steps=4, degree=0)
    np.testing.assert_allclose(found, expected, atol=1e-3)
    assert np.abs(found - start).mean() > 5  # grey levels: it has moved
    np.testing.assert_array_equal(np.random.get_state()[1], before)


@pytest.mark.parametrize("name", ["sequential", "nested", "Subclassed"])
def test_excites_a_class_of_any_model(name):
    model = getattr(zoo, name)()
    model(zoo.PICTURES)
    options = {"value_range": (-1, 1), "jitter": 1, "learning_rate": 5.0}
    options |= {"variation_weight": 0.0, "norm_weight": 0.0}
    found, again = (
        activation_maximization(model, 2, steps=12, **options) for _ in range(2)
    )
    assert found.shape == (1, 12, 12, 3) and found.dtype == "float32"
    assert found.min() >= -1 and found.max() <= 1
    np.testing.assert_array_equal(found, again)
    random = np.random.default_rng(1).uniform(-1, 1, (16, 12, 12, 3))
    score = PictureUnits(model).score  # the logit
    of_random = score(random.astype("float32"), [2] * 16)
    assert score(found, [2])[0] > np.max(of_random)


def test_refuses_what_there_is_not():
    model = zoo.functional()
    with pytest.raises(ValueError, match="from 0 to 3. Received: .4"):
        activation_maximization(model, 4)
    with pytest.raises(ValueError, match="`value_range` must rise"):
        activation_maximization(model, 0, value_range=(1, 1))
    with pytest.raises(ValueError, match="Received: steps=0"):
        activation_maximization(model, 0, steps=0)
