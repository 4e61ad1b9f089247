import numpy as np
import pytest

from keras_nn.models import MLP
from keras_nn.testing import check_model


@pytest.mark.parametrize("include_top", [True, False])
def test_conformance(include_top):
    arguments = {
        "include_top": include_top,
        "input_shape": (3, 2),
        "classes": 4,
        "classifier_activation": None,
        "units": [5, 4],
        "activation": "tanh",
    }
    check_model(MLP, arguments, (6, 3, 2), (6, 4))


def test_equals_matrix_products():
    model = MLP(input_shape=(2, 3), units=[5], classes=4)
    x = np.random.default_rng(0).normal(size=(7, 2, 3)).astype("float32")
    w, b, v, c = model.get_weights()
    hidden = np.maximum(x.reshape(7, 6) @ w + b, 0)
    exponents = np.exp(hidden @ v + c)
    expected = exponents / exponents.sum(-1, keepdims=True)
    np.testing.assert_allclose(
        model.predict(x, verbose=0), expected, rtol=1e-4, atol=1e-6
    )


def test_without_hidden_layers_it_is_linear():
    model = MLP(
        input_shape=(3,), units=[], classes=2, classifier_activation=None
    )
    x = np.eye(3, dtype="float32")
    kernel, bias = model.get_weights()
    np.testing.assert_allclose(
        model.predict(x, verbose=0), kernel + bias, rtol=1e-5, atol=1e-6
    )


def test_drops_units_only_in_training():
    model = MLP(input_shape=(3,), units=[50], dropout=0.5, include_top=False)
    x = np.ones((1, 3), "float32")
    np.testing.assert_array_equal(model(x), model(x, training=False))
    assert np.any(np.array(model(x, training=True)) != np.array(model(x)))


@pytest.mark.parametrize(
    "arguments, received",
    [
        ({"input_shape": (None, 3)}, r"input_shape=\(None, 3\)"),
        ({"units": [4, 0]}, r"units=\[4, 0\]"),
    ],
)
def test_refuses_sizes_that_are_none(arguments, received):
    with pytest.raises(ValueError, match=f"Received: {received}"):
        MLP(**arguments)
