import numpy as np
import pytest
from PIL import Image

from keras_nn.applications import SuperResolver
from keras_nn.models import ESPCN

# Pillow cuts off what overshoots between its two passes: nothing here.
PICTURE = np.random.default_rng(0).integers(64, 192, (27, 31, 3), "uint8")


@pytest.fixture(scope="module")
def app():
    """Enlarges bicubically, and adds nothing."""
    network = ESPCN(scale=2, filters=[2, 2])
    for layer in network.layers:
        layer.set_weights([0 * w for w in layer.get_weights()])
    return SuperResolver(network, 2)


def test_enlarges_as_pillow_does_where_the_network_adds_nothing(app):
    (found,) = app.enlarge([PICTURE], tile=10)
    image = Image.fromarray(PICTURE)
    expected = image.resize((62, 54), Image.Resampling.BICUBIC)
    difference = found.astype(int) - np.asarray(expected)
    assert np.abs(difference).max() <= 1


def test_then_neither_side_wins(app):
    (row,) = app.compare([PICTURE])
    assert row["psnr"] == pytest.approx(row["bicubic_psnr"], abs=0.02)
    assert row["ssim"] == pytest.approx(row["bicubic_ssim"], abs=1e-3)
    ((theirs, ours, truth),) = app.comparison(
        PICTURE[None, :13, :15], PICTURE[None, :26, :30]
    )
    assert theirs[0].startswith("bicubic\n") and ours[0].startswith("ours\n")
    np.testing.assert_array_equal(truth[1], PICTURE[:26, :30])


def test_the_middle_of_large_pictures_is_shown(app):
    large = np.zeros((1, 200, 160, 3), "uint8")
    large[:, 44:156, 24:136] = 255
    ((_, _, truth),) = app.comparison(large[:, ::2, ::2], large)
    assert truth[1].shape == (112, 112, 3) and truth[1].min() == 255


def test_grey_files_stay_grey(tmp_path):
    network = ESPCN((None, None, 1), scale=2, filters=[2, 2])
    Image.fromarray(PICTURE).save(tmp_path / "a.png")
    (row,) = SuperResolver(network, 2).predict_path(
        tmp_path, folder=tmp_path / "out"
    )
    written = Image.open(row["enlarged"])
    assert written.mode == "L" and written.size == (62, 54)
