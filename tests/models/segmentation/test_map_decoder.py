import keras
import numpy as np
import pytest

from keras_nn.models import ResNet
from keras_nn.models import SegFormer
from keras_nn.models.segmentation.map_decoder import MapDecoder


def backbone(side):
    return ResNet.from_preset(
        "resnet20", input_shape=(side, side, 3), include_top=False
    )


def test_scores_are_as_large_as_the_picture_of_any_size():
    model = SegFormer(backbone(None), strides=[2, 4], filters=4, classes=2)
    assert isinstance(model, MapDecoder)
    assert model.stride == 4 and model.output_stride == 1
    for shape in ((1, 8, 12, 3), (2, 4, 4, 3)):
        shares = model(np.ones(shape, "float32"))
        assert shares.shape == (*shape[:3], 2)
        np.testing.assert_allclose(keras.ops.sum(shares, -1), 1, rtol=1e-5)


def test_trains_the_weights_of_its_backbone():
    own = backbone(8)
    model = SegFormer(own, strides=[1, 4], filters=4, classes=2)
    trained = {id(weight) for weight in model.trainable_weights}
    assert {id(weight) for weight in own.trainable_weights} <= trained
    assert len(trained) == len(model.trainable_weights)


def test_refuses_pictures_that_do_not_divide_and_no_classes():
    with pytest.raises(ValueError, match="multiples of 4"):
        SegFormer(backbone(10), strides=[1, 4])
    with pytest.raises(ValueError, match="Received: classes=0"):
        SegFormer(backbone(8), strides=[1, 4], classes=0)
