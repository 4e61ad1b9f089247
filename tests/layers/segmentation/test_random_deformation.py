import numpy as np
import pytest

from keras_nn.layers import RandomDeformation

RNG = np.random.default_rng(0)
PICTURES = RNG.uniform(0, 255, (16, 9, 9, 2)).astype("float32")


def deform(layer, pictures, masks):
    pair = {"images": pictures, "segmentation_masks": masks}
    found = layer(pair, training=True)
    return [np.asarray(found[k]) for k in ("images", "segmentation_masks")]


def test_config_round_trip_and_inference():
    layer = RandomDeformation((4, 4), turn=True, elastic=2.0, contrast=0.1)
    clone = RandomDeformation.from_config(layer.get_config())
    assert clone.get_config() == layer.get_config()
    np.testing.assert_array_equal(layer(PICTURES), PICTURES)
    assert layer.compute_output_shape((None, 9, 9, 2)) == (None, 9, 9, 2)


def test_picture_and_mask_move_together():
    # A mask that is the picture itself must stay so, wherever pixels land
    # on whole places.
    layer = RandomDeformation((5, 5), turn=True, seed=1)
    masks = PICTURES[..., 0]
    pictures, found = deform(layer, PICTURES, masks)
    assert found.shape == (16, 5, 5)
    np.testing.assert_allclose(pictures[..., 0], found, rtol=1e-5)
    # Every crop is a crop of the picture under one of the eight symmetries.
    for whole, part in zip(masks, found, strict=True):
        turned = [np.rot90(part, k) for k in range(4)]
        turned += [t[:, ::-1] for t in turned]
        places = np.lib.stride_tricks.sliding_window_view(whole, (5, 5))
        assert any(
            np.all(np.isclose(places, t), axis=(2, 3)).any() for t in turned
        )


def test_all_eight_symmetries_and_all_corners_are_drawn():
    picture = np.arange(9.0).reshape(1, 3, 3).repeat(400, 0)
    layer = RandomDeformation(turn=True, seed=0)
    _, found = deform(layer, picture[..., None], picture)
    assert len(np.unique(found.reshape(400, -1), axis=0)) == 8
    layer = RandomDeformation((1, 1), flip=False, seed=0)
    _, found = deform(layer, picture[..., None], picture)
    values, counts = np.unique(found, return_counts=True)
    assert values.tolist() == list(range(9)) and counts.min() > 20


def test_bends_a_smooth_picture_and_its_mask_alike():
    y, x = np.mgrid[:32, :32].astype("float32")
    picture = (y + 2 * x)[None, ..., None].repeat(8, 0)
    layer = RandomDeformation(flip=False, elastic=2.0, seed=0)
    pictures, masks = deform(layer, picture, picture)
    assert np.abs(pictures - picture).max() > 2
    # The mask takes the nearest pixel: off by half a row and half a column.
    assert np.abs(pictures - masks).max() <= 1.51


def test_the_nearest_pixel_leaves_noise_as_it_is():
    layer = RandomDeformation(elastic=2.0, interpolation="nearest", seed=0)
    pictures, masks = deform(layer, PICTURES, PICTURES[..., :1])
    np.testing.assert_array_equal(pictures[..., :1], masks)
    assert np.isin(pictures, PICTURES).all()
    assert np.abs(pictures - PICTURES).max() > 2
    with pytest.raises(ValueError, match="`interpolation` must be one of"):
        RandomDeformation(interpolation="bicubic")


def test_labels_stay_labels():
    masks = RNG.integers(0, 3, (16, 9, 9)).astype("uint8")
    _, found = deform(RandomDeformation(elastic=3.0), PICTURES, masks)
    assert found.dtype == "uint8" and set(np.unique(found)) <= {0, 1, 2}


def test_contrast_keeps_the_mean_and_the_mask():
    layer = RandomDeformation(flip=False, contrast=0.5, seed=0)
    masks = PICTURES[..., :1]
    pictures, found = deform(layer, PICTURES, masks)
    np.testing.assert_array_equal(found, masks)
    np.testing.assert_allclose(
        pictures.mean((1, 2, 3)), PICTURES.mean((1, 2, 3)), rtol=1e-4
    )
    ratio = pictures.std((1, 2, 3)) / PICTURES.std((1, 2, 3))
    assert 0.5 < ratio.min() < ratio.max() < 1.5


def test_the_same_seed_draws_the_same():
    pair = [
        deform(
            RandomDeformation((4, 4), elastic=1.0, seed=3), PICTURES, PICTURES
        )
        for _ in range(2)
    ]
    np.testing.assert_array_equal(pair[0][0], pair[1][0])


def test_refuses_what_cannot_be():
    with pytest.raises(ValueError, match="`turn` needs square crops"):
        RandomDeformation((4, 5), turn=True)
    with pytest.raises(ValueError, match="`elastic` must not be negative"):
        RandomDeformation(elastic=-1.0)
    with pytest.raises(ValueError, match="not be smaller than the crop"):
        RandomDeformation((10, 4))(PICTURES, training=True)


def test_crops_lie_about_what_is_rare():
    masks = np.full((16, 20, 20), 255, "uint8")
    masks[:, ::2] = 0
    masks[:8, 17, 3] = 1  # the others have none
    pictures = np.zeros((16, 20, 20, 1), "float32")
    layer = RandomDeformation((5, 5), elastic=0.0, foreground=1.0, seed=0)
    _, found = deform(layer, pictures, masks)
    assert (found == 1).any(axis=(1, 2)).tolist() == [True] * 8 + [False] * 8
    half = RandomDeformation((5, 5), foreground=0.5, seed=0)
    _, found = deform(half, pictures.repeat(20, 0), masks.repeat(20, 0))
    assert 0.4 < (found == 1).any(axis=(1, 2))[:160].mean() < 0.7
    with pytest.raises(ValueError, match="pictures alone"):
        layer(pictures, training=True)
    with pytest.raises(ValueError, match="`foreground` must lie"):
        RandomDeformation(foreground=2.0)
