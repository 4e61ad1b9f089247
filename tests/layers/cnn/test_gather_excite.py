import numpy as np
import pytest

from keras_nn.layers import GatherExcite
from keras_nn.testing import check_layer

X = np.random.default_rng(0).normal(size=(2, 5, 4, 4)).astype("float32")


@pytest.mark.slow
def test_conformance():
    check_layer(GatherExcite, {"extent": 2, "units": 2}, (2, 5, 4, 4))


def gathered(x, extent):
    """Means around every `extent`-th place, of what there is."""
    found = []
    for row in range(0, x.shape[1], extent):
        for column in range(0, x.shape[2], extent):
            rows = slice(max(row - extent + 1, 0), row + extent)
            columns = slice(max(column - extent + 1, 0), column + extent)
            found.append(x[:, rows, columns].mean((1, 2)))
    shape = (len(x), -(-x.shape[1] // extent), -(-x.shape[2] // extent), -1)
    return np.stack(found, 1).reshape(shape)


@pytest.mark.parametrize("extent", [0, 2, 4])
def test_equals_a_loop_over_places(extent):
    layer = GatherExcite(extent, units=3)
    y = np.asarray(layer(X))
    _, height, width, _ = X.shape
    if extent:
        context = gathered(X, extent)
    else:
        context = X.mean((1, 2), keepdims=True)
    reduce, reduce_bias, expand, expand_bias = layer.get_weights()
    hidden = np.maximum(context @ reduce + reduce_bias, 0)
    gates = 1 / (1 + np.exp(-(hidden @ expand + expand_bias)))
    for row in range(height):
        for column in range(width):
            at = (
                row * gates.shape[1] // height,
                column * gates.shape[2] // width,
            )
            np.testing.assert_allclose(
                y[:, row, column],
                X[:, row, column] * gates[:, at[0], at[1]],
                rtol=1e-4,
                atol=1e-6,
            )


def test_learned_gathering_has_a_convolution_for_each_halving():
    layer = GatherExcite(4, learned=True)
    np.testing.assert_equal(tuple(layer(X).shape), X.shape)
    assert [tuple(c.conv.kernel.shape) for c in layer.gathering] == [
        (3, 3, 4, 1)
    ] * 2
    square = GatherExcite(learned=True)
    square(X[:, :4])
    assert tuple(square.gathering[0].conv.kernel.shape) == (4, 4, 4, 1)


def test_refuses_what_cannot_be():
    with pytest.raises(ValueError, match="extent=3"):
        GatherExcite(3)
    with pytest.raises(ValueError, match="units=0"):
        GatherExcite(units=0)
    with pytest.raises(ValueError, match="a square of known size"):
        GatherExcite(learned=True)(X)
