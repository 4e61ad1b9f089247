import importlib.util
import warnings
from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers

from keras_nn.explain import FunctionalView
from keras_nn.explain import class_activation
from keras_nn.testing import two_replicas

_SPEC = importlib.util.spec_from_file_location(
    "zoo", Path(__file__).parent / "zoo.py"
)
zoo = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(zoo)

METHODS = [
    "gradcam",
    "gradcam++",
    "scorecam",
    "layercam",
    "saliency",
    "smoothgrad",
]
FEW = {"scorecam": {"max_channels": 3}, "smoothgrad": {"samples": 2}}
TARGETS = [1, 0, 3]


def directly(method, model, pictures, targets):
    """What tf-keras-vis itself gives, used as its guide says."""
    from tf_keras_vis.gradcam import Gradcam
    from tf_keras_vis.gradcam_plus_plus import GradcamPlusPlus
    from tf_keras_vis.layercam import Layercam
    from tf_keras_vis.saliency import Saliency
    from tf_keras_vis.scorecam import Scorecam
    from tf_keras_vis.utils.model_modifiers import ReplaceToLinear
    from tf_keras_vis.utils.scores import CategoricalScore

    kind, options = {
        "gradcam": (Gradcam, {}),
        "gradcam++": (GradcamPlusPlus, {}),
        "scorecam": (Scorecam, {}),
        "layercam": (Layercam, {}),
        "saliency": (Saliency, {}),
        "smoothgrad": (Saliency, {"smooth_samples": 4}),
    }[method]
    np.random.seed(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return kind(model, ReplaceToLinear(), clone=True)(
            CategoricalScore(targets), pictures, **options
        )


@pytest.mark.parametrize("method", METHODS)
def test_equals_tf_keras_vis_on_a_functional_model(method):
    model = zoo.functional()
    options = {"samples": 4} if method == "smoothgrad" else {}
    found = class_activation(model, zoo.PICTURES, TARGETS, method, **options)
    expected = directly(method, model, zoo.PICTURES, TARGETS)
    assert expected.std() > 0.1
    np.testing.assert_allclose(found, expected, atol=2e-4)


@pytest.mark.parametrize("make", zoo.SINGLE[1:], ids=lambda make: make.__name__)
def test_every_method_on_every_kind_of_model(make):
    model = make()
    model(zoo.PICTURES)
    view = FunctionalView(model, zoo.PICTURES, linear=True)
    for method in METHODS:
        options = FEW.get(method, {})
        maps = class_activation(view, zoo.PICTURES, 2, method, **options)
        assert maps.shape == (3, 12, 12) and maps.dtype == "float32"
        assert maps.min() == 0 and maps.max() == 1


def test_taking_a_model_apart_changes_no_map():
    whole = zoo.functional()
    body = zoo.backbone()
    images = keras.Input((12, 12, 3))
    pooled = layers.GlobalAveragePooling2D()(body(images))
    parts = keras.Model(images, layers.Dense(4, "softmax")(pooled))
    parts.set_weights(whole.get_weights())
    for method in ("gradcam", "saliency"):
        np.testing.assert_allclose(
            class_activation(parts, zoo.PICTURES, TARGETS, method),
            class_activation(whole, zoo.PICTURES, TARGETS, method),
            atol=1e-5,
        )


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_half_precision_gives_the_maps_of_its_weights(policy):
    keras.config.set_dtype_policy(policy)
    try:
        half = zoo.functional()
    finally:
        keras.config.set_dtype_policy("float32")
    single = zoo.functional()
    single.set_weights(half.get_weights())
    views = [FunctionalView(model, linear=True) for model in (half, single)]
    for method in METHODS:
        options = FEW.get(method, {})
        found, expected = (
            class_activation(v, zoo.PICTURES, TARGETS, method, **options)
            for v in views
        )
        np.testing.assert_allclose(found, expected, atol=1e-5)


@pytest.mark.parametrize("form", [dict, list])
def test_several_inputs_and_outputs(form):
    model, inputs = zoo.several(form), zoo.several_inputs(form)
    view = FunctionalView(model, linear=True, hold_side_inputs=True)
    output = "label" if form is dict else 1
    for method in METHODS:
        options = FEW.get(method, {})
        maps = class_activation(
            view, inputs, TARGETS, method, output=output, **options
        )
        assert maps.shape == (3, 12, 12) and maps.std() > 0.05
    whole = class_activation(
        model, inputs, TARGETS, method="gradcam", output=output
    )
    alone = class_activation(
        model,
        keras.tree.map_structure(lambda x: x[1:2], inputs),
        TARGETS[1],
        output=output,
    )
    np.testing.assert_allclose(whole[1:2], alone, atol=1e-6)
    with pytest.raises(ValueError, match="`output`.*Received: None"):
        class_activation(model, inputs, TARGETS)


def test_a_model_from_a_strategy_scope():
    with two_replicas().scope():
        model = zoo.functional()
    plain = zoo.functional()
    plain.set_weights(model.get_weights())
    np.testing.assert_allclose(
        class_activation(model, zoo.PICTURES, TARGETS),
        class_activation(plain, zoo.PICTURES, TARGETS),
        atol=1e-6,
    )


def test_finds_the_picture_s_bright_spot():
    images = keras.Input((16, 16, 1))
    convolution = layers.Conv2D(
        1, 3, padding="same", kernel_initializer="ones", name="c"
    )
    pooled = layers.GlobalAveragePooling2D()(convolution(images))
    head = layers.Dense(2, "softmax", kernel_initializer="ones")
    model = keras.Model(images, head(pooled))
    head.kernel.assign([[-1.0, 1.0]])
    pictures = np.zeros((2, 16, 16, 1), "float32")
    pictures[0, 3, 4] = pictures[1, 10, 12] = 1
    for method in ("gradcam", "gradcam++", "layercam"):
        maps = class_activation(model, pictures, 1, method)
        centres = [np.unravel_index(m.argmax(), m.shape) for m in maps]
        assert np.abs(np.array(centres) - [[3, 4], [10, 12]]).max() <= 1
        assert class_activation(model, pictures, 0, method).max() == 0


def test_explains_the_predicted_class_unless_told():
    model = zoo.functional()
    predicted = np.argmax(model(zoo.PICTURES), axis=1)
    np.testing.assert_array_equal(
        class_activation(model, zoo.PICTURES),
        class_activation(model, zoo.PICTURES, predicted),
    )


def test_signals_and_a_named_layer():
    signal = keras.Input((20, 2))
    x = layers.Conv1D(4, 3, name="early")(signal)
    x = layers.Flatten()(layers.Conv1D(4, 3)(x))
    model = keras.Model(signal, layers.Dense(3)(x))
    waves = np.random.default_rng(0).normal(size=(2, 20, 2))
    late = class_activation(model, waves, 1)
    early = class_activation(model, waves, 1, layer="early")
    assert late.shape == (2, 20) and np.abs(late - early).max() > 0.01


def test_a_large_score_does_not_overflow():
    model = zoo.functional()
    model.get_layer("head").kernel.assign(np.full((8, 4), 1e3))
    maps = class_activation(model, zoo.PICTURES, 1, "gradcam++")
    assert np.isfinite(maps).all() and maps.max() == 1


def test_refuses_what_it_cannot_explain():
    dense = keras.Sequential(
        [keras.Input((4, 4, 1)), layers.Flatten(), layers.Dense(2)]
    )
    pictures = np.ones((2, 4, 4, 1))
    with pytest.raises(ValueError, match="the model has none"):
        class_activation(dense, pictures)
    assert class_activation(dense, pictures, 0, "saliency").shape == (2, 4, 4)
    with pytest.raises(ValueError, match="Received: 'cam'"):
        class_activation(dense, pictures, method="cam")
    with pytest.raises(ValueError, match="linear=True"):
        class_activation(FunctionalView(dense), pictures)
    flat = keras.Sequential([keras.Input((4,)), layers.Dense(2)])
    with pytest.raises(ValueError, match=r"Received: .*\(2, 4\)"):
        class_activation(flat, np.ones((2, 4)), 0, "saliency")
    convolution = zoo.functional()
    for option, method in (
        ("max_channels", "scorecam"),
        ("samples", "smoothgrad"),
    ):
        with pytest.raises(ValueError, match=f"Received: {option}=0"):
            class_activation(
                convolution, zoo.PICTURES, 0, method, **{option: 0}
            )
