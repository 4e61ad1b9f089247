import numpy as np
from keras import ops

from keras_nn.layers import AnchorBoxes
from keras_nn.ops import encode_deltas
from keras_nn.ops import pyramid_anchors
from keras_nn.testing import check_layer

ARGUMENTS = {
    "image_size": (8, 8),
    "strides": [4],
    "size": 2.0,
    "scales": [1.0],
    "ratios": [1.0, 2.0],
}


def test_conformance():
    # In float32 under every policy.
    check_layer(AnchorBoxes, ARGUMENTS, (2, 8, 4), half=False)


def test_nothing_predicted_is_the_anchors_and_the_rest_is_decoded():
    layer = AnchorBoxes(**ARGUMENTS)
    anchors = pyramid_anchors(**ARGUMENTS)
    found = ops.convert_to_numpy(layer(np.zeros((1, 8, 4))))[0]
    np.testing.assert_allclose(found, anchors, atol=1e-5)
    deltas = np.random.default_rng(0).normal(size=(1, 8, 4)).astype("float32")
    back = encode_deltas(layer(deltas), anchors)
    np.testing.assert_allclose(ops.convert_to_numpy(back), deltas, atol=1e-4)
