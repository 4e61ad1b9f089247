import numpy as np
import pytest

from keras_nn.models import ConvNeXt
from keras_nn.models import MLPMixer
from keras_nn.models import ResNet
from keras_nn.pretrained.hugging_face_names import tensors
from keras_nn.pretrained.hugging_face_names import to_ours
from keras_nn.pretrained.hugging_face_names import to_theirs


def test_stages_blocks_and_layers_are_counted_from_zero():
    model = ResNet(
        input_shape=(32, 32, 3),
        num_blocks=[1, 2],
        num_filters=[4, 8],
        conv_bias=False,
    )
    names = tensors(model, "resnet.")
    assert "resnet.embedder.embedder.convolution.weight" in names
    stage = "resnet.encoder.stages.1.layers."
    assert f"{stage}0.shortcut.normalization.running_var" in names
    last = names[f"{stage}1.layer.2.convolution.weight"]
    assert last.path.endswith("conv3_block2_3/conv/kernel")
    assert not any("/" in name or "@" in name for name in names)


def test_shapes_go_there_and_back():
    model = ConvNeXt(
        input_shape=(32, 32, 3),
        depths=[1, 1],
        widths=[4, 8],
        response_norm=True,
        include_preprocessing=False,
    )
    for weight in model.weights:
        weight.assign(np.random.default_rng(0).normal(size=weight.shape))
    found = tensors(model, "")
    shapes = {name: to_theirs(weight).shape for name, weight in found.items()}
    block = "encoder.stages.0.layers.0"
    assert shapes[f"{block}.dwconv.weight"] == (4, 1, 7, 7)
    assert shapes[f"{block}.grn.weight"] == (1, 1, 1, 16)
    assert shapes[f"{block}.pwconv1.weight"] == (16, 4)
    for weight in found.values():
        back = to_ours(to_theirs(weight), weight)
        np.testing.assert_array_equal(back, weight)
    assert to_ours(np.zeros((3, 3)), model.weights[0]) is None


def test_refuses_a_network_that_is_not_theirs():
    model = MLPMixer(
        input_shape=(8, 8, 3), patch_size=4, hidden_dim=4, num_blocks=1
    )
    with pytest.raises(ValueError, match="Received: MLPMixer"):
        tensors(model, "")
