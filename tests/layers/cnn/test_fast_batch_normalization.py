import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.layers import FastBatchNormalization
from keras_nn.testing import check_layer


@pytest.mark.parametrize("shape", [(8, 3), (4, 3, 2, 3)])
def test_conformance(shape):
    # Statistics of the batch: two halves of it have others than the whole.
    check_layer(FastBatchNormalization, {}, shape, mask=False)


def test_conformance_with_the_statistics_of_all_replicas():
    if keras.config.backend() != "tensorflow":
        pytest.skip("synchronised statistics exist on TensorFlow only")
    arguments = {"synchronized": True}
    check_layer(FastBatchNormalization, arguments, (8, 3), mask=False)


@pytest.mark.parametrize(
    "shape, masked", [((8, 3), False), ((4, 5, 6, 3), False), ((8, 3), True)]
)
def test_equals_that_of_keras(shape, masked):
    if masked and keras.config.backend() == "jax":
        pytest.skip("keras.layers.BatchNormalization fails on a mask on JAX")
    mask = ops.convert_to_tensor(np.arange(8) % 3 > 0) if masked else None
    generator = np.random.default_rng(0)
    x = 3 + 2 * generator.normal(size=shape).astype("float32")
    ours = FastBatchNormalization(momentum=0.8, epsilon=1e-4)
    theirs = keras.layers.BatchNormalization(momentum=0.8, epsilon=1e-4)
    for layer in (ours, theirs):
        layer.build(shape)
        layer.set_weights(
            [np.array([2.0, 0.5, 1.0]), np.array([0.1, 0.2, 0.3])]
            + layer.get_weights()[2:]
        )
    for training in (True, False):
        np.testing.assert_allclose(
            ops.convert_to_numpy(ours(x, training=training, mask=mask)),
            ops.convert_to_numpy(theirs(x, training=training, mask=mask)),
            rtol=1e-4,
            atol=1e-5,
        )
    for a, b in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


def test_a_frozen_layer_keeps_its_statistics():
    layer = FastBatchNormalization()
    layer.build((None, 3))
    layer.trainable = False
    x = np.full((4, 3), 7.0, "float32")
    y = ops.convert_to_numpy(layer(x, training=True))
    np.testing.assert_allclose(y, 7.0, rtol=1e-3)
    np.testing.assert_array_equal(layer.moving_mean, np.zeros(3))


@pytest.mark.skipif(
    keras.config.backend() == "jax",
    reason="keras.layers.BatchNormalization fails on a mask on JAX",
)
def test_a_masked_step_does_not_count():
    layer = FastBatchNormalization()
    x = np.array([[[1.0], [3.0], [99.0]]], "float32")
    mask = np.array([[True, True, False]])
    y = ops.convert_to_numpy(layer(x, training=True, mask=mask))
    np.testing.assert_allclose(y[0, :2, 0], [-1.0, 1.0], rtol=1e-3)


def test_refuses_a_mask_of_another_rank():
    layer = FastBatchNormalization()
    with pytest.raises(ValueError, match="Received"):
        layer(np.ones((2, 3, 1)), training=True, mask=np.ones((2, 3, 1)))
