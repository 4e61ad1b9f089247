import numpy as np
import pytest

from keras_nn.models import DenseLadderEncoder
from keras_nn.testing import check_model

X = np.random.default_rng(0).normal(size=(5, 2, 2, 1)).astype("float32")


def test_conformance():
    arguments = {
        "input_shape": (2, 2, 1),
        "output_units": [3, 2],
        "units": [4, 3],
        "num_classes": None,
    }
    check_model(DenseLadderEncoder, arguments, X, fit=False, jit=False)


def test_equals_the_equations():
    model = DenseLadderEncoder(
        (4,), [3, 2], [5, 6], "tanh", batch_normalization=False
    )
    x = X.reshape(5, 4)
    w1, b1, v1, c1, w2, b2, v2, c2 = (
        model.get_layer(name).get_weights()[part]
        for name in ("hidden_0", "code_0", "hidden_1", "code_1")
        for part in (0, 1)
    )
    low = np.tanh(x @ w1 + b1)
    high = np.tanh(low @ w2 + b2)
    for found, expected in zip(
        model(x), (low @ v1 + c1, high @ v2 + c2), strict=True
    ):
        np.testing.assert_allclose(found, expected, atol=1e-5)


def test_sums_are_normalised_before_the_activation():
    model = DenseLadderEncoder((4,), [1, 1], [3, 3])
    x = 100 + X.reshape(5, 4)
    kernel = model.get_layer("hidden_0").get_weights()[0]
    total = x @ kernel
    total = (total - total.mean(0)) / np.sqrt(total.var(0) + 1e-3)
    total = np.where(total > 0, total, 0.2 * total)
    kernel, bias = model.get_layer("code_0").get_weights()
    np.testing.assert_allclose(
        model(x, training=True)[0], total @ kernel + bias, atol=1e-3
    )


def test_is_told_the_class():
    model = DenseLadderEncoder((2, 2, 1), [3, 2], [4, 4], num_classes=2)
    zero, one = (
        model({"pictures": X, "labels": np.full(5, label)})[0]
        for label in (0, 1)
    )
    assert np.abs(zero - one).max() > 1e-3


def test_refuses_lists_that_differ():
    with pytest.raises(ValueError, match="as many of.*Received"):
        DenseLadderEncoder((4,), [2], [3, 3])
