import numpy as np
import pytest
from keras import ops
from PIL import Image
from PIL import ImageEnhance
from PIL import ImageOps

from keras_nn.ops import picture_transforms as transforms

RNG = np.random.default_rng(0)
# The third is dull, the fourth has one value only.
PICTURES = RNG.integers(0, 256, (4, 20, 17, 3)).astype("uint8")
PICTURES[2] = PICTURES[2] // 4 + 80
PICTURES[3] = 77
GREY = PICTURES[..., :1]


def run(function, pictures, *arguments):
    arguments = [ops.convert_to_tensor(np.float32(a)) for a in arguments]
    pictures = ops.convert_to_tensor(pictures.astype("float32"))
    return ops.convert_to_numpy(function(pictures, *arguments))


def each(function, pictures):
    """What Pillow makes of each picture, as float32."""
    results = []
    for picture in pictures:
        image = Image.fromarray(picture.squeeze())
        result = np.asarray(function(image), "float32")
        results.append(result.reshape(picture.shape))
    return np.stack(results)


@pytest.mark.parametrize("pictures", [PICTURES, GREY], ids=["rgb", "grey"])
def test_a_warp_is_pillows(pictures):
    matrices = np.array(
        [
            [[1, 0.317, 0], [0, 1, 0]],
            [[1, 0, 3], [0, 1, -4]],
            [[0.907, -0.513, 5.219], [0.531, 0.889, -3.117]],
            [[1, 0, 0], [0, 1, 0]],
        ]
    )
    found = run(lambda x, m: transforms.warp(x, m, 9.0), pictures, matrices)
    for picture, matrix, result in zip(pictures, matrices, found, strict=True):
        image = Image.fromarray(picture.squeeze())
        expected = image.transform(
            image.size,
            Image.Transform.AFFINE,
            matrix.ravel().tolist(),
            Image.Resampling.NEAREST,
            fillcolor=9 if image.mode == "L" else (9, 9, 9),
        )
        np.testing.assert_array_equal(result.squeeze(), np.asarray(expected))


@pytest.mark.parametrize(
    "enhance, other",
    [
        (ImageEnhance.Brightness, lambda x: 0.0 * x),
        (ImageEnhance.Color, transforms.luminance),
        (ImageEnhance.Sharpness, transforms.smooth),
        (
            ImageEnhance.Contrast,
            lambda x: ops.mean(
                transforms.luminance(x), axis=(1, 2), keepdims=True
            ),
        ),
    ],
)
@pytest.mark.parametrize("factor", [0.1, 0.7, 1.9])
def test_blends_are_pillows(enhance, other, factor):
    found = run(
        lambda x, f: transforms.blend(x, other(x), f), PICTURES, [factor] * 4
    )
    expected = each(lambda i: enhance(i).enhance(factor), PICTURES)
    # Pillow rounds the other picture, and then the result.
    assert np.abs(found - expected).max() < 2.01


@pytest.mark.parametrize("bits", [4, 6, 8])
def test_posterizing_is_pillows(bits):
    found = run(transforms.posterize, PICTURES, [bits] * 4)
    expected = each(lambda i: ImageOps.posterize(i, bits), PICTURES)
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("threshold", [0, 100, 256])
def test_solarizing_is_pillows(threshold):
    found = run(transforms.solarize, PICTURES, [threshold] * 4)
    expected = each(lambda i: ImageOps.solarize(i, threshold), PICTURES)
    np.testing.assert_array_equal(found, expected)


def test_auto_contrast_is_pillows():
    found = run(transforms.auto_contrast, PICTURES)
    expected = each(ImageOps.autocontrast, PICTURES)
    assert np.abs(found - expected).max() < 1.01
    np.testing.assert_array_equal(found[3], PICTURES[3])


def test_equalizing_is_pillows():
    large = RNG.normal(90, 30, (3, 40, 50, 3)).clip(0, 255).astype("uint8")
    for pictures in (PICTURES, large, large[..., :1]):
        found = run(transforms.equalize, pictures)
        np.testing.assert_array_equal(found, each(ImageOps.equalize, pictures))
