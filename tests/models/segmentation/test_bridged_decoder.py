import numpy as np
import pytest

from keras_nn.models import BackboneUNet
from keras_nn.models import ResNet
from keras_nn.models.segmentation.bridged_decoder import BridgedDecoder


def backbone(side=8):
    return ResNet.from_preset(
        "resnet20", input_shape=(side, side, 3), include_top=False
    )


def test_it_is_as_large_as_the_picture_of_any_size():
    model = BackboneUNet(backbone(None), filters=[4], classes=2)
    assert isinstance(model, BridgedDecoder)
    assert model(np.ones((1, 8, 12, 3), "float32")).shape == (1, 8, 12, 2)
    few = BackboneUNet(backbone(), [2, 4], filters=[4], include_top=False)
    assert few.output_shape == (None, 8, 8, 4) and few.strides == [2, 4]


def test_refuses_strides_that_do_not_double_and_no_filters():
    with pytest.raises(ValueError, match="twice the one before"):
        BackboneUNet(backbone(), [1, 4])
    with pytest.raises(ValueError, match="`filters` must be positive"):
        BackboneUNet(backbone(), filters=[])
