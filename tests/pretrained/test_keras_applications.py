import keras
import numpy as np
import pytest

from keras_nn.models import ResNet
from keras_nn.pretrained import keras_applications
from keras_nn.pretrained.keras_applications import copy_weights
from keras_nn.pretrained.keras_applications import keras_application
from keras_nn.pretrained.keras_applications import load
from keras_nn.pretrained.keras_applications import published_mode
from keras_nn.pretrained.keras_applications_names import tensors_by_name

# Of every family the smallest, at a size that leaves the last map a pixel.
SMALLEST = [
    ("resnet50", 64),
    ("resnet50v2", 64),
    ("vgg16", 32),
    ("mobilenet_v2_35", 33),
    ("mobilenet_v3_small", 32),
    ("efficientnetb0", 40),
    ("efficientnetv2-b0", 32),
    ("densenet121", 32),
    ("convnext_tiny", 32),
]
QUICK = ["vgg16", "mobilenet_v2_35", "efficientnetb0"]
LARGER = [
    "vgg19",
    "mobilenet_v2",
    "mobilenet_v2_140",
    "mobilenet_v3_large",
    "mobilenet_v3_large_75",
    "mobilenet_v3_small_minimalistic",
    "efficientnetb2",
    "efficientnetb7",
    "efficientnetv2-b3",
    "efficientnetv2-s",
    "efficientnetv2-l",
    "densenet169",
    "densenet201",
    "convnext_small",
    "convnext_base",
]


# What takes too long to compare in every output. All others are above.
LARGEST = [
    *(f"resnet{depth}{v}" for depth in (101, 152) for v in ("", "v2")),
    *(f"efficientnetb{size}" for size in (1, 3, 4, 5, 6)),
    *(f"efficientnetv2-{size}" for size in ("b1", "b2", "m")),
    "convnext_large",
    "convnext_xlarge",
]


def randomise(model):
    """Weights as training leaves them: no statistic at its start value.

    Wilder ones, or gains of 1 at the end of every branch, would make the
    deepest networks chaotic: from block to block they multiply the last
    digit, in which two ways to compute the same may differ.
    """
    generator = np.random.default_rng(0)
    for weight in model.weights:
        if "kernel" not in weight.name and weight.dtype == "float32":
            offset = weight.name in ("beta", "bias", "mean", "moving_mean")
            value = generator.uniform(-0.2, 0.2, size=weight.shape)
            middle = 0.5 if weight.name == "gamma" else 1.0
            weight.assign(value if offset else middle + value)
    for layer in model.layers:
        if isinstance(layer, keras.layers.Normalization):
            layer.finalize_state()


def pair(preset, size, **arguments):
    """Their network and ours, with equal weights."""
    arguments = {"input_shape": (size, size, 3), **arguments}
    theirs = keras_application(preset, **arguments)
    randomise(theirs)
    ours = keras_applications._CONSTRUCTORS[preset][0].from_preset(
        preset, **arguments
    )
    assert copy_weights(theirs, ours) == len(theirs.weights)
    assert ours.count_params() == theirs.count_params()
    return theirs, ours


def pictures(size, count=1):
    generator = np.random.default_rng(0)
    x = generator.uniform(0, 255, size=(count, size, size, 3))
    return x.astype("float32")


def assert_equal_outputs(theirs, ours, size):
    x = pictures(size)
    expected = theirs.predict(x, verbose=0)
    np.testing.assert_allclose(
        ours.predict(x, verbose=0),
        expected,
        rtol=0,
        atol=1e-5 * np.abs(expected).max(),
    )


@pytest.mark.parametrize(
    "preset, size",
    [
        # What has been classified alike has had the same features.
        pytest.param(*case, marks=[pytest.mark.slow] if i else [])
        for i, case in enumerate(SMALLEST)
    ],
)
def test_both_forms_give_the_same_features(preset, size):
    theirs, ours = pair(preset, size, include_top=False)
    assert_equal_outputs(theirs, ours, size)


@pytest.mark.parametrize(
    "preset, size",
    [
        pytest.param(*case, marks=[] if case[0] in QUICK else pytest.mark.slow)
        for case in SMALLEST[2:]
    ],
)
def test_both_forms_classify_alike(preset, size):
    theirs, ours = pair(preset, size, classes=7)
    assert_equal_outputs(theirs, ours, size)


@pytest.mark.slow
@pytest.mark.parametrize("include_top", [True, False])
@pytest.mark.parametrize("preset", LARGER)
def test_larger_sizes_are_equal(preset, include_top):
    further = {"classes": 7} if include_top else {"pooling": "avg"}
    theirs, ours = pair(preset, 64, include_top=include_top, **further)
    assert_equal_outputs(theirs, ours, 64)


@pytest.mark.slow
@pytest.mark.parametrize("preset", LARGEST)
def test_the_largest_sizes_hold_the_same_tensors(preset):
    arguments = {"input_shape": (32, 32, 3), "classes": 2}
    with keras.StatelessScope():  # their weights are never drawn
        theirs = keras_application(preset, **arguments)
        ours = keras_applications._CONSTRUCTORS[preset][0].from_preset(
            preset, **arguments
        )
    given, wanted = tensors_by_name(theirs), tensors_by_name(ours)
    assert given.keys() == wanted.keys()
    for name, weight in given.items():
        assert np.prod(wanted[name].shape) == np.prod(weight.shape), name


@pytest.mark.slow
@pytest.mark.parametrize("size", [75, 160])
@pytest.mark.parametrize("preset", ["resnet50", "resnet50v2"])
def test_both_forms_classify_alike_and_port_back(preset, size):
    theirs, ours = pair(preset, size)
    again = keras_application(preset, input_shape=(size, size, 3))
    copy_weights(ours, again)
    x = pictures(size, 2)
    expected = theirs.predict(x, verbose=0)
    for model in (ours, again):
        scores = model.predict(x, verbose=0)
        np.testing.assert_allclose(scores, expected, rtol=0, atol=1e-5)


@pytest.mark.parametrize(
    "preset",
    [
        "mobilenet_v3_small",
        pytest.param("convnext_tiny", marks=pytest.mark.slow),
    ],
)
def test_ports_back_what_it_reshaped(preset):
    theirs, ours = pair(preset, 32, classes=7)
    again = keras_application(preset, input_shape=(32, 32, 3), classes=7)
    copy_weights(ours, again)
    for a, b in zip(theirs.weights, again.weights, strict=True):
        np.testing.assert_array_equal(a, b)


def test_loads_a_file_of_the_other_form(tmp_path):
    path = str(tmp_path / "theirs.weights.h5")
    arguments = {"input_shape": (32, 32, 3), "classes": 7}
    theirs = keras_application("mobilenet_v2_35", **arguments)
    randomise(theirs)
    theirs.save_weights(path)
    ours = load("mobilenet_v2_35", weights=path, **arguments)
    x = pictures(32)
    np.testing.assert_allclose(ours(x), theirs(x), atol=1e-5)
    assert ours.preprocessing == {"mode": "tf"}
    assert load("mobilenet_v2_35", None, **arguments).preprocessing is None


@pytest.mark.slow
def test_makes_up_for_the_variance_of_efficientnet(tmp_path, monkeypatch):
    # Its ImageNet file holds deviations for variances, and Keras adds a
    # layer that divides by their roots once more.
    arguments = {"input_shape": (32, 32, 3), "include_top": False}
    plain = keras_application("efficientnetb0", **arguments)
    randomise(plain)
    path = str(tmp_path / "notop.weights.h5")
    plain.save_weights(path)
    monkeypatch.setattr(
        "keras.src.utils.file_utils.get_file", lambda *a, **k: path
    )
    theirs = keras_application("efficientnetb0", "imagenet", **arguments)
    assert len(theirs.layers) == len(plain.layers) + 1
    ours = load("efficientnetb0", **arguments)
    assert_equal_outputs(theirs, ours, 32)


def test_refuses_a_network_that_does_not_fit():
    small = ResNet(num_blocks=[1], num_filters=[4], stem="cifar", classes=2)
    other = ResNet(num_blocks=[2], num_filters=[4], stem="cifar", classes=3)
    before = other.get_weights()
    with pytest.raises(ValueError, match="missing in the source: .*block2"):
        copy_weights(small, other)
    with pytest.raises(ValueError, match=r"predictions/bias: \(2,\) to \(3,\)"):
        copy_weights(small, other)
    for a, b in zip(before, other.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    "name, mode",
    [
        ("vgg16", "caffe"),
        ("resnet101v2", "tf"),
        ("mobilenetv2_1.00_224", "tf"),
        ("mobilenet_v3_small", None),
        ("efficientnetb0", None),
        ("densenet121", "torch"),
    ],
)
def test_what_published_weights_expect(name, mode):
    assert published_mode(name) == mode


def test_refuses_an_unknown_preset():
    with pytest.raises(ValueError, match="Received: preset='resnet18'"):
        load("resnet18")
