import numpy as np
import pytest

from keras_nn.layers import RandAugment
from keras_nn.testing import check_layer

PICTURES = np.random.default_rng(0).integers(0, 256, (14, 24, 16, 3))


def test_conformance():
    check_layer(
        RandAugment,
        {"magnitude": 12, "value_range": (0, 1), "seed": 1},
        (3, 6, 6, 3),
    )


def test_magnitude_0_changes_little_and_inference_nothing():
    pictures = PICTURES.astype("float32")
    layer = RandAugment(num_ops=1, magnitude=0, seed=0)
    np.testing.assert_array_equal(layer(pictures), pictures)
    drawn = np.asarray(layer(np.repeat(pictures, 8, axis=0), training=True))
    # Only the last three operations have no strength, or a whole one.
    same = (drawn == np.repeat(pictures, 8, axis=0)).all(axis=(1, 2, 3))
    assert same.mean() > 0.6


def test_refuses_a_magnitude_out_of_range():
    with pytest.raises(ValueError, match="Received: magnitude=31"):
        RandAugment(magnitude=31)
