import keras
import numpy as np
import pytest

from keras_nn.applications import ImageClassifier
from keras_nn.applications import UnknownChoice
from keras_nn.applications import WrongRequest
from keras_nn.applications.picture_backbones import BACKBONES
from keras_nn.applications.picture_backbones import picture_backbone


def test_every_family_is_on_offer():
    names = {cls.__name__ for cls in BACKBONES.values()}
    assert names == {
        "AlexNet",
        "ConvNeXt",
        "DenseNet",
        "EfficientNet",
        "MLPMixer",
        "MixTransformer",
        "MobileNetV2",
        "MobileNetV3",
        "ResNet",
        "SwinTransformer",
        "VGG",
        "VisionTransformer",
    }


def test_every_published_size_is_on_offer():
    sizes = [
        *(f"vgg{depth}" for depth in (11, 13, 16, 19)),
        *(f"resnet{d}{v}" for d in (18, 34, 50, 101, 152) for v in ("", "v2")),
        *(f"resnet{d}{v}" for d in (20, 32, 44, 56, 110) for v in ("", "v2")),
        *("resnext50_32x4d", "resnext101_32x8d", "seresnet50", "seresnet101"),
        *(f"densenet{depth}" for depth in (121, 169, 201)),
        *("mobilenet_v2", "mobilenet_v3_small", "mobilenet_v3_large"),
        *(f"efficientnetb{size}" for size in range(8)),
        *(f"efficientnetv2-{s}" for s in ("b0", "b3", "s", "m", "l")),
        *(f"convnext_{s}" for s in ("tiny", "small", "base", "large")),
        *(f"convnextv2_{s}" for s in ("atto", "tiny", "base", "huge")),
        *(f"vit_{s}_patch16" for s in ("tiny", "small", "base", "large")),
        *(f"swin_{s}_window7" for s in ("tiny", "small", "base", "large")),
        *("mixer_small_patch32", "mixer_base_patch16", "mixer_huge_patch14"),
    ]
    assert [size for size in sizes if size not in BACKBONES] == []


@pytest.mark.parametrize(
    "name, strides",
    [
        ("convnextv2_atto", [4, 8, 16, 32]),
        ("densenet_bc100", [1, 2, 4]),
        ("mobilenet_v3_small_minimalistic", [2, 4, 8, 16, 32]),
        ("seresnext50_32x4d", [2, 4, 8, 16, 32]),
        ("vit_tiny_patch16", [16]),
    ],
)
def test_a_backbone_gives_its_pyramid(name, strides):
    network = picture_backbone(name, (64, 64, 3), pooling=None)
    assert network.strides == strides
    found = network.features_only().output_shape
    found = found if isinstance(found, list) else [found]
    assert [shape[1] for shape in found] == [64 // s for s in strides]


@pytest.mark.parametrize(
    "name", ["mobilenet_v2_35", "vit_tiny_patch16", "convnextv2_atto"]
)
def test_a_backbone_gives_one_vector_a_picture(name):
    network = picture_backbone(name, (32, 32, 1))
    assert network.input_shape == (None, 32, 32, 1)
    assert len(network.output_shape) == 2


def test_weights_that_our_own_network_has_saved(tmp_path):
    path = str(tmp_path / "own.weights.h5")
    source = picture_backbone("resnet20", (8, 8, 3))
    source.save_weights(path)
    found = picture_backbone("resnet20", (16, 16, 3), None, path)
    for one, other in zip(
        found.get_weights(), source.get_weights(), strict=True
    ):
        np.testing.assert_array_equal(one, other)
    with pytest.raises(WrongRequest, match="with weights=.*own.weights.h5"):
        picture_backbone("resnet32", (8, 8, 3), None, path)


def test_refuses_unknown_networks_and_pictures_that_do_not_fit():
    with pytest.raises(UnknownChoice, match="did you mean 'resnet18'"):
        picture_backbone("resnet_18", (32, 32, 3))
    with pytest.raises(WrongRequest, match=r"of shape \(40, 40, 3\)"):
        picture_backbone("vit_tiny_patch16", (40, 40, 3))


@pytest.mark.slow
@pytest.mark.parametrize(
    "name, size",
    [
        ("alexnet", 67),
        ("convnext_tiny", 32),
        ("convnextv2_atto", 32),
        ("densenet121", 32),
        ("efficientnetb0", 32),
        ("efficientnetv2-b0", 32),
        ("mixer_small_patch16", 32),
        ("mobilenet_v2", 32),
        ("mobilenet_v3_small", 32),
        ("resnet18", 32),
        ("resnext50_32x4d", 32),
        ("seresnet50", 32),
        ("swin_tiny_window7", 32),
        ("vgg11_bn", 32),
        ("vit_tiny_patch16", 32),
    ],
)
def test_every_family_trains_as_a_classifier(name, size, tmp_path):
    generator = np.random.default_rng(0)
    x = generator.integers(0, 256, (16, size, size, 3)).astype("uint8")
    y = np.arange(16) % 3
    app = ImageClassifier(picture_backbone(name, (size, size, 3)), 3)
    app.compile()
    history = app.fit(x, y, batch_size=8, epochs=1, verbose=0)
    assert np.isfinite(history.history["loss"]).all()
    app.save(tmp_path / "app.keras")
    again = keras.saving.load_model(tmp_path / "app.keras")
    np.testing.assert_allclose(
        again.predict(x, verbose=0), app.predict(x, verbose=0), atol=1e-5
    )
