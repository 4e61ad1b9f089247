import keras
import numpy as np
import pytest

from keras_nn.models.cnn.residual_blocks import ResidualStages


def stages(**arguments):
    return ResidualStages(
        **{
            "bottleneck": True,
            "preactivation": False,
            "shortcut": "projection",
            "conv_bias": True,
            "momentum": 0.9,
            "epsilon": 1e-3,
            "synchronized": False,
            "dtype": None,
            **arguments,
        }
    )


@pytest.mark.parametrize("bottleneck", [True, False])
@pytest.mark.parametrize("preactivation", [True, False])
@pytest.mark.parametrize("shortcut", ["projection", "padding"])
def test_a_stage_halves_the_picture_once(bottleneck, preactivation, shortcut):
    images = keras.Input((8, 6, 4))
    builder = stages(
        bottleneck=bottleneck, preactivation=preactivation, shortcut=shortcut
    )
    outputs = builder.stage(images, 4, 3, 2, "conv2")
    assert outputs.shape == (None, 4, 3, 16 if bottleneck else 4)
    model = keras.Model(images, outputs)
    names = {layer.name for layer in model.layers}
    assert {f"conv2_block{i}_out" for i in (1, 2, 3)} <= names
    weightless = shortcut == "padding"
    assert weightless != any("_0" in w.path for w in model.weights) or (
        not bottleneck and preactivation
    )


def test_the_place_of_the_strides_is_that_of_the_version():
    sizes = {}
    for preactivation in (False, True):
        images = keras.Input((8, 8, 16))
        builder = stages(preactivation=preactivation)
        model = keras.Model(images, builder.stage(images, 4, 3, 2, "c"))
        sizes[preactivation] = [
            model.get_layer(f"c_block{i}_out").output.shape[1]
            for i in (1, 2, 3)
        ]
    assert sizes == {False: [4, 4, 4], True: [8, 8, 4]}


@pytest.mark.parametrize("preactivation", [True, False])
def test_a_block_of_silent_convolutions_is_its_shortcut(preactivation):
    images = keras.Input((4, 4, 3))
    builder = stages(preactivation=preactivation, bottleneck=False)
    model = keras.Model(images, builder.stage(images, 3, 2, 1, "c"))
    for weight in model.weights:
        if "kernel" in weight.path:
            weight.assign(np.zeros(weight.shape))
    x = np.random.default_rng(0).uniform(size=(2, 4, 4, 3))
    np.testing.assert_allclose(model.predict(x, verbose=0), x, rtol=1e-5)


def test_stems_reduce_the_picture_by_four_or_not_at_all():
    images = keras.Input((32, 32, 3))
    for preactivation in (True, False):
        builder = stages(preactivation=preactivation)
        assert builder.imagenet_stem(images).shape == (None, 8, 8, 64)
        assert builder.cifar_stem(images, 16).shape == (None, 32, 32, 16)


def test_refuses_padding_that_would_lose_channels():
    builder = stages(bottleneck=False, shortcut="padding")
    with pytest.raises(ValueError, match="Received: filters=2"):
        builder.stage(keras.Input((4, 4, 3)), 2, 1, 1, "c")
