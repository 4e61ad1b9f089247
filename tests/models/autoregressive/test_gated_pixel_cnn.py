import numpy as np
import pytest
import tensorflow as tf

from keras_nn.models import GatedPixelCNN
from keras_nn.testing import check_model

X = np.random.default_rng(0).integers(0, 4, (3, 3, 3)).astype("int32")


def test_conformance():
    given = {
        "input_shape": (3, 3),
        "outputs": 4,
        "entries": 4,
        "filters": 3,
        "num_layers": 2,
        "num_classes": 2,
    }
    inputs = {"pictures": X, "labels": np.arange(3, dtype="int32")}
    check_model(GatedPixelCNN, given, inputs, fit=False, jit=False)


def test_a_place_is_told_of_all_before_it_and_of_nothing_else():
    """By gradients, from every place of a picture of two channels."""
    model = GatedPixelCNN((4, 4, 2), 3, filters=8, num_layers=4)
    x = tf.random.normal((8, 4, 4, 2), seed=1)
    with tf.GradientTape() as tape:
        tape.watch(x)
        said = tf.reshape(tf.reduce_sum(model(x), -1), (-1, 16))
    slopes = np.abs(tape.batch_jacobian(said, x)).sum(axis=(0, -1))
    np.testing.assert_array_equal(
        slopes.reshape(16, 16) > 0, np.tri(16, 16, -1, dtype=bool)
    )


def test_is_told_the_class():
    model = GatedPixelCNN(
        (3, 3), 4, entries=4, filters=4, num_layers=1, num_classes=2
    )
    zero, one = (
        np.asarray(model({"pictures": X, "labels": np.full(3, label)}))
        for label in (0, 1)
    )
    assert np.abs(zero - one)[:, 0, 0].max() > 1e-4  # the first place, too


@pytest.mark.parametrize(
    "given, message",
    [
        ({"input_shape": (3, 3)}, "with `entries`. Received"),
        ({"filters": 0}, "must be positive"),
    ],
)
def test_refuses_what_it_cannot_be(given, message):
    with pytest.raises(ValueError, match=message):
        GatedPixelCNN(**{"input_shape": (3, 3, 1), "outputs": 2, **given})
