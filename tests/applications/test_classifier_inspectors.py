import keras
import numpy as np
import pytest

from keras_nn.applications import ImageClassifier
from keras_nn.applications.classifier_inspectors import classifier_inspectors
from keras_nn.layers import RandAugment
from keras_nn.models import MLP
from keras_nn.models import ResNet
from keras_nn.models import SwinTransformer
from keras_nn.models import VisionTransformer

X = np.random.default_rng(0).integers(0, 256, (6, 16, 16, 3)).astype("uint8")
Y = np.arange(6) % 3
SIZE = {"input_shape": (16, 16, 3), "include_top": False}
PATCHES = {"patch_size": 4, "hidden_dim": 8, "num_heads": 2}
LOOKING = {"FilterGallery", "FeatureMaps", "AttentionMaps"}
LOOKING |= {"AugmentationPreview"}


def names(network, data=(X, Y), **kwargs):
    app = ImageClassifier(network, 3, **kwargs)
    found = classifier_inspectors(app, "nowhere", data, 1)
    return {type(one).__name__ for one in found}


@pytest.mark.parametrize(
    "network, expected",
    [
        (
            ResNet.from_preset("resnet20", **SIZE, pooling="avg"),
            {"FilterGallery", "FeatureMaps"},
        ),
        (
            VisionTransformer(**SIZE, **PATCHES, num_layers=1),
            {"FilterGallery", "FeatureMaps", "AttentionMaps"},
        ),
        (
            SwinTransformer(
                **SIZE,
                patch_size=4,
                hidden_dim=8,
                depths=[1],
                num_heads=[2],
                window_size=2,
            ),
            {"FilterGallery", "FeatureMaps"},
        ),
        (MLP(False, input_shape=(16, 16, 3), units=[4]), set()),
    ],
    ids=["resnet", "vit", "swin", "mlp"],
)
def test_instruments_suit_the_network(network, expected):
    assert names(network) & LOOKING == expected
    assert names(network, None) & LOOKING == expected & {"FilterGallery"}


def test_augmentation_is_shown_where_there_is_some():
    network = MLP(False, input_shape=(16, 16, 3), units=[4])
    assert "AugmentationPreview" in names(network, policy=RandAugment())
    flip = keras.layers.RandomFlip()
    assert "AugmentationPreview" in names(network, augmentation=flip)
    assert "AugmentationPreview" not in names(network)
    bands = MLP(False, input_shape=(4, 4, 13), units=[4])
    app = ImageClassifier(bands, 3, augmentation=flip)
    data = np.zeros((6, 4, 4, 13)), Y
    found = classifier_inspectors(app, "nowhere", data, 1)
    assert not LOOKING & {type(one).__name__ for one in found}
