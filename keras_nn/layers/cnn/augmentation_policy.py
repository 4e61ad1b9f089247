import math

import keras
from keras import ops

from keras_nn.ops import picture_transforms as transforms

OPERATIONS = (
    "identity",
    "shear_x",
    "shear_y",
    "translate_x",
    "translate_y",
    "rotate",
    "brightness",
    "color",
    "contrast",
    "sharpness",
    "posterize",
    "solarize",
    "auto_contrast",
    "equalize",
)
_BLENDS = OPERATIONS[6:10]


class AugmentationPolicy(keras.layers.Layer):
    """Changes each picture by operations drawn for it. Abstract.

    A subclass says which strength an operation has at a level of 0..1, in
    `strengths`, and which levels are drawn, in `draw_levels`.

    Every picture has draws of its own. An operation is not computed for the
    pictures that have drawn it alone but for all, so warps are one warp with
    one matrix a picture, and blends one blend with one other picture each;
    nothing needs a shape that depends on the draws, and XLA compiles it.

    Args:
        num_ops: int. Operations that a picture goes through, in turn.
        value_range: pair of floats. What is black, and what is white.
            Defaults to (0, 255).
        fill: float, of `value_range`. What comes in from outside of a
            picture that is moved. Defaults to its lower end.
        seed: int or None. Seed of the draws.
        **kwargs: of `keras.layers.Layer`; `dtype` is float32 unless given.
    """

    def __init__(
        self, num_ops, value_range=(0, 255), fill=None, seed=None, **kwargs
    ):
        super().__init__(**{"dtype": "float32", **kwargs})
        if num_ops < 1:
            raise ValueError(
                f"`num_ops` must be positive. Received: {num_ops=}"
            )
        low, high = value_range
        if not low < high:
            raise ValueError(
                "`value_range` must be (low, high) with low < high. "
                f"Received: {value_range=}"
            )
        self.num_ops = num_ops
        self.value_range = tuple(value_range)
        self.fill = fill
        self.seed = seed
        self.generator = keras.random.SeedGenerator(seed)
        self.input_spec = keras.InputSpec(ndim=4)

    def build(self, input_shape):
        pass

    def call(self, inputs, training=False):
        inputs = ops.cast(inputs, self.compute_dtype)
        if not training:
            return inputs
        low, high = self.value_range
        scale = 255.0 / (high - low)
        pictures = (ops.cast(inputs, "float32") - low) * scale
        count = ops.shape(pictures)[0]
        for _ in range(self.num_ops):
            drawn = self._draw((count,)) * len(OPERATIONS)
            operation = ops.cast(ops.floor(drawn), "int32")
            sign = ops.where(self._draw((count,)) < 0.5, -1.0, 1.0)
            levels = self.draw_levels(count)
            pictures = self.transform(pictures, operation, levels, sign)
        return ops.cast(pictures / scale + low, self.compute_dtype)

    def transform(self, pictures, operation, levels, sign):
        """Each picture after one operation.

        Args:
            pictures: float tensor `(n, height, width, channels)`, of 0..255.
            operation: int tensor `(n,)`, index in `OPERATIONS`.
            levels: float tensor `(n,)`, of 0..1.
            sign: float tensor `(n,)`, -1 or 1: the direction of a warp, and
                whether a blend goes away from the other picture or to it.

        Returns:
            A tensor like `pictures`.
        """
        height, width = ops.shape(pictures)[1:3]
        strength = self.strengths(levels, height, width)

        def drawn(name):
            return operation == OPERATIONS.index(name)

        low, high = self.value_range
        fill = low if self.fill is None else self.fill
        result = transforms.warp(
            pictures,
            self._matrices(drawn, strength, sign, height, width),
            255.0 * (fill - low) / (high - low),
        )
        factor = ops.ones_like(levels)
        other = ops.zeros_like(result)
        grey = transforms.luminance(result)
        for name, picture in (
            ("brightness", 0.0),
            ("color", grey),
            ("contrast", ops.mean(grey, axis=(1, 2), keepdims=True)),
            ("sharpness", transforms.smooth(result)),
        ):
            chosen = drawn(name)
            factor = ops.where(chosen, 1.0 + sign * strength[name], factor)
            other = ops.where(chosen[:, None, None, None], picture, other)
        result = transforms.blend(result, other, factor)
        for name, picture in (
            ("posterize", transforms.posterize(result, strength["posterize"])),
            ("solarize", transforms.solarize(result, strength["solarize"])),
            ("auto_contrast", transforms.auto_contrast(result)),
            ("equalize", transforms.equalize(result)),
        ):
            chosen = drawn(name)[:, None, None, None]
            result = ops.where(chosen, picture, result)
        return result

    def strengths(self, levels, height, width):
        """What each operation does at these levels.

        Args:
            levels: float tensor `(n,)`, of 0..1.
            height, width: ints or scalar tensors, of the pictures.

        Returns:
            A dict from operation to tensor `(n,)`: slope of a shear, pixels
            of a translation, degrees of a rotation, departure from 1 of the
            factor of a blend, bits that are kept, threshold.
        """
        raise NotImplementedError(
            f"{type(self).__name__} must define `strengths`."
        )

    def draw_levels(self, count):
        """Levels of 0..1 for so many pictures: a tensor `(count,)`."""
        raise NotImplementedError(
            f"{type(self).__name__} must define `draw_levels`."
        )

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

    def get_config(self):
        return {
            **super().get_config(),
            "num_ops": self.num_ops,
            "value_range": self.value_range,
            "fill": self.fill,
            "seed": self.seed,
        }

    def _draw(self, shape):
        return keras.random.uniform(shape, seed=self.generator)

    def _matrices(self, drawn, strength, sign, height, width):
        """From a pixel to where it comes from: `(n, 2, 3)`."""

        def amount(name):
            return ops.where(drawn(name), sign * strength[name], 0.0)

        angle = amount("rotate") * (math.pi / 180)
        cosine, sine = ops.cos(angle), ops.sin(angle)
        x = ops.cast(width, "float32") / 2
        y = ops.cast(height, "float32") / 2
        rows = [
            cosine,
            amount("shear_x") - sine,
            amount("translate_x") + x - cosine * x + sine * y,
            amount("shear_y") + sine,
            cosine,
            amount("translate_y") + y - sine * x - cosine * y,
        ]
        return ops.reshape(ops.stack(rows, axis=-1), (-1, 2, 3))


def strengths(levels, shear, translate, degrees, departure, bits):
    """The strengths of a policy whose operations grow with their level.

    Args:
        levels: float tensor `(n,)`, of 0..1.
        shear: float. Slope at level 1.
        translate: pair of floats or scalar tensors. Pixels at level 1 along
            the width and along the height.
        degrees: float, at level 1.
        departure: float. How far the factors of blends go from 1.
        bits: int. Bits that posterizing takes away at level 1.

    Returns:
        A dict, as `AugmentationPolicy.strengths` returns it.
    """
    along_width, along_height = (ops.cast(t, "float32") for t in translate)
    return {
        "shear_x": shear * levels,
        "shear_y": shear * levels,
        "translate_x": along_width * levels,
        "translate_y": along_height * levels,
        "rotate": degrees * levels,
        **{name: departure * levels for name in _BLENDS},
        "posterize": 8.0 - ops.round(bits * levels),
        "solarize": 255.0 * (1.0 - levels),
    }
