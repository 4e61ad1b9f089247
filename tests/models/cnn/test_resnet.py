import keras
import numpy as np
import pytest

from keras_nn.models import ResNet
from keras_nn.testing import check_model

TINY = {
    "input_shape": (8, 8, 3),
    "classes": 3,
    "classifier_activation": None,
    "num_blocks": [1, 1],
    "num_filters": [4, 6],
    "stem": "cifar",
}


@pytest.mark.parametrize(
    "arguments",
    [
        {"bottleneck": True, "preactivation": False},
        pytest.param(
            {"bottleneck": False, "preactivation": True, "shortcut": "padding"},
            marks=pytest.mark.slow,
        ),
    ],
)
def test_conformance(arguments):
    check_model(
        ResNet,
        {**TINY, **arguments},
        (8, 8, 8, 3),
        (8, 3),
        epochs=15,
    )


@pytest.mark.parametrize(
    "preset, trainable",
    [
        # The published sizes: torchvision's 18 and 34, the 0.27 and 1.7
        # million of the paper's table 6.
        ("resnet18", 11_689_512),
        ("resnet34", 21_797_672),
        ("resnet20", 269_722),
        ("resnet110", 1_727_962),
        # With a 3x3 stem and 10 classes; 34.4 million in table 7 of ResNeXt's
        # paper, layer by layer: 1856 + 1597440 + 6569984 + 26247168 + 10250.
        ("resnet18_cifar", 11_173_962),
        pytest.param("resnext29_8x64d", 34_426_698, marks=pytest.mark.slow),
        # Of two layers a block, of c and c/16 units, with their biases.
        ("seresnet20", 269_722 + 3 * (32 + 17 + 128 + 34 + 512 + 68)),
    ],
)
def test_has_the_published_number_of_weights(preset, trainable):
    model = ResNet.from_preset(preset)
    counts = [np.prod(weight.shape) for weight in model.trainable_weights]
    assert sum(counts) == trainable


def test_every_preset_is_of_the_depth_in_its_name():
    for name, preset in ResNet.presets.items():
        if "squeeze" in preset or "_" in name:  # named by other things, too
            continue
        convolutions = 3 if preset["bottleneck"] else 2
        depth = sum(preset["num_blocks"]) * convolutions + 2
        assert name in (f"resnet{depth}", f"resnet{depth}v2")


@pytest.mark.parametrize("preactivation", [True, False])
def test_an_input_of_any_size_gives_features(preactivation):
    model = ResNet(
        **{**TINY, "input_shape": (None, None, 3)},
        include_top=False,
        preactivation=preactivation,
    )
    x = np.ones((1, 6, 10, 3), "float32")
    assert model.predict(x, verbose=0).shape == (1, 3, 5, 24)


@pytest.mark.parametrize("pooling", ["avg", "max"])
def test_pools_what_it_gives_without_pooling(pooling):
    features = ResNet(**TINY, include_top=False)
    pooled = ResNet(**TINY, include_top=False, pooling=pooling)
    pooled.set_weights(features.get_weights())
    x = np.random.default_rng(0).normal(size=(2, 8, 8, 3)).astype("float32")
    reduce = {"avg": np.mean, "max": np.max}[pooling]
    np.testing.assert_allclose(
        pooled.predict(x, verbose=0),
        reduce(features.predict(x, verbose=0), (1, 2)),
        rtol=1e-4,
        atol=1e-6,
    )


def test_stages_are_found_by_layer_name():
    model = ResNet.from_preset(
        "resnet18", input_shape=(64, 64, 3), include_top=False
    )
    names = [f"conv{stage}_block2_out" for stage in (2, 3, 4, 5)]
    shapes = [shape[1:] for shape in model.features(names).output_shape]
    assert shapes == [(16, 16, 64), (8, 8, 128), (4, 4, 256), (2, 2, 512)]


def test_loads_a_weights_file(tmp_path):
    path = str(tmp_path / "tiny.weights.h5")
    model = ResNet(**TINY)
    model.save_weights(path)
    again = ResNet(**TINY, weights=path)
    for a, b in zip(model.weights, again.weights, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.skipif(
    keras.config.backend() != "tensorflow",
    reason="Keras synchronises statistics on TensorFlow only",
)
def test_synchronized_statistics_reach_every_norm():
    norms = [
        layer
        for layer in ResNet(**TINY, synchronized=True)._flatten_layers()
        if isinstance(layer, keras.layers.BatchNormalization)
    ]
    assert norms and all(norm.synchronized for norm in norms)


@pytest.mark.parametrize(
    "argument, value",
    [
        ("num_blocks", [1, 1, 1]),
        ("stem", "mnist"),
        ("shortcut", "none"),
        ("weights", "imagenet"),
        ("pooling", "sum"),
    ],
)
def test_refuses(argument, value):
    with pytest.raises(ValueError, match=f"Received: .*{argument}="):
        ResNet(**{**TINY, argument: value})


@pytest.mark.slow
def test_groups_and_squeezes_keep_the_conformance():
    check_model(
        ResNet,
        {**TINY, "groups": 2, "group_width": 32, "squeeze": 0.25},
        (4, 8, 8, 3),
        (4, 3),
        fit=False,
        jit=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "preset, trainable",
    # torchvision's and timm's.
    [("resnext50_32x4d", 25_028_904), ("seresnet50", 28_088_024)],
)
def test_variants_have_the_published_number_of_weights(preset, trainable):
    model = ResNet.from_preset(preset)
    counts = [np.prod(weight.shape) for weight in model.trainable_weights]
    assert sum(counts) == trainable


def test_refuses_groups_without_bottlenecks():
    with pytest.raises(ValueError, match="Received: groups=2"):
        ResNet(**TINY, bottleneck=False, groups=2)


@pytest.mark.parametrize("preactivation", [False, True])
def test_the_stem_is_as_wide_as_it_is_asked_to_be(preactivation):
    model = ResNet(
        False,
        input_shape=(32, 32, 3),
        num_blocks=[1],
        num_filters=[8],
        bottleneck=False,
        preactivation=preactivation,
        stem_filters=4,
    )
    assert model.features_only([2]).output_shape[-1] == 4
    assert model.get_config()["stem_filters"] == 4


def test_a_bottleneck_may_move_in_the_middle():
    arguments = {
        "input_shape": (32, 32, 3),
        "num_blocks": [1, 1],
        "num_filters": [4, 8],
        "classes": 3,
    }
    model = ResNet(**arguments, downsample="middle")
    blocks = [model.get_layer(f"conv3_block1_{i}") for i in (1, 2)]
    assert [block.strides for block in blocks] == [1, 2]
    assert ResNet.from_config(model.get_config()).downsample == "middle"
    with pytest.raises(ValueError, match="Received: downsample='last'"):
        ResNet(**arguments, downsample="last")
