import numpy as np
import pytest

from keras_nn.models import DenseEncoder
from keras_nn.testing import check_model

X = np.random.default_rng(0).normal(size=(5, 2, 2, 1)).astype("float32")


def test_conformance():
    arguments = {"input_shape": (2, 2, 1), "output_units": 3, "units": [4]}
    check_model(DenseEncoder, arguments, X, (5, 3), jit=False)


def test_is_told_the_class():
    model = DenseEncoder((2, 2, 1), 3, [4], num_classes=2)
    zero, one, anything = (
        model({"pictures": X, "labels": np.full(5, label)})
        for label in (0, 1, 2)
    )
    assert np.abs(zero - one).max() > 1e-3 < np.abs(one - anything).max()
    again = DenseEncoder.from_config(model.get_config())
    assert set(again.input) == {"pictures", "labels"}


def test_sums_are_normalised_before_the_activation():
    model = DenseEncoder((4,), 1, [3], batch_normalization=True)
    names = [layer.name for layer in model.layers[1:]]
    assert names == ["hidden_0", "norm_0", "activation_0", "code"]
    x = 100 + X.reshape(5, 4)
    total = x @ model.get_layer("hidden_0").get_weights()[0]
    total = (total - total.mean(0)) / np.sqrt(total.var(0) + 1e-3)
    kernel, bias = model.get_layer("code").get_weights()
    np.testing.assert_allclose(
        model(x, training=True), np.tanh(total) @ kernel + bias, atol=1e-3
    )


def test_refuses_no_width():
    with pytest.raises(ValueError, match="must be positive.*Received"):
        DenseEncoder((4,), 0)
