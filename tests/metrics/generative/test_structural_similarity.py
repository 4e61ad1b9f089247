import numpy as np
import pytest

from keras_nn.metrics import StructuralSimilarity
from keras_nn.metrics import structural_similarity
from keras_nn.testing import check_metric
from keras_nn.testing.backend import TENSORFLOW

RNG = np.random.default_rng(0)
X = RNG.uniform(size=(3, 14, 12, 2)).astype("float32")
Y = (0.7 * X + 0.3 * RNG.uniform(size=X.shape)).astype("float32")


def test_conformance():
    check_metric(StructuralSimilarity, {"max_value": 1.0, "window": 5}, X, Y)


@pytest.mark.skipif(not TENSORFLOW, reason="compares with TensorFlow's")
def test_equals_tensorflow():
    import tensorflow as tf

    np.testing.assert_allclose(
        structural_similarity(255 * X, 255 * Y, 255.0),
        tf.image.ssim(255 * X, 255 * Y, 255.0),
        rtol=1e-4,
    )


def test_noise_costs_likeness_and_a_shift_of_brightness_little():
    x = X[..., :1] * 0.5
    noisy = x + RNG.normal(0, 0.2, x.shape).astype("float32")
    bright = x + 0.05
    worse, better = (
        float(np.mean(structural_similarity(x, y))) for y in (noisy, bright)
    )
    assert worse < 0.8 < better < 1


def test_refuses_pictures_smaller_than_the_window():
    with pytest.raises(ValueError, match="at least 11 pixels"):
        structural_similarity(X[:, :10], Y[:, :10])
    with pytest.raises(ValueError, match="must be positive"):
        StructuralSimilarity(window=0)


def test_pictures_of_unknown_size_in_a_compiled_function():
    tf = pytest.importorskip("tensorflow")
    shape = tf.TensorSpec((None, None, None, 1))
    compiled = tf.function(structural_similarity, input_signature=[shape] * 2)
    x = np.random.default_rng(0).uniform(size=(2, 12, 14, 1))
    x = x.astype("float32")
    np.testing.assert_allclose(compiled(x, x), [1, 1], atol=1e-6)
