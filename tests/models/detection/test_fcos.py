import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.models import FCOS
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
        "norm_groups": 2,
        "reach": 1.0,
        "prior": 0.1,
    }


@pytest.mark.slow
def test_conformance():
    y = np.full((4, 2, 5), -1, "float32")
    y[:3, 0] = [1, 1, 6, 7, 0], [0, 2, 8, 8, 1], [3, 3, 6, 6, 1]
    loss = FCOS(**arguments()).objective()
    check_model(FCOS, arguments, (4, 8, 8, 1), y, compile_kwargs={"loss": loss})


def test_scores_are_the_root_of_class_and_centre():
    network = FCOS(**arguments())
    outputs = np.random.default_rng(0).normal(size=(1, 5, 7)).astype("float32")
    boxes, scores = network.candidates(outputs)
    np.testing.assert_array_equal(ops.convert_to_numpy(boxes), outputs[..., :4])
    share = 1 / (1 + np.exp(-outputs[..., 4:]))
    np.testing.assert_allclose(
        ops.convert_to_numpy(scores),
        np.sqrt(share[..., 1:] * share[..., :1]),
        rtol=1e-5,
    )


def test_a_new_network_expects_little():
    network = FCOS(**arguments())
    _, scores = network.candidates(network(np.zeros((1, 8, 8, 1))))
    np.testing.assert_allclose(
        ops.convert_to_numpy(scores), np.sqrt(0.1 / 2), atol=1e-3
    )
    assert network.map_strides == [4, 8] and network.image_size == (8, 8)
