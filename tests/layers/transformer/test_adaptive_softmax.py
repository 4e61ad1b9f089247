import numpy as np
import pytest

from keras_nn.layers import AdaptiveSoftmax
from keras_nn.testing import check_layer

# Equal to torch's: tests/parity/test_torch_adaptive_softmax.py


def test_conformance():
    check_layer(
        AdaptiveSoftmax,
        {"num_classes": 7, "cutoffs": [2, 4]},
        (3, 4, 8),
        mask=False,
        output_dtype="float32",
    )


def test_probabilities_add_up_to_one_with_fewer_weights():
    layer = AdaptiveSoftmax(200, [20, 60])
    x = np.random.default_rng(0).normal(size=(5, 32)).astype("float32")
    p = np.exp(np.array(layer(x)))
    np.testing.assert_allclose(p.sum(-1), 1, rtol=1e-5)
    assert layer.count_params() < 32 * 200 / 3
    targets = np.array([0, 19, 20, 60, 199])
    np.testing.assert_allclose(
        np.exp(layer(x, targets=targets)), p[np.arange(5), targets], rtol=1e-5
    )


def test_refuses_cutoffs_that_do_not_ascend():
    with pytest.raises(ValueError, match=r"cutoffs=\[4, 4\]"):
        AdaptiveSoftmax(7, [4, 4])
