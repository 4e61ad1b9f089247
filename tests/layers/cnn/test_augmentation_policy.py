import numpy as np
import pytest
from keras import ops
from PIL import Image
from PIL import ImageEnhance
from PIL import ImageOps

from keras_nn.layers import RandAugment
from keras_nn.layers import TrivialAugment
from keras_nn.layers.cnn.augmentation_policy import OPERATIONS
from keras_nn.layers.cnn.augmentation_policy import AugmentationPolicy

RNG = np.random.default_rng(0)
PICTURES = RNG.integers(0, 256, (14, 24, 16, 3)).astype("uint8")


def of_pillow(name, picture, level, sign):
    """RandAugment's operations as torchvision's table gives them."""
    image = Image.fromarray(picture)
    width, height = image.size

    def moved(*matrix):
        return image.transform(
            image.size, Image.Transform.AFFINE, matrix, Image.Resampling.NEAREST
        )

    factor = 1 + sign * 0.9 * level
    return np.asarray(
        {
            "identity": lambda: image,
            "shear_x": lambda: moved(1, sign * 0.3 * level, 0, 0, 1, 0),
            "shear_y": lambda: moved(1, 0, 0, sign * 0.3 * level, 1, 0),
            "translate_x": lambda: moved(
                1, 0, sign * 150 / 331 * width * level, 0, 1, 0
            ),
            "translate_y": lambda: moved(
                1, 0, 0, 0, 1, sign * 150 / 331 * height * level
            ),
            "rotate": lambda: image.rotate(sign * 30 * level),
            "brightness": lambda: ImageEnhance.Brightness(image).enhance(
                factor
            ),
            "color": lambda: ImageEnhance.Color(image).enhance(factor),
            "contrast": lambda: ImageEnhance.Contrast(image).enhance(factor),
            "sharpness": lambda: ImageEnhance.Sharpness(image).enhance(factor),
            "posterize": lambda: ImageOps.posterize(
                image, 8 - round(4 * level)
            ),
            "solarize": lambda: ImageOps.solarize(image, 255 * (1 - level)),
            "auto_contrast": lambda: ImageOps.autocontrast(image),
            "equalize": lambda: ImageOps.equalize(image),
        }[name](),
        "float32",
    )


@pytest.mark.parametrize("level, sign", [(0.3, 1), (0.8, -1)])
def test_every_operation_is_pillows(level, sign):
    count = len(OPERATIONS)
    found = RandAugment().transform(
        ops.convert_to_tensor(PICTURES.astype("float32")),
        ops.arange(count),
        ops.full((count,), level),
        ops.full((count,), float(sign)),
    )
    for index, name in enumerate(OPERATIONS):
        expected = of_pillow(name, PICTURES[index], level, sign)
        gap = np.abs(ops.convert_to_numpy(found[index]) - expected)
        # Rounding may take the next pixel of a rotation, or the next value.
        assert (gap > 2.01).mean() < 0.01, name


def test_every_picture_has_draws_of_its_own():
    same = np.tile(PICTURES[:1], (64, 1, 1, 1)).astype("float32")
    for layer in (RandAugment(num_ops=1, seed=0), TrivialAugment(seed=0)):
        drawn = ops.convert_to_numpy(layer(same, training=True))
        # One of 14 is the identity, most of the others are 2 directions.
        different = len(np.unique(drawn.reshape(64, -1), axis=0))
        assert different > 15
        unchanged = (drawn == same).all(axis=(1, 2, 3)).mean()
        assert 0 < unchanged < 0.4
        again = type(layer).from_config(layer.get_config())
        np.testing.assert_array_equal(again(same, training=True), drawn)
        assert (np.asarray(layer(same, training=True)) != drawn).any()


def test_operations_are_equally_likely():
    class Seen(RandAugment):
        def transform(self, pictures, operation, levels, sign):
            self.seen = np.asarray(operation), np.asarray(sign)
            return pictures

    layer = Seen(num_ops=1, seed=3)
    layer(np.zeros((14_000, 1, 1, 1), "float32"), training=True)
    operation, sign = layer.seen
    counts = np.bincount(operation, minlength=14)
    assert len(counts) == 14 and np.abs(counts - 1000).max() < 150
    assert abs(sign.mean()) < 0.05


def test_a_range_is_that_of_the_pictures():
    whole = RandAugment(seed=5)(PICTURES, training=True)
    share = RandAugment(value_range=(-1, 1), seed=5)(
        PICTURES / np.float32(127.5) - 1, training=True
    )
    np.testing.assert_allclose(
        (np.asarray(share) + 1) * 127.5, whole, atol=1.01
    )


def test_refuses_what_is_out_of_range():
    with pytest.raises(ValueError, match="Received: num_ops=0"):
        RandAugment(num_ops=0)
    with pytest.raises(ValueError, match=r"Received: value_range=\(1, 0\)"):
        TrivialAugment(value_range=(1, 0))
    abstract = AugmentationPolicy(1)
    with pytest.raises(NotImplementedError, match="define `draw_levels`"):
        abstract(PICTURES, training=True)
    with pytest.raises(NotImplementedError, match="define `strengths`"):
        abstract.strengths(None, 1, 1)
