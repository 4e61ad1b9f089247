import numpy as np
import pytest
from PIL import Image

from keras_nn.data.picture_check import check_pictures


def save(path, mode="RGB", **kwargs):
    Image.new(mode, (40, 30)).save(path, **kwargs)
    return str(path)


def defects(path):
    return check_pictures([str(path)])[0].defect


@pytest.mark.parametrize("suffix", ["bmp", "gif", "jpg", "png", "webp"])
def test_a_good_picture_has_a_size_and_no_defect(tmp_path, suffix):
    (picture,) = check_pictures([save(tmp_path / f"a.{suffix}")])
    assert picture.defect is None
    assert picture.size == (30, 40)


@pytest.mark.parametrize("suffix", ["bmp", "gif", "jpg", "png", "webp"])
@pytest.mark.parametrize("share", [0.0, 0.5, 0.97])
def test_a_truncated_picture_has_a_defect(tmp_path, suffix, share):
    noise = np.random.default_rng(0).integers(0, 256, (60, 80, 3), "uint8")
    path = tmp_path / f"a.{suffix}"
    Image.fromarray(noise).save(path)
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    assert defects(path)


def test_a_flipped_bit_in_a_png_is_a_defect(tmp_path):
    path = tmp_path / "a.png"
    save(path)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)
    assert defects(path)


def test_what_is_no_picture_or_not_there_is_a_defect(tmp_path):
    path = tmp_path / "a.jpg"
    path.write_text("<html>404</html>")
    assert "UnidentifiedImageError" in defects(path)
    assert "FileNotFoundError" in defects(tmp_path / "none.jpg")


def test_what_follows_the_end_of_a_jpeg_is_no_defect(tmp_path):
    path = tmp_path / "a.jpg"
    save(path)
    path.write_bytes(path.read_bytes() + bytes(10_000))
    assert defects(path) is None


@pytest.mark.parametrize(
    "mode, is_grey",
    [("L", True), ("LA", True), ("1", True), ("I;16", True)]
    + [("RGB", False), ("RGBA", False), ("P", False)],
)
def test_tells_grey_from_colour(tmp_path, mode, is_grey):
    (picture,) = check_pictures([save(tmp_path / "a.png", mode)])
    assert picture.is_grey is is_grey


@pytest.mark.parametrize("suffix", ["jpg", "png"])
def test_the_size_is_that_of_the_turned_picture(tmp_path, suffix):
    exif = Image.Exif()
    exif[0x0112] = 6
    path = save(tmp_path / f"a.{suffix}", exif=exif)
    assert check_pictures([path])[0].size == (40, 30)
