import numpy as np
from keras import ops

from keras_nn.layers import TokenMean
from keras_nn.testing import check_layer


def test_conformance():
    check_layer(TokenMean, {}, (3, 4, 5))


def test_counts_the_tokens_that_are_there():
    x = np.random.default_rng(0).normal(size=(2, 4, 3)).astype("float32")
    mask = np.array([[1, 1, 0, 0], [1, 0, 1, 1]], bool)
    y = ops.convert_to_numpy(TokenMean()(x, mask=mask))
    expected = [
        row[there].mean(axis=0) for row, there in zip(x, mask, strict=True)
    ]
    np.testing.assert_allclose(y, expected, rtol=1e-6)


def test_no_token_gives_zero():
    x = np.ones((1, 2, 3), "float32")
    y = TokenMean()(x, mask=np.zeros((1, 2), bool))
    assert ops.convert_to_numpy(y).tolist() == [[0.0, 0.0, 0.0]]


def test_half_precision_counts_long_texts():
    x = np.ones((1, 5000, 1), "float16")
    y = TokenMean(dtype="float16")(x, mask=np.ones((1, 5000), bool))
    assert abs(float(y[0, 0]) - 1) < 0.01
