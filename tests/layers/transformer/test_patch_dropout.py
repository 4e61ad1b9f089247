import numpy as np
import pytest
from keras import ops

from keras_nn.layers import PatchDropout
from keras_nn.testing import check_layer


def test_conformance():
    # In training there are fewer tokens than a mask has entries.
    check_layer(PatchDropout, {"rate": 0.5}, (2, 7, 4), mask=False)


def test_keeps_the_prefix_and_the_order():
    x = np.broadcast_to(np.arange(12.0)[None, :, None], (50, 12, 3))
    layer = PatchDropout(0.4, num_prefix_tokens=2, seed=0)
    y = ops.convert_to_numpy(layer(x.astype("float32"), training=True))
    assert y.shape == (50, 2 + 6, 3)
    np.testing.assert_array_equal(y[:, :2], x[:, :2])
    assert (np.diff(y[..., 0]) > 0).all()
    assert len(np.unique(y[..., 0], axis=0)) > 25  # each example its own
    assert set(y[:, 2:].ravel()) == set(range(2, 12))


def test_is_nothing_outside_of_training():
    x = np.ones((2, 5, 3), "float32")
    assert PatchDropout(0.9)(x).shape == x.shape


def test_refuses_a_rate_out_of_range():
    with pytest.raises(ValueError, match="Received: rate=1"):
        PatchDropout(1)
