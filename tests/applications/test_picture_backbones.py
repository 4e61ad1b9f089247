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
        "MobileNetV2",
        "MobileNetV3",
        "ResNet",
        "SwinTransformer",
        "VGG",
        "VisionTransformer",
    }


@pytest.mark.parametrize(
    "name", ["mobilenet_v2_35", "vit_tiny_patch16", "convnextv2_atto"]
)
def test_a_backbone_gives_one_vector_a_picture(name):
    network = picture_backbone(name, (32, 32, 1))
    assert network.input_shape == (None, 32, 32, 1)
    assert len(network.output_shape) == 2


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
