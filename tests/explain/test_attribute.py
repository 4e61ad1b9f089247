import importlib.util
from pathlib import Path

import keras
import numpy as np
import pytest

from keras_nn.explain import attribute
from keras_nn.explain.attribute import METHODS
from keras_nn.explain.attribute import explainer_for

_SPEC = importlib.util.spec_from_file_location(
    "zoo", Path(__file__).parent / "zoo.py"
)
zoo = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(zoo)

GRID = np.arange(12)[:, None, None] // 6
FEW = {
    "integrated-gradients": {"n_steps": 3},
    "internal-influence": {"n_steps": 3, "layer": "c2"},
    "conductance": {"n_steps": 3, "layer": "c2"},
    "neuron-conductance": {"n_steps": 3, "layer": "c2", "neuron": 1},
    "gradient-shap": {"n_samples": 2},
    "occlusion": {"window": 6},
    "feature-ablation": {"feature_mask": GRID},
    "feature-permutation": {"feature_mask": GRID},
    "shapley-values": {"feature_mask": GRID},
    "shapley-value-sampling": {"feature_mask": GRID, "n_samples": 2},
    "kernel-shap": {"feature_mask": GRID},
    "lime": {"feature_mask": GRID, "n_samples": 8},
    "rise": {"n_samples": 4},
    "scorecam": {"max_channels": 2},
    "smoothgrad": {"samples": 2},
    "smoothgrad-squared": {"samples": 2},
    "vargrad": {"samples": 2},
}
# A block that cannot be copied hides its ReLU and its sum from rules.
RULED = ("deep-lift", "guided-backprop", "deconvolution")
RULED += ("layer-wise-relevance",)


@pytest.mark.parametrize("make", zoo.SINGLE, ids=lambda make: make.__name__)
def test_methods_on_every_kind_of_model(make):
    model = make()
    model(zoo.PICTURES)
    for method in ("integrated-gradients", "deep-lift", "occlusion", "gradcam"):
        found = attribute(model, zoo.PICTURES, 2, method, **FEW.get(method, {}))
        assert found.method == method
        assert found.attributions.shape[:3] == (3, 12, 12)
        assert np.isfinite(found.attributions).all()
        assert np.abs(found.maps("signed")).max() == 1


def test_every_method_on_a_functional_model():
    model = zoo.functional()
    assert len(METHODS) == 30
    for method in METHODS:
        if method.startswith("attention"):
            continue
        found = attribute(
            model, zoo.PICTURES, method=method, **FEW.get(method, {})
        )
        of_layer = method in ("internal-influence", "conductance")
        side = 8 if of_layer else 12
        assert found.maps().shape == (3, side, side), method


@pytest.mark.parametrize("method", RULED)
def test_rules_reach_into_nested_and_subclassed_models(method):
    for make in (zoo.nested, zoo.sequential, zoo.operations):
        model = make()
        model(zoo.PICTURES)
        found = attribute(model, zoo.PICTURES, 1, method)
        assert np.abs(found.attributions).max() > 0


@pytest.mark.parametrize("form", [dict, list])
def test_several_inputs_have_attributions_of_their_structure(form):
    model, inputs = zoo.several(form), zoo.several_inputs(form)
    output = "label" if form is dict else 1
    found = attribute(model, inputs, 1, output=output)
    assert type(found.attributions) is form
    shapes = keras.tree.map_structure(np.shape, found.attributions)
    assert shapes == keras.tree.map_structure(np.shape, inputs)
    assert np.abs(found.convergence_delta).max() < 1e-2
    assert found.maps().shape == (3, 12, 12)


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_half_precision_gives_the_attributions_of_its_weights(policy):
    keras.config.set_dtype_policy(policy)
    try:
        half = zoo.functional()
    finally:
        keras.config.set_dtype_policy("float32")
    single = zoo.functional()
    single.set_weights(half.get_weights())
    for method in ("integrated-gradients", "layer-wise-relevance"):
        one, other = (
            attribute(m, zoo.PICTURES, 1, method).attributions
            for m in (half, single)
        )
        assert one.dtype == "float32"
        np.testing.assert_allclose(one, other, atol=1e-5)


def test_baselines_are_handed_on_and_methods_by_name():
    model = zoo.functional()
    found = attribute(model, zoo.PICTURES, 1, baselines=zoo.PICTURES, n_steps=2)
    assert not found.attributions.any()
    with pytest.raises(ValueError, match="Received: 'magic'"):
        explainer_for(model, "magic")
