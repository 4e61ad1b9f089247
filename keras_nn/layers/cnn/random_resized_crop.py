import math

import keras
from keras import ops

from keras_nn.ops.resized_crops import resized_crops


@keras.saving.register_keras_serializable(package="keras_nn")
class RandomResizedCrop(keras.layers.Layer):
    """Inception's crops: a random rectangle of each picture, at one size.

    The rectangle has a share of the picture's area drawn from `scale`, and a
    ratio of width to height whose logarithm is drawn from that of `ratio`.
    Of ten draws the first that fits into the picture is taken, at a random
    place; where none fits, the largest rectangle of an allowed ratio in the
    middle. Scaled bilinearly with antialiasing. Outside of training the
    middle of the picture is cut out, unscaled, as it is measured by
    torchvision and timm: their pictures are `size / crop_pct` large then.

    Args:
        height: int. Of the result, in pixels.
        width: int. Of the result, in pixels.
        scale: pair of floats in (0, 1]. Share of the area, from and to.
            Defaults to (0.08, 1).
        ratio: pair of positive floats. Width to height, from and to.
            Defaults to (3/4, 4/3).
        seed: int or None. Seed of the draws.

    Call arguments:
        inputs: tensor of shape `(batch, rows, columns, channels)`, not
            smaller than the result.
        training: bool. Whether to draw.

    Returns:
        A float tensor of shape `(batch, height, width, channels)`.

    Raises:
        ValueError: if an argument is out of its range, or pictures are
            smaller than the result.

    Example:

    >>> layer = RandomResizedCrop(8, 8, seed=0)
    >>> tuple(layer(ops.ones((4, 10, 12, 3)), training=True).shape)
    (4, 8, 8, 3)

    Reference:
        [Szegedy et al., 2015](https://arxiv.org/abs/1409.4842), section 6
    """

    attempts = 10

    def __init__(
        self,
        height,
        width,
        scale=(0.08, 1.0),
        ratio=(3 / 4, 4 / 3),
        seed=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if min(height, width) < 1:
            raise ValueError(
                "`height` and `width` must be positive. "
                f"Received: {height=}, {width=}"
            )
        if len(scale) != 2 or not 0 < scale[0] <= scale[1] <= 1:
            raise ValueError(
                "`scale` must be two shares in (0, 1], the lower first. "
                f"Received: {scale=}"
            )
        if len(ratio) != 2 or not 0 < ratio[0] <= ratio[1]:
            raise ValueError(
                "`ratio` must be two positive numbers, the lower first. "
                f"Received: {ratio=}"
            )
        self.height = height
        self.width = width
        self.scale = tuple(scale)
        self.ratio = tuple(ratio)
        self.seed = seed
        self.generator = keras.random.SeedGenerator(seed)

    def build(self, input_shape):
        for have, want in zip(
            input_shape[1:3], (self.height, self.width), strict=True
        ):
            if have is not None and have < want:
                raise ValueError(
                    "Pictures must not be smaller than the crop of "
                    f"{self.height}x{self.width}. Received: {input_shape=}"
                )

    def call(self, inputs, training=False):
        rows, columns = ops.shape(inputs)[1:3]
        if not training:
            # As torchvision rounds the place of the middle.
            top = int(round((rows - self.height) / 2))
            left = int(round((columns - self.width) / 2))
            return inputs[:, top : top + self.height, left : left + self.width]
        boxes = self.boxes(ops.shape(inputs)[0], rows, columns)
        return resized_crops(inputs, boxes, self.height, self.width)

    def boxes(self, count, rows, columns):
        """Draws rectangles in pictures of `rows` times `columns` pixels.

        Args:
            count: int. How many.
            rows: int. Height of the pictures.
            columns: int. Their width.

        Returns:
            A float tensor `(count, 4)` of whole numbers: top, left, height,
            width.
        """
        shape = (count, self.attempts)
        area = rows * columns * self._draw(shape, *self.scale)
        ratio = ops.exp(self._draw(shape, *map(math.log, self.ratio)))
        wide = ops.round(ops.sqrt(area * ratio))
        tall = ops.round(ops.sqrt(area / ratio))
        fits = (wide > 0) & (wide <= columns) & (tall > 0) & (tall <= rows)
        first = ops.one_hot(
            ops.argmax(ops.cast(fits, "int32"), axis=1), self.attempts
        )
        wide = ops.sum(wide * first, axis=1)
        tall = ops.sum(tall * first, axis=1)
        top = ops.floor(self._draw((count,)) * (rows - tall + 1))
        left = ops.floor(self._draw((count,)) * (columns - wide + 1))
        drawn = ops.stack([top, left, tall, wide], axis=1)
        middle = ops.convert_to_tensor(
            [self._middle(rows, columns)], dtype="float32"
        )
        return ops.where(ops.any(fits, axis=1)[:, None], drawn, middle)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.height, self.width, input_shape[-1])

    def get_config(self):
        return {
            **super().get_config(),
            "height": self.height,
            "width": self.width,
            "scale": self.scale,
            "ratio": self.ratio,
            "seed": self.seed,
        }

    def _draw(self, shape, low=0.0, high=1.0):
        return keras.random.uniform(
            shape, low, high, dtype="float32", seed=self.generator
        )

    def _middle(self, rows, columns):
        tall, wide = rows, columns
        if columns / rows < self.ratio[0]:
            tall = round(columns / self.ratio[0])
        elif columns / rows > self.ratio[1]:
            wide = round(rows * self.ratio[1])
        return (rows - tall) // 2, (columns - wide) // 2, tall, wide
