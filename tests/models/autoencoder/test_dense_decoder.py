import numpy as np
import pytest

from keras_nn.models import DenseDecoder
from keras_nn.testing import check_model

X = np.random.default_rng(0).normal(size=(5, 3)).astype("float32")


def test_conformance():
    arguments = {"code_units": 3, "output_shape": (2, 2, 1), "units": [4]}
    check_model(DenseDecoder, arguments, X, (5, 2, 2, 1), jit=False)


def test_is_told_the_class():
    model = DenseDecoder(3, (4,), [4], num_classes=2)
    zero, one = (
        model({"codes": X, "labels": np.full(5, label)}) for label in (0, 1)
    )
    assert np.abs(zero - one).max() > 1e-3


def test_refuses_no_width():
    with pytest.raises(ValueError, match="must be positive.*Received"):
        DenseDecoder(3, (4,), units=[0])
