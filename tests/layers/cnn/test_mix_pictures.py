import numpy as np
import pytest
from keras import ops

from keras_nn.layers import MixPictures
from keras_nn.layers.cnn.mix_pictures import _quantiles
from keras_nn.testing import check_layer


def pair(batch=64, side=8):
    """Picture `i` has the value `i` everywhere, and is of class `i`."""
    value = np.arange(batch, dtype="float32")
    images = np.tile(value[:, None, None, None], (1, side, side, 1))
    return {"images": images, "labels": np.eye(batch, dtype="float32")}


def mixed(layer, **how):
    result = layer(pair(**how), training=True)
    return [ops.convert_to_numpy(result[k]) for k in ("images", "labels")]


def test_conformance():
    shapes = {"images": (3, 4, 4, 2), "labels": (3, 3)}
    check_layer(MixPictures, {"mixup": 0.5, "seed": 1}, shapes)


@pytest.mark.parametrize(
    "arguments",
    [{"cutmix": 0.0}, {"mixup": 0.0}, {}],
    ids=["mixup", "cutmix", "both"],
)
def test_labels_are_mixed_as_the_pixels_are(arguments):
    images, labels = mixed(MixPictures(seed=0, **arguments))
    values = labels @ np.arange(64)
    np.testing.assert_allclose(images.mean((1, 2, 3)), values, rtol=1e-4)
    np.testing.assert_allclose(labels.sum(1), 1, rtol=1e-5)
    assert (np.count_nonzero(labels, axis=1) == 2).mean() > 0.5


def test_a_cut_is_one_box_of_the_other_picture():
    images, labels = mixed(MixPictures(mixup=0.0, seed=0))
    for index, image in enumerate(images[..., 0]):
        other = image == 63 - index
        assert (other | (image == index)).all()
        rows, columns = other.any(1), other.any(0)
        np.testing.assert_array_equal(other, np.outer(rows, columns))
        assert np.count_nonzero(np.diff(rows.astype(int))) <= 2
        share = labels[index, index]
        assert share == pytest.approx(1 - other.mean(), abs=1e-6)


def test_the_share_is_distributed_as_beta():
    _, labels = mixed(MixPictures(mixup=0.4, cutmix=0.0, seed=0), batch=2000)
    own = np.maximum(labels[np.arange(2000), np.arange(2000)], 0)
    levels = np.array([0.1, 0.25, 0.5, 0.75, 0.9])
    expected = np.interp(levels, np.linspace(0, 1, 512), _quantiles(0.4))
    np.testing.assert_allclose(np.quantile(own, levels), expected, atol=0.04)
    draws = np.random.default_rng(0).beta(0.4, 0.4, 100_000)
    np.testing.assert_allclose(expected, np.quantile(draws, levels), atol=0.01)


def test_the_rate_is_the_share_of_pictures_that_are_mixed():
    images, _ = mixed(MixPictures(cutmix=0.0, rate=0.25, seed=0), batch=1000)
    whole = images[:, 0, 0, 0] == np.arange(1000)
    assert 0.7 < whole.mean() < 0.8
    layer = MixPictures()
    given = pair()
    assert layer(given)["images"] is given["images"] or np.array_equal(
        layer(given)["images"], given["images"]
    )


def test_refuses_what_mixes_nothing():
    with pytest.raises(ValueError, match="not both 0"):
        MixPictures(0.0, 0.0)
    with pytest.raises(ValueError, match="Received: rate=0"):
        MixPictures(rate=0)
