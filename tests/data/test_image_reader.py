import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from keras_nn.data import ImageReader
from keras_nn.data import Split
from keras_nn.data.picture_check import check_picture


def colourful(height, width, seed=0):
    small = np.random.default_rng(seed).integers(0, 256, (4, 4, 3), "uint8")
    return Image.fromarray(small).resize((width, height), 3)


def test_a_jpeg_is_what_tensorflow_decodes(tmp_path):
    path = str(tmp_path / "a.jpg")
    colourful(30, 40).save(path, quality=90)
    expected = tf.io.decode_jpeg(
        tf.io.read_file(path), 3, dct_method="INTEGER_ACCURATE"
    )
    np.testing.assert_array_equal(ImageReader((30, 40))(path), expected)


@pytest.mark.parametrize("suffix", ["png", "bmp", "gif", "webp"])
def test_other_formats_are_what_tensorflow_decodes(tmp_path, suffix):
    path = str(tmp_path / f"a.{suffix}")
    colourful(30, 40).save(path)
    expected = tf.io.decode_image(
        tf.io.read_file(path), 3, expand_animations=False
    )
    np.testing.assert_array_equal(ImageReader((30, 40))(path), expected)


@pytest.mark.parametrize("suffix", ["tif", "ppm", "pgm"])
def test_lossless_formats_of_instruments_are_read(tmp_path, suffix):
    path = str(tmp_path / f"a.{suffix}")
    picture = colourful(30, 40).convert("L" if suffix == "pgm" else "RGB")
    picture.save(path)
    expected = np.asarray(picture).reshape(30, 40, -1)
    mode = "grayscale" if suffix == "pgm" else "rgb"
    np.testing.assert_array_equal(ImageReader((30, 40), mode)(path), expected)


def test_a_tiff_of_16_bits_keeps_its_8_highest(tmp_path):
    path = str(tmp_path / "a.tiff")
    values = np.arange(0, 65536, 257, "uint16").reshape(16, 16)
    Image.fromarray(values).save(path)
    read = ImageReader((16, 16), "grayscale")(path)[..., 0]
    np.testing.assert_array_equal(read, np.arange(256).reshape(16, 16))


def test_refuses_pages_and_floats_of_a_tiff(tmp_path):
    pages, floats = str(tmp_path / "stack.tif"), str(tmp_path / "float.tif")
    one = colourful(8, 8)
    one.save(pages, save_all=True, append_images=[one, one])
    Image.fromarray(np.ones((8, 8), "float32")).save(floats)
    for path, what in ((pages, "3 pages"), (floats, "values are floats")):
        with pytest.raises(ValueError, match=f"{what}.*Received: {path}"):
            ImageReader((8, 8))(path)
        assert what in check_picture(path).defect


def test_scaling_is_antialiased_bilinear(tmp_path):
    path = str(tmp_path / "a.png")
    colourful(90, 120).save(path)
    whole = ImageReader((90, 120))(path)
    expected = tf.image.resize(whole, (30, 50), antialias=True)
    scaled = ImageReader((30, 50))(path)
    assert scaled.dtype == "uint8"
    np.testing.assert_allclose(scaled, expected, atol=1)


def test_a_large_jpeg_decoded_small_looks_the_same(tmp_path):
    path = str(tmp_path / "a.jpg")
    colourful(1200, 1600).save(path, quality=95)
    whole = ImageReader((1200, 1600))(path)
    expected = tf.image.resize(whole, (30, 40), antialias=True)
    scaled = ImageReader((30, 40))(path)
    assert np.abs(scaled - expected.numpy()).mean() < 1


def test_cropping_keeps_the_middle_undistorted(tmp_path):
    path = str(tmp_path / "a.png")
    pixels = np.zeros((10, 30, 3), "uint8")
    pixels[:, 10:20] = 200
    Image.fromarray(pixels).save(path)
    cropped = ImageReader((10, 10), crop_to_aspect_ratio=True)(path)
    assert (cropped == 200).all()
    assert not (ImageReader((10, 10))(path) == 200).all()


def test_padding_keeps_all_of_it_undistorted(tmp_path):
    path = str(tmp_path / "a.png")
    colourful(90, 120).save(path)
    padded = ImageReader((50, 40), pad_to_aspect_ratio=True)(path)
    inner = ImageReader((30, 40))(path)
    np.testing.assert_array_equal(padded[10:40], inner)
    assert (padded[:10] == 114).all() and (padded[40:] == 114).all()
    with pytest.raises(ValueError, match="cropped or padded, not both"):
        ImageReader((8, 8), "rgb", True, True)


def test_transparent_parts_are_white_whatever_lies_beneath(tmp_path):
    pixels = np.zeros((2, 2, 4), "uint8")
    pixels[0, 0] = (255, 0, 0, 255)
    pixels[0, 1] = (0, 0, 0, 128)
    path = str(tmp_path / "a.png")
    Image.fromarray(pixels).save(path)
    picture = ImageReader((2, 2))(path)
    assert picture[0, 0].tolist() == [255, 0, 0]
    assert picture[0, 1].tolist() == [127, 127, 127]
    assert picture[1].tolist() == [[255, 255, 255]] * 2


def test_grey_weighs_the_colours_as_the_eye_does(tmp_path):
    path = str(tmp_path / "a.png")
    colourful(8, 8).save(path)
    grey = ImageReader((8, 8), "grayscale")(path)
    assert grey.shape == (8, 8, 1)
    expected = tf.image.rgb_to_grayscale(ImageReader((8, 8))(path))
    np.testing.assert_allclose(grey.astype(int), expected, atol=1)


def test_sixteen_bits_keep_their_shades(tmp_path):
    shades = np.array([[0, 257, 32768, 65535]], "uint16")
    path = str(tmp_path / "a.png")
    Image.fromarray(shades).save(path)
    picture = ImageReader((1, 4), "grayscale")(path)
    assert picture.ravel().tolist() == [0, 1, 128, 255]


def test_a_photo_is_turned_as_its_camera_says(tmp_path):
    path = str(tmp_path / "a.jpg")
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned right by 90 degrees
    pixels = np.zeros((16, 32, 3), "uint8")
    pixels[:, :16] = 255  # the left half, which becomes the upper one
    Image.fromarray(pixels).save(path, exif=exif)
    picture = ImageReader((32, 16))(path)
    assert picture[:14].min() > 200 and picture[-14:].max() < 55


def test_in_a_pipeline_it_gives_the_same_and_a_known_shape(tmp_path):
    path = str(tmp_path / "a.png")
    colourful(9, 12).save(path)
    reader = ImageReader((6, 5))
    dataset = Split(np.array([path]), np.array([0]), reader).batches(1)
    assert dataset.element_spec[0].shape == (1, 6, 5, 3)
    assert dataset.element_spec[0].dtype == reader.dtype
    ((pictures, _),) = dataset.as_numpy_iterator()
    np.testing.assert_array_equal(pictures[0], reader(path))


def test_a_bad_file_is_named_also_in_a_pipeline(tmp_path):
    path = tmp_path / "broken.jpg"
    colourful(30, 40).save(path)
    path.write_bytes(path.read_bytes()[:-50])
    reader = ImageReader((6, 5))
    with pytest.raises(ValueError, match="truncated.*Received: .*broken.jpg"):
        reader(str(path))
    dataset = Split(np.array([str(path)]), np.array([0]), reader).batches(1)
    with pytest.raises(tf.errors.InvalidArgumentError, match="broken.jpg"):
        next(iter(dataset))


def test_refuses_what_is_no_size_and_no_mode():
    with pytest.raises(ValueError, match=r"image_size=\(0, 4\)"):
        ImageReader((0, 4))
    with pytest.raises(ValueError, match="color_mode='cmyk'"):
        ImageReader((4, 4), "cmyk")
