import keras
import numpy as np

from keras_nn.layers import GraphConvolution
from keras_nn.layers import RelationalConvolution


def test_kernels_in_one_weight_are_drawn_one_by_one():
    for initializer in (None, keras.initializers.GlorotUniform(seed=3)):
        given = {"kernel_initializer": initializer} if initializer else {}
        layer = RelationalConvolution(40, num_types=5, **given)
        layer.build({"node_features": (None, 80), "edge_types": (None,)})
        kernels = np.array(layer.kernels)
        # The limit of a matrix 80 x 40, not of a filter of 5 places.
        limit = np.sqrt(6 / 120)
        for kernel in kernels:
            np.testing.assert_allclose(np.abs(kernel).max(), limit, rtol=0.01)
        assert len({kernel.tobytes() for kernel in kernels}) == 5


def test_a_regularizer_reaches_the_kernel():
    layer = GraphConvolution(2, kernel_regularizer=keras.regularizers.L2(1.0))
    layer.build({"node_features": (None, 3)})
    (loss,) = layer.losses
    np.testing.assert_allclose(loss, np.square(layer.kernel).sum(), rtol=1e-5)
