import numpy as np
import pytest

from keras_nn.layers import TokenPooling
from keras_nn.testing import check_layer


@pytest.mark.parametrize("mode", ["cls", "avg"])
def test_conformance(mode):
    check_layer(TokenPooling, {"mode": mode}, (2, 5, 4))


def test_leaves_the_prefix_out_of_the_patches():
    x = np.random.default_rng(0).normal(size=(2, 5, 3)).astype("float32")
    expected = {
        "cls": x[:, 0],
        "avg": x[:, 2:].mean(1),
        "max": x[:, 2:].max(1),
    }
    for mode, value in expected.items():
        y = TokenPooling(mode, num_prefix_tokens=2)(x)
        np.testing.assert_allclose(y, value, rtol=1e-5, atol=1e-6)


def test_refuses_an_unknown_mode():
    with pytest.raises(ValueError, match="Received: mode='sum'"):
        TokenPooling("sum")
