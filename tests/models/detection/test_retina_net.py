import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.models import RetinaNet
from keras_nn.ops import pyramid_anchors
from keras_nn.testing import check_model


def arguments():
    images = keras.Input((8, 8, 1))
    fine = keras.layers.Conv2D(3, 3, 4, "same", name="fine")(images)
    return {
        "backbone": keras.Model(images, fine, name="maps"),
        "num_classes": 2,
        "extra_levels": 1,
        "filters": 4,
        "depth": 1,
        "scales": [1.0],
        "ratios": [0.5, 1.0],
        "size": 1.0,
        "prior": 0.1,
    }


@pytest.mark.slow
def test_conformance():
    y = np.full((4, 2, 5), -1, "float32")
    y[:3, 0] = [1, 1, 6, 7, 0], [0, 2, 8, 8, 1], [3, 3, 6, 6, 1]
    loss = RetinaNet(**arguments()).objective()
    check_model(
        RetinaNet,
        arguments,
        (4, 8, 8, 1),
        y,
        compile_kwargs={"loss": loss},
        half=False,  # the parts are those of FCOS, which is checked in it
    )


def test_a_new_network_predicts_its_anchors():
    network = RetinaNet(**arguments())
    boxes, scores = network.candidates(network(np.zeros((1, 8, 8, 1))))
    anchors = pyramid_anchors((8, 8), [4, 8], 1.0, [1.0], [0.5, 1.0])
    np.testing.assert_allclose(
        ops.convert_to_numpy(boxes)[0], anchors, atol=1e-4
    )
    np.testing.assert_allclose(ops.convert_to_numpy(scores), 0.1, rtol=1e-4)


def test_refuses_an_unknown_loss_of_boxes_when_asked_for_it():
    network = RetinaNet(**arguments(), box_loss_kind="l2")
    with pytest.raises(ValueError, match="`box_loss_kind` must be one of"):
        network.objective()
