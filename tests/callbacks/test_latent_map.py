from math import erf

import numpy as np
import pytest

from keras_nn.callbacks import LatentMap
from keras_nn.callbacks.latent_map import planar
from keras_nn.callbacks.latent_map import quantile_grid


def test_each_place_of_the_grid_has_an_equal_share_of_the_prior():
    grid = quantile_grid(5).reshape(5, 5, 2)
    shares = [0.5 + erf(z / 2**0.5) / 2 for z in grid[0, :, 0]]
    np.testing.assert_allclose(shares, [0.1, 0.3, 0.5, 0.7, 0.9], atol=1e-6)
    np.testing.assert_allclose(grid[:, 2, 1], -grid[2, :, 0], atol=1e-6)


def test_more_latents_are_seen_from_where_they_vary_most():
    codes = np.random.default_rng(0).normal(size=(50, 4)) * [1, 9, 0.1, 3]
    points = planar(codes)
    _, vectors = np.linalg.eigh(np.cov(codes.T))
    for axis in range(2):
        expected = (codes - codes.mean(axis=0)) @ vectors[:, -1 - axis]
        correlation = np.corrcoef(points[:, axis], expected)[0, 1]
        assert abs(correlation) > 1 - 1e-9
    np.testing.assert_array_equal(planar(codes[:, :2]), codes[:, :2])
    assert planar(codes[:, :1])[:, 1].tolist() == [0.0] * 50


def test_pictures_between_two_latents_are_drawn(coders, tmp_path):
    events = coders.look(
        LatentMap(tmp_path / "two", (coders.x, coders.y), side=3), coders.vae()
    )
    assert events["latents/drawn_map"][0].value.shape[1:3] == (128, 128)
    events = coders.look(
        LatentMap(tmp_path / "maps", (coders.x, None)), coders.maps()
    )
    assert "latents/map" in events and "latents/drawn_map" not in events
    with pytest.raises(ValueError, match="Received: side=1"):
        LatentMap(tmp_path, (coders.x, coders.y), side=1)
