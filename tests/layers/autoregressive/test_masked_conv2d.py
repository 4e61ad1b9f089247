import numpy as np
import pytest

from keras_nn.layers import MaskedConv2D
from keras_nn.layers.autoregressive.masked_conv2d import MASKS
from keras_nn.testing import check_layer

X = np.random.default_rng(0).normal(size=(2, 4, 5, 3)).astype("float32")


def sees(mask, row, column):
    """Whether a place knows the one `row` rows down, `column` to the right."""
    if mask.startswith("rows"):
        return row < 0 or (mask == "rows_B" and row == 0)
    return (row, column) < (0, 0) or (mask == "B" and (row, column) == (0, 0))


def test_conformance():
    given = {"filters": 2, "kernel_size": 3, "mask": "B"}
    check_layer(MaskedConv2D, given, (2, 4, 5, 3), mask=False)


@pytest.mark.parametrize("mask", MASKS)
def test_equals_a_loop_over_what_may_be_seen(mask):
    layer = MaskedConv2D(2, (3, 5), mask, kernel_initializer="glorot_normal")
    found = np.asarray(layer(X))
    kernel, bias = layer.get_weights()
    expected = np.zeros((2, 4, 5, 2)) + bias
    for r, c in np.ndindex(4, 5):
        for i, j in np.ndindex(3, 5):
            row, column = i - 1, j - 2
            inside = 0 <= r + row < 4 and 0 <= c + column < 5
            if inside and sees(mask, row, column):
                expected[:, r, c] += X[:, r + row, c + column] @ kernel[i, j]
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_the_first_place_knows_nothing():
    layer = MaskedConv2D(2, 3, "A", use_bias=False)
    assert not np.any(np.asarray(layer(X))[:, 0, 0])


@pytest.mark.parametrize(
    "given, message",
    [
        ({"mask": "C"}, "`mask` must be one of"),
        ({"kernel_size": 4}, "`kernel_size` odd"),
        ({"filters": 0}, "`filters` must be positive"),
    ],
)
def test_refuses_what_it_cannot_be(given, message):
    with pytest.raises(ValueError, match=message):
        MaskedConv2D(**{"filters": 1, "kernel_size": 3, "mask": "A", **given})
