import keras
import numpy as np
import pytest

from keras_nn.metrics import PerceptualDistance
from keras_nn.metrics import perceptual_distance
from keras_nn.metrics import perceptual_scores
from keras_nn.testing import check_metric

RNG = np.random.default_rng(0)
SHAPES = [(4, 5, 6, 3), (4, 2, 3, 2)]
X, Y = ([RNG.normal(size=s).astype("float32") for s in SHAPES] for _ in "xy")
WEIGHTS = [[0.5, 0.0, 2.0], [1.0, 3.0]]


def naive(x, y, weights):
    """Loops over layers, places and channels."""
    total = np.zeros(len(x[0]))
    for first, second, w in zip(x, y, weights, strict=True):
        count, height, width, channels = first.shape
        for n in range(count):
            for i in range(height):
                for j in range(width):
                    a, b = first[n, i, j], second[n, i, j]
                    a, b = a / np.sqrt(a @ a), b / np.sqrt(b @ b)
                    apart = sum(
                        w[c] * (a[c] - b[c]) ** 2 for c in range(channels)
                    )
                    total[n] += apart / (height * width)
    return total


def test_conformance():
    given = {"extractor": "toy", "channel_weights": WEIGHTS}
    check_metric(PerceptualDistance, given, X, Y)


@pytest.mark.parametrize("weights", [None, WEIGHTS])
def test_equals_loops(weights):
    expected = naive(X, Y, weights or [[1.0] * 3, [1.0] * 2])
    found = perceptual_distance(X, Y, weights)
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_brightness_of_maps_does_not_matter_and_the_extractor_is_named():
    bright = [3 * maps for maps in X]
    np.testing.assert_allclose(perceptual_distance(X, bright), 0, atol=1e-6)
    layers = [keras.Input((5, 6, 3)), keras.layers.Identity()]
    pixels = keras.Sequential(layers, name="pixels")
    found = perceptual_scores(X[0], Y[0], pixels, batch_size=3)
    expected = naive(X[:1], Y[:1], [[1.0] * 3]).mean()
    assert found == {
        "perceptual_distance_pixels": pytest.approx(expected, rel=1e-5)
    }


def test_refuses_what_does_not_belong_together():
    with pytest.raises(ValueError, match="must not be negative"):
        PerceptualDistance(channel_weights=[[1.0, -1.0]])
    with pytest.raises(ValueError, match=r"\[\[3, 2\], \[3, 2\], \[3\]\]"):
        perceptual_distance(X, Y, WEIGHTS[:1])
    with pytest.raises(ValueError, match="of the same layers"):
        perceptual_distance(X, Y[::-1])
    with pytest.raises(ValueError, match="4 and 3 pictures"):
        perceptual_scores(X[0], Y[0][:3], None)
