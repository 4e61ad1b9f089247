import numpy as np
import pytest
import tensorflow as tf

from keras_nn.models import PatchDiscriminator
from keras_nn.testing import check_model

X = np.random.default_rng(0).uniform(-1, 1, (3, 8, 8, 1)).astype("float32")


def test_conformance():
    arguments = {"input_shape": (8, 8, 1), "filters": [4, 4]}
    arguments["normalization"] = "instance"
    check_model(PatchDiscriminator, arguments, X, (3, 2, 2, 1), jit=False)


@pytest.mark.parametrize(
    "preset, weights", [("pix2pix_70", 2_768_705), ("cyclegan_70", 2_764_737)]
)
def test_has_the_published_number_of_weights(preset, weights):
    model = PatchDiscriminator.from_preset(preset)
    trainable = sum(np.prod(w.shape) for w in model.trainable_weights)
    assert trainable == weights
    assert model.output_shape[1:] == (30, 30, 1)


def test_a_score_sees_a_patch_of_70_pixels():
    model = PatchDiscriminator((256, 256, 1), [1, 1, 1, 1], None)
    for kernel in model.weights:
        kernel.assign(np.ones(kernel.shape))
    pictures = tf.ones((1, 256, 256, 1))
    with tf.GradientTape() as tape:
        tape.watch(pictures)
        score = model(pictures)[0, 15, 15, 0]
    seen = tape.gradient(score, pictures).numpy()[0, :, :, 0] != 0
    assert seen.any(0).sum() == seen.any(1).sum() == 70


def test_refuses_pictures_that_are_too_small():
    with pytest.raises(ValueError, match="must leave a map of 3 by 3"):
        PatchDiscriminator((8, 8, 1))
