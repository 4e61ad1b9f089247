import pytest

from keras_nn.models import ResNet
from keras_nn.pretrained.convolutional_configs import read_resnet
from keras_nn.pretrained.convolutional_configs import require
from keras_nn.pretrained.convolutional_configs import write_resnet

CONFIG = {
    "model_type": "resnet",
    "embedding_size": 4,
    "depths": [1, 1],
    "hidden_sizes": [8, 16],
    "layer_type": "bottleneck",
    "downsample_in_bottleneck": True,
    "downsample_in_first_stage": False,
}


def test_a_config_is_read_and_written():
    cls, arguments = read_resnet(CONFIG)
    assert cls is ResNet and arguments["num_filters"] == [2, 4]
    model = cls(False, input_shape=(32, 32, 3), **arguments)
    assert {"model_type": "resnet", **write_resnet(model)} == CONFIG
    plain = cls(False, input_shape=(32, 32, 3), num_blocks=[1], num_filters=[4])
    with pytest.raises(ValueError, match="ResNet is .*conv_bias': True"):
        write_resnet(plain)


def test_what_must_be_is_required():
    require(CONFIG, embedding_size=4, hidden_act="relu")  # the latter unsaid
    with pytest.raises(ValueError, match="`embedding_size` of a resnet.*: 4"):
        require(CONFIG, embedding_size=8)
