import keras
import numpy as np
import pytest

from keras_nn.testing import masks

X = np.random.default_rng(0).normal(size=(2, 5, 3)).astype("float32")


def test_a_layer_that_obeys_its_mask_passes():
    layer = keras.layers.GlobalAveragePooling1D()
    masks.check_masks(layer, layer, X)


def test_a_layer_that_reads_masked_steps_is_caught():
    def call(inputs, mask=None):
        return keras.ops.mean(inputs, axis=1)

    with pytest.raises(AssertionError, match="values at masked steps"):
        masks.check_obeys(call, X)


def test_a_mask_that_does_not_fit_is_caught():
    layer = keras.layers.Flatten()
    layer.supports_masking = True
    layer.compute_mask = lambda inputs, mask: mask
    with pytest.raises(AssertionError, match="does not fit its output"):
        masks.check_propagates(layer, layer, X)
