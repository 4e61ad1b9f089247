import keras
import numpy as np
import pytest

from keras_nn.models import FCOS
from keras_nn.models import ResNet
from keras_nn.models import RetinaNet
from keras_nn.models.detection.detection_network import DetectionNetwork

SMALL = {"filters": 4, "depth": 1, "norm": None}


def resnet(shape=(16, 16, 3), **kwargs):
    return ResNet(
        kwargs.pop("include_top", False),
        input_shape=shape,
        num_blocks=[1, 1],
        num_filters=[4, 4],
        bottleneck=False,
        stem_filters=4,
        **kwargs,
    )


def test_what_the_pyramid_does_not_use_is_no_part_of_the_network():
    whole = resnet(include_top=True, classes=7)
    network = FCOS(whole, 2, strides=[4], extra_levels=0, **SMALL)
    assert network.backbone is whole
    paths = [weight.path for weight in network.weights]
    assert not [p for p in paths if "predictions" in p or "conv3" in p]
    assert len(paths) == len(set(paths))


@pytest.mark.parametrize("cls", [FCOS, RetinaNet])
def test_any_model_that_ends_in_maps_is_a_backbone(cls):
    images = keras.Input((18, 20, 1))
    fine = keras.layers.Conv2D(3, 3, 4, "same")(images)
    coarse = keras.layers.Conv2D(5, 3, 2, "same")(fine)
    network = cls(
        keras.Model(images, [fine, coarse]), 2, extra_levels=1, **SMALL
    )
    assert network.map_strides == [4, 8, 16]
    places = 5 * 5 + 3 * 3 + 2 * 2
    each = 1 if cls is FCOS else 9
    assert network.output_shape[1] == places * each
    loss = network.objective()
    y_true = np.array([[[2, 2, 12, 12, 1.0]]])
    outputs = network(np.zeros((1, 18, 20, 1)))
    assert np.isfinite(float(loss(y_true, outputs)))
    boxes, scores = network.candidates(outputs)
    assert boxes.shape == (1, places * each, 4)
    assert scores.shape == (1, places * each, 2)


def test_a_size_that_is_not_known_is_refused():
    with pytest.raises(ValueError, match="one size, which must be known"):
        FCOS(resnet((None, None, 3)), 2)


def test_strides_are_of_our_backbones_and_maps_as_large_as_they_say():
    images = keras.Input((16, 16, 1))
    odd = keras.layers.Conv2D(3, 5)(images)
    with pytest.raises(ValueError, match="`strides` choose among the maps"):
        FCOS(keras.Model(images, odd), 2, strides=[8])
    with pytest.raises(ValueError, match="one cell for each stride"):
        FCOS(keras.Model(images, odd), 2)
    with pytest.raises(ValueError, match="`num_classes` must be positive"):
        FCOS(resnet(), 0, strides=[4])


def test_a_subclass_says_what_it_learns():
    bare = DetectionNetwork.__new__(DetectionNetwork)
    with pytest.raises(NotImplementedError, match="must define `objective`"):
        DetectionNetwork.objective(bare)
    with pytest.raises(NotImplementedError, match="must define `candidates`"):
        DetectionNetwork.candidates(bare, None)
