import keras
import pytest

from keras_nn import models
from keras_nn.models import layer_decay_scales
from keras_nn.models import layer_groups


@pytest.mark.parametrize(
    "cls, preset, blocks",
    [
        (models.ResNet, "resnet20", 9),
        (models.VGG, "vgg11", 5),
        (models.DenseNet, "densenet121", 58),
        (models.MobileNetV2, "mobilenet_v2_35", 17),
        (models.EfficientNet, "efficientnetb0", 16),
        (models.ConvNeXt, "convnext_tiny", 18),
        (models.VisionTransformer, "vit_tiny_patch16", 12),
        (models.SwinTransformer, "swin_tiny_window7", 12),
        (models.MLPMixer, "mixer_small_patch16", 8),
    ],
)
def test_networks_fall_into_their_blocks(cls, preset, blocks):
    network = cls.from_preset(preset, input_shape=(32, 32, 3))
    groups = layer_groups(network)
    assert len(groups) == blocks + 2
    assert sum(groups, []) == network.layers
    assert groups[0] and groups[-1][-1].name == "predictions"


def test_networks_of_keras_applications_do_too():
    network = keras.applications.MobileNet(
        (32, 32, 3), 0.25, include_top=False, weights=None
    )
    assert sum(layer_groups(network), []) == network.layers
    # conv_dw_1 is no "block": each of 27 convolutions and their norms
    assert len(layer_groups(network)) == 27 + 27 + 1


def test_scales_fall_as_those_of_beit_do():
    network = models.VisionTransformer(
        input_shape=(8, 8, 3),
        patch_size=4,
        hidden_dim=8,
        num_layers=3,
        num_heads=2,
        include_top=False,
    )
    pictures = keras.Input((8, 8, 3))
    features = keras.layers.GlobalAveragePooling1D()(network(pictures))
    head = keras.layers.Dense(2, name="head")
    model = keras.Model(pictures, head(features))
    scales = dict(
        zip(
            [id(v) for v in model.trainable_variables],
            layer_decay_scales(model, 0.5, network),
            strict=True,
        )
    )
    # Patches and positions 0, blocks 1 to 3, what stands behind them 4.
    expected = [0.5**4, 0.5**3, 0.5**2, 0.5, 1.0]
    for group, scale in zip(layer_groups(network), expected, strict=True):
        found = {scales[id(w)] for layer in group for w in layer.weights}
        assert found == {scale}
    assert scales[id(head.kernel)] == 1


def test_without_blocks_each_layer_with_weights_counts():
    network = models.MLP(False, input_shape=(3,), units=[4, 5])
    inputs = keras.Input((3,))
    model = keras.Model(inputs, keras.layers.Dense(2)(network(inputs)))
    scales = layer_decay_scales(model, 0.1, network)
    assert scales == pytest.approx([0.01] * 2 + [0.1] * 2 + [1.0] * 2)
    frozen = network.layers[1]
    frozen.trainable = False
    assert len(layer_decay_scales(model, 0.1, network)) == 4


def test_refuses_what_is_no_decay_and_no_layers():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    for decay in (0, 1.1):
        with pytest.raises(ValueError, match=f"Received: decay={decay}"):
            layer_decay_scales(model, decay)
    with pytest.raises(ValueError, match="Received: bare"):
        layer_groups(keras.Model(name="bare"))
