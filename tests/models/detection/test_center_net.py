import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.models import CenterNet
from keras_nn.testing import check_model


def arguments():
    images = keras.Input((8, 8, 1))
    fine = keras.layers.Conv2D(3, 3, 2, "same", name="fine")(images)
    return {
        "backbone": keras.Model(images, fine, name="maps"),
        "num_classes": 2,
        "filters": 4,
        "depth": 1,
        "norm_groups": 2,
    }


@pytest.mark.slow
def test_conformance():
    y = np.full((4, 2, 5), -1, "float32")
    y[:3, 0] = [1, 1, 6, 7, 0], [0, 2, 8, 8, 1], [3, 3, 6, 6, 1]
    loss = CenterNet(**arguments()).objective()
    check_model(
        CenterNet, arguments, (4, 8, 8, 1), y, compile_kwargs={"loss": loss}
    )


def test_candidates_are_the_peaks_of_each_class():
    network = CenterNet(**arguments())
    outputs = np.full((1, 16, 6), -5, "float32")
    outputs[0, 5, 4], outputs[0, 6, 4] = 2, 1  # neighbours: one peak
    outputs[0, 5, 5], outputs[0, 15, 5] = 1, 0
    boxes, scores = map(ops.convert_to_numpy, network.candidates(outputs))
    np.testing.assert_array_equal(boxes, outputs[..., :4])
    found = {
        (int(cell), int(label)): round(float(scores[0, cell, label]), 4)
        for cell, label in np.argwhere(scores[0] > 0.1)
    }
    assert found == {(5, 0): 0.8808, (5, 1): 0.7311, (15, 1): 0.5}
