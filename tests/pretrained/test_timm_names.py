import pytest

from keras_nn.models import AlexNet
from keras_nn.models import ResNet
from keras_nn.models import SwinTransformer
from keras_nn.pretrained.timm_names import tensors


def test_a_downsampling_belongs_to_the_stage_it_leads_to():
    model = SwinTransformer(
        input_shape=(16, 16, 3),
        hidden_dim=8,
        depths=[1, 1],
        num_heads=[2, 2],
        window_size=2,
        classes=3,
    )
    names = tensors(model)
    assert "layers.1.downsample.reduction.weight" in names
    (kernel,) = names["layers.1.downsample.reduction.weight"]
    assert kernel.path.endswith("stage_0_downsample/reduction/kernel")
    assert len(names["layers.0.blocks.0.attn.qkv.weight"]) == 3


def test_stages_are_counted_from_one_and_blocks_from_zero():
    model = ResNet(
        input_shape=(32, 32, 3),
        num_blocks=[1, 2],
        num_filters=[4, 8],
        conv_bias=False,
        classes=3,
    )
    names = tensors(model)
    (kernel,) = names["layer2.1.conv3.weight"]
    assert kernel.path.endswith("conv3_block2_3/conv/kernel")
    assert "layer1.0.downsample.1.running_var" in names
    assert not any("/" in name or "-" in name for name in names)


def test_refuses_a_network_whose_names_are_not_known():
    model = AlexNet(False, input_shape=(64, 64, 3))
    with pytest.raises(ValueError, match="Received: AlexNet"):
        tensors(model)
