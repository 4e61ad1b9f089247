import numpy as np
from PIL import Image

from keras_nn.applications.picture_masks import read_picture
from keras_nn.applications.picture_masks import save_mask

RNG = np.random.default_rng(0)


def test_a_picture_keeps_its_size_and_loses_its_alpha(tmp_path):
    pixels = RNG.integers(0, 256, (6, 9, 4)).astype("uint8")
    pixels[..., 3] = 255
    Image.fromarray(pixels).save(tmp_path / "a.png")
    picture = read_picture(str(tmp_path / "a.png"), "rgb")
    np.testing.assert_array_equal(picture, pixels[..., :3])
    assert read_picture(str(tmp_path / "a.png"), "grayscale").shape == (6, 9, 1)


def test_a_written_mask_holds_the_indices(tmp_path):
    mask = RNG.integers(0, 4, (6, 9)).astype("uint8")
    picture = RNG.integers(65, 256, (6, 9, 1)).astype("uint8")
    file = tmp_path / "in" / "sub" / "a.png"
    file.parent.mkdir(parents=True)
    paths = save_mask(tmp_path / "out", file, tmp_path / "in", picture, mask, 4)
    with Image.open(paths["mask"]) as image:
        assert image.mode == "P"
        np.testing.assert_array_equal(np.asarray(image), mask)
    assert (tmp_path / "out" / "sub" / "a_png_overlay.png").is_file()
    overlay = np.asarray(Image.open(paths["overlay"]))
    still = mask == 0
    np.testing.assert_array_equal(
        overlay[still], np.repeat(picture[still], 3, axis=-1)
    )
