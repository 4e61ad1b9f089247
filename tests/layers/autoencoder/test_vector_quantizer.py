import numpy as np
import pytest

from keras_nn.layers import VectorQuantizer

RNG = np.random.default_rng(0)
X = RNG.normal(size=(4, 3, 2)).astype("float32")


def built(entries=5):
    layer = VectorQuantizer(entries)
    layer.build((None, 3, 2))
    layer.codebook.assign(RNG.normal(size=(entries, 2)))
    return layer


def test_takes_the_nearest():
    layer = built()
    book = np.asarray(layer.codebook)
    apart = ((X[..., None, :] - book) ** 2).sum(-1)
    indices = np.asarray(layer.nearest(X))
    np.testing.assert_array_equal(indices, apart.argmin(-1))
    np.testing.assert_allclose(layer(X), book[indices], atol=1e-6)
    np.testing.assert_allclose(layer.lookup(indices), book[indices])


def test_an_entry_stands_for_itself():
    layer = built()
    indices = layer.nearest(layer.codebook)
    np.testing.assert_array_equal(indices, np.arange(5))


def test_keeps_its_config_and_shape():
    layer = built(3)
    again = VectorQuantizer.from_config(layer.get_config())
    assert again.entries == 3
    assert layer.compute_output_shape((None, 3, 2)) == (None, 3, 2)


def test_refuses_an_empty_codebook():
    with pytest.raises(ValueError, match="`entries` must be positive"):
        VectorQuantizer(0)
