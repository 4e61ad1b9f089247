import keras
from keras import ops

INTERPOLATIONS = ("bilinear", "nearest")


@keras.saving.register_keras_serializable(package="keras_nn")
class RandomDeformation(keras.layers.Layer):
    """Crops, flips, turns and bends a picture and its mask in the same way.

    `picture'(q) = picture(o + D (q + u(q)))`

    with a random corner `o` of the crop, one of the eight flips and quarter
    turns `D`, and displacements `u` that are drawn normally distributed on a
    coarse grid and interpolated. Pictures are sampled as `interpolation`
    says, masks take the nearest pixel, both at the same places, in one step;
    beyond the margin lies the mirror picture.
    (`keras.layers.RandomElasticTransform` draws other displacements for the
    mask than for the picture.)

    Args:
        crop_size: tuple `(height, width)` in pixels, or None to keep the
            picture's. Defaults to None.
        flip: bool. Whether to mirror left and right, by half. Defaults to
            True.
        turn: bool. Whether to mirror up and down and to swap rows and columns
            by half, too, which makes every quarter turn. Needs square crops.
            Defaults to False.
        elastic: float. Standard deviation of displacements, in pixels.
            Defaults to 0.
        elastic_grid: int. Points of the coarse grid along each side. Defaults
            to 4.
        contrast: float in [0, 1). Contrast of a picture about its mean is
            multiplied by `1 - contrast` to `1 + contrast`. Defaults to 0.
        foreground: float in [0, 1]. Share of crops that lie about a pixel of
            a class other than 0 and 255, if there is one, so that what is rare
            is seen. Needs masks. Defaults to 0.
        seed: int or None. Seed of the draws.
        interpolation: `"bilinear"` or `"nearest"`. How bent pictures are
            read. Bilinear ones are smoother than those that are measured;
            the nearest pixel leaves their noise and sharpness as they are.
            Defaults to `"bilinear"`.

    Call arguments:
        inputs: dict of `"images"`, a float tensor `(batch, height, width,
            channels)`, and `"segmentation_masks"`, a tensor `(batch, height,
            width)` or with a last axis of 1, as Keras's augmentation layers
            take it; or pictures alone.
        training: bool. Pictures pass as they are unless it is True.

    Returns:
        As the inputs, of the crop's size in training.

    Raises:
        ValueError: if `turn` is asked of a crop that is no square, or a
            picture is smaller than the crop.

    Example:

    >>> pair = {"images": ops.ones((2, 8, 8, 1)),
    ...         "segmentation_masks": ops.ones((2, 8, 8))}
    >>> layer = RandomDeformation((4, 4), elastic=1.0)
    >>> tuple(layer(pair, training=True)["segmentation_masks"].shape)
    (2, 4, 4)

    Reference:
        [Ronneberger et al., 2015](https://arxiv.org/abs/1505.04597), section
        3.1.
    """

    def __init__(
        self,
        crop_size=None,
        flip=True,
        turn=False,
        elastic=0.0,
        elastic_grid=4,
        contrast=0.0,
        foreground=0.0,
        seed=None,
        interpolation="bilinear",
        **kwargs,
    ):
        super().__init__(**kwargs)
        if interpolation not in INTERPOLATIONS:
            raise ValueError(
                f"`interpolation` must be one of {INTERPOLATIONS}. "
                f"Received: {interpolation=}"
            )
        crop_size = None if crop_size is None else tuple(crop_size)
        if turn and crop_size is not None and crop_size[0] != crop_size[1]:
            raise ValueError(
                f"`turn` needs square crops. Received: {crop_size=}"
            )
        if not 0 <= foreground <= 1:
            raise ValueError(
                f"`foreground` must lie in [0, 1]. Received: {foreground=}"
            )
        if elastic < 0 or elastic_grid < 2 or not 0 <= contrast < 1:
            raise ValueError(
                "`elastic` must not be negative, `elastic_grid` at least 2, "
                f"`contrast` in [0, 1). Received: {elastic=}, {elastic_grid=}, "
                f"{contrast=}"
            )
        self.crop_size = crop_size
        self.flip = flip
        self.turn = turn
        self.elastic = elastic
        self.elastic_grid = elastic_grid
        self.contrast = contrast
        self.foreground = foreground
        self.seed = seed
        self.interpolation = interpolation
        self.generator = keras.random.SeedGenerator(seed)

    def build(self, input_shape):
        pass

    def call(self, inputs, training=False):
        if not training:
            return inputs
        pair = isinstance(inputs, dict)
        pictures = inputs["images"] if pair else inputs
        masks = inputs["segmentation_masks"] if pair else None
        y, x = self._places(pictures, masks)
        found = self._vary_contrast(self._read(pictures, y, x))
        if not pair:
            return found
        flat = len(masks.shape) == 3
        masks = ops.expand_dims(masks, -1) if flat else masks
        masks = _take(masks, ops.round(y), ops.round(x))
        return {
            **inputs,
            "images": found,
            "segmentation_masks": ops.squeeze(masks, -1) if flat else masks,
        }

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(),
            "crop_size": self.crop_size,
            "flip": self.flip,
            "turn": self.turn,
            "elastic": self.elastic,
            "elastic_grid": self.elastic_grid,
            "contrast": self.contrast,
            "foreground": self.foreground,
            "seed": self.seed,
            "interpolation": self.interpolation,
        }

    def _read(self, pictures, y, x):
        # Unbent places are whole already.
        if self.elastic and self.interpolation == "bilinear":
            return _bilinear(pictures, y, x)
        return _take(pictures, ops.round(y), ops.round(x))

    def _places(self, pictures, masks):
        """Where each pixel of the result is read: rows and columns."""
        batch, height, width = ops.shape(pictures)[:3]
        rows, columns = self._size(height, width)
        y, x = ops.meshgrid(
            ops.arange(rows, dtype="float32"),
            ops.arange(columns, dtype="float32"),
            indexing="ij",
        )
        y = ops.broadcast_to(y, (batch, rows, columns))
        x = ops.broadcast_to(x, (batch, rows, columns))
        if self.elastic:
            shift = self._displacements(batch, rows, columns)
            y, x = y + shift[..., 0], x + shift[..., 1]
        if self.flip:
            x = ops.where(self._coin(batch), columns - 1 - x, x)
        if self.turn:
            y = ops.where(self._coin(batch), rows - 1 - y, y)
            swap = self._coin(batch)
            y, x = ops.where(swap, x, y), ops.where(swap, y, x)
        top = self._corner(batch, height - rows)
        left = self._corner(batch, width - columns)
        if self.foreground:
            top, left = self._about_foreground(top, left, masks, rows, columns)
        y, x = y + top, x + left
        return _mirrored(y, height), _mirrored(x, width)

    def _size(self, height, width):
        rows, columns = self.crop_size or (height, width)
        known = isinstance(height, int) and isinstance(width, int)
        if known and (rows > height or columns > width):
            raise ValueError(
                f"Pictures must not be smaller than the crop {self.crop_size}."
                f" Received: pictures of {height}x{width}"
            )
        if known and self.turn and rows != columns:
            raise ValueError(
                "`turn` needs square pictures or a square `crop_size`. "
                f"Received: pictures of {height}x{width}"
            )
        return rows, columns

    def _coin(self, batch, share=0.5):
        draw = keras.random.uniform((batch, 1, 1), seed=self.generator)
        return draw < share

    def _corner(self, batch, room):
        draw = keras.random.uniform((batch, 1, 1), seed=self.generator)
        return ops.floor(draw * ops.cast(room + 1, "float32"))

    def _about_foreground(self, top, left, masks, rows, columns):
        """Some of the corners moved so that a foreground pixel is inside."""
        if masks is None:
            raise ValueError(
                "`foreground` is looked for in masks. Received: pictures alone"
            )
        batch, height, width = ops.shape(masks)[:3]
        masks = ops.cast(ops.reshape(masks, (batch, height * width)), "int32")
        there = ops.logical_and(masks > 0, masks != 255)
        draw = keras.random.uniform(ops.shape(masks), seed=self.generator)
        pixel = ops.argmax(ops.where(there, draw, -1.0), axis=-1)
        pixel = ops.reshape(pixel, (batch, 1, 1))
        moved = self._coin(batch, self.foreground)
        any_there = ops.reshape(ops.any(there, axis=-1), (batch, 1, 1))
        moved = ops.logical_and(moved, any_there)

        def corner(place, side, size):
            place = ops.cast(place, "float32") - side // 2
            return ops.clip(place, 0.0, ops.cast(size - side, "float32"))

        top = ops.where(moved, corner(pixel // width, rows, height), top)
        left = ops.where(moved, corner(pixel % width, columns, width), left)
        return top, left

    def _displacements(self, batch, rows, columns):
        side = self.elastic_grid
        coarse = keras.random.normal(
            (batch, side, side, 2), stddev=self.elastic, seed=self.generator
        )
        return ops.image.resize(
            coarse,
            (rows, columns),
            interpolation="bicubic",
            data_format="channels_last",
        )

    def _vary_contrast(self, pictures):
        if not self.contrast:
            return pictures
        factor = keras.random.uniform(
            (ops.shape(pictures)[0], 1, 1, 1),
            1 - self.contrast,
            1 + self.contrast,
            seed=self.generator,
        )
        factor = ops.cast(factor, pictures.dtype)
        mean = ops.mean(pictures, axis=(1, 2, 3), keepdims=True)
        return mean + factor * (pictures - mean)


def _mirrored(place, size):
    """Places beyond the margin, reflected at the outermost pixels."""
    last = ops.cast(size - 1, "float32")
    place = ops.abs(place)
    return ops.clip(last - ops.abs(last - place), 0.0, last)


def _take(pictures, y, x):
    """Pixels at whole places: `(batch, rows, columns, channels)`."""
    shape = ops.shape(pictures)
    index = ops.cast(y, "int32") * shape[2] + ops.cast(x, "int32")
    flat = ops.reshape(pictures, (shape[0], -1, pictures.shape[-1]))
    rows, columns = ops.shape(y)[1:]
    index = ops.reshape(index, (shape[0], -1, 1))
    found = ops.take_along_axis(flat, index, axis=1)
    return ops.reshape(found, (shape[0], rows, columns, pictures.shape[-1]))


def _bilinear(pictures, y, x):
    height, width = ops.shape(pictures)[1:3]
    top, left = ops.floor(y), ops.floor(x)
    down = ops.cast(ops.expand_dims(y - top, -1), pictures.dtype)
    right = ops.cast(ops.expand_dims(x - left, -1), pictures.dtype)
    below = ops.minimum(top + 1, ops.cast(height - 1, "float32"))
    beside = ops.minimum(left + 1, ops.cast(width - 1, "float32"))
    upper = (1 - right) * _take(pictures, top, left)
    upper = upper + right * _take(pictures, top, beside)
    lower = (1 - right) * _take(pictures, below, left)
    lower = lower + right * _take(pictures, below, beside)
    return (1 - down) * upper + down * lower
