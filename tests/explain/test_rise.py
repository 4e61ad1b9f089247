import keras
import numpy as np
import pytest
from keras import layers

from keras_nn.explain import Rise


def seer(place):
    """A model whose score is the brightness at one place."""
    model = keras.Sequential(
        [keras.Input((12, 12, 1)), layers.Flatten(), layers.Dense(1)]
    )
    kernel = np.zeros((12, 12))
    kernel[place] = 1
    model.layers[1].kernel.assign(kernel.reshape(-1, 1))
    return model


def test_the_place_that_counts_stands_out():
    pictures = np.ones((1, 12, 12, 1))
    for place in ((2, 3), (9, 8)):
        explain = Rise(seer(place), n_samples=400, grid=4)
        found = explain(pictures).attributions[0, :, :, 0]
        peak = np.unravel_index(found.argmax(), found.shape)
        assert np.abs(np.subtract(peak, place)).max() <= 2
        # Seen or not, a place that does not count has the mean score.
        assert found.max() > 1.3 * np.median(found)


def test_equals_its_equation():
    explain = Rise(seer((5, 5)), n_samples=30, grid=3, open_share=0.3)
    picture = np.random.default_rng(0).uniform(size=(1, 12, 12, 1))
    found = explain(picture, baselines=0.5).attributions[0, :, :, 0]
    masks = explain._masks(12, 12)
    assert masks.min() >= 0 and masks.max() <= 1
    seen = masks[:, 5, 5]
    scores = seen * picture[0, 5, 5, 0] + (1 - seen) * 0.5
    expected = np.einsum("k,khw->hw", scores, masks) / (30 * 0.3)
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_refuses_numbers_and_inputs_it_cannot_use():
    model = seer((0, 0))
    with pytest.raises(ValueError, match="between 0 and 1. Received: 1"):
        Rise(model, open_share=1)
    with pytest.raises(ValueError, match="Received: grid=0"):
        Rise(model, grid=0)
    flat = keras.Sequential([keras.Input((3,)), layers.Dense(2)])
    with pytest.raises(ValueError, match="RISE needs pictures"):
        Rise(flat)(np.ones((1, 3)))
