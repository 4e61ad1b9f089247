import numpy as np
import pytest

from keras_nn.models import ConvLSTMNetwork
from keras_nn.testing import check_model

SMALL = {
    "input_shape": (3, 8, 8, 1),
    "classes": 2,
    "classifier_activation": None,
    "stem_filters": 2,
    "filters": [2, 3],
}


def test_conformance():
    check_model(
        ConvLSTMNetwork,
        {**SMALL, "filters": [3]},
        (3, 3, 8, 8, 1),
        (3, 2),
        # Of Keras's recurrent layer, these cost 9 s here.
        half=False,
        jit=False,
        replicas=False,
    )


def test_the_order_of_frames_counts():
    model = ConvLSTMNetwork(**SMALL)
    x = np.random.default_rng(0).normal(size=(1, 3, 8, 8, 1))
    assert not np.allclose(model(x), model(x[:, ::-1]), atol=1e-4)


def test_maps_of_any_number_of_frames_without_the_top():
    model = ConvLSTMNetwork(
        False, input_shape=(None, 6, 7, 1), stem_filters=None, filters=[4]
    )
    assert model(np.zeros((1, 2, 6, 7, 1))).shape == (1, 1, 6, 7, 4)
    with pytest.raises(ValueError, match="Height and width must be known"):
        ConvLSTMNetwork(input_shape=(4, None, None, 1))
    with pytest.raises(ValueError, match="Received: filters="):
        ConvLSTMNetwork(filters=())
