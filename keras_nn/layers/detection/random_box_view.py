import math

import keras
from keras import ops

from keras_nn.ops.box_iou import box_area

FLIPS = (None, "horizontal", "vertical", "horizontal_and_vertical")


@keras.saving.register_keras_serializable(package="keras_nn")
class RandomBoxView(keras.layers.Layer):
    """Zooms, crops, stretches and flips a picture and its boxes alike.

    `picture'(q) = picture(o + q / z)`, `box' = z (box - o)`

    with a zoom `z` and a random corner `o`: a picture that is zoomed into is
    a crop, one that is zoomed out of lies somewhere on a ground of its mean
    colour. Boxes are cut off at the margin; those of which too little is left
    are taken away.

    Args:
        zoom: tuple `(low, high)`. Zooms are drawn between, evenly on a
            logarithmic scale. Defaults to `(1, 1)`.
        stretch: float. Width and height are zoomed by factors that differ by
            up to `1 + stretch`. Defaults to 0.
        flip: None, `"horizontal"`, `"vertical"` or
            `"horizontal_and_vertical"`, each by half. Defaults to
            `"horizontal"`.
        contrast: float in [0, 1). Contrast of a picture about its mean is
            multiplied by `1 - contrast` to `1 + contrast`. Defaults to 0.
        tint: float in [0, 1). Every channel is multiplied by `1 - tint` to
            `1 + tint`. Defaults to 0.
        min_visible: float in [0, 1]. Share of a box's area that must be left.
            Defaults to 0.25.
        seed: int or None. Seed of the draws.

    Call arguments:
        inputs: dict of `"images"`, a float tensor `(batch, height, width,
            channels)`, and `"boxes"`, a float tensor `(batch, m, 5)` of
            `(x_min, y_min, x_max, y_max, class)`, in pixels; rows of class -1
            fill up.
        training: bool. Pictures pass as they are unless it is True.

    Returns:
        As the inputs.

    Raises:
        ValueError: if an argument is out of range.

    Example:

    >>> pair = {"images": ops.ones((1, 8, 8, 3)),
    ...         "boxes": ops.convert_to_tensor([[[1.0, 1.0, 4.0, 5.0, 0.0]]])}
    >>> layer = RandomBoxView((2.0, 2.0), flip=None, min_visible=0.0)
    >>> tuple(layer(pair, training=True)["boxes"].shape)
    (1, 1, 5)
    """

    def __init__(
        self,
        zoom=(1.0, 1.0),
        stretch=0.0,
        flip="horizontal",
        contrast=0.0,
        tint=0.0,
        min_visible=0.25,
        seed=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if len(zoom) != 2 or not 0 < zoom[0] <= zoom[1]:
            raise ValueError(
                "`zoom` must be two positive numbers, the lower first. "
                f"Received: {zoom=}"
            )
        if flip not in FLIPS:
            raise ValueError(
                f"`flip` must be one of {FLIPS}. Received: {flip=}"
            )
        if (
            stretch < 0
            or not 0 <= contrast < 1
            or not 0 <= tint < 1
            or not 0 <= min_visible <= 1
        ):
            raise ValueError(
                "`stretch` must not be negative, `contrast` and `tint` in "
                "[0, 1), `min_visible` in [0, 1]. Received: "
                f"{stretch=}, {contrast=}, {tint=}, {min_visible=}"
            )
        self.zoom = tuple(zoom)
        self.stretch = stretch
        self.flip = flip
        self.contrast = contrast
        self.tint = tint
        self.min_visible = min_visible
        self.seed = seed
        self.generator = keras.random.SeedGenerator(seed)

    def build(self, input_shape):
        pass

    def call(self, inputs, training=False):
        if not training:
            return inputs
        pictures, targets = inputs["images"], inputs["boxes"]
        batch, height, width = ops.shape(pictures)[:3]
        zooms = self._zooms(batch)
        x_view = _Axis(self, batch, width, zooms[0], "horizontal")
        y_view = _Axis(self, batch, height, zooms[1], "vertical")
        return {
            **inputs,
            "images": self._vary(_seen(pictures, y_view, x_view)),
            "boxes": self._moved(targets, y_view, x_view),
        }

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(),
            "zoom": self.zoom,
            "stretch": self.stretch,
            "flip": self.flip,
            "contrast": self.contrast,
            "tint": self.tint,
            "min_visible": self.min_visible,
            "seed": self.seed,
        }

    def uniform(self, shape, low=0.0, high=1.0):
        """Draws between two numbers."""
        return keras.random.uniform(shape, low, high, seed=self.generator)

    def _zooms(self, batch):
        low, high = (math.log(z) for z in self.zoom)
        zoom = self.uniform((batch, 1), low, high)
        most = math.log1p(self.stretch) / 2
        stretch = self.uniform((batch, 1), -most, most)
        return ops.exp(zoom + stretch), ops.exp(zoom - stretch)

    def _moved(self, targets, y_view, x_view):
        x, y = targets[..., 0:3:2], targets[..., 1:4:2]  # low and high
        (left, right), (top, bottom) = x_view.moved(x), y_view.moved(y)
        whole = ops.stack([left, top, right, bottom], axis=-1)
        limits = ops.convert_to_tensor([x_view.size, y_view.size] * 2)
        boxes = ops.clip(whole, 0.0, ops.cast(limits, whole.dtype))
        left_over = box_area(boxes)
        kept = left_over >= self.min_visible * box_area(whole)
        kept = ops.logical_and(kept, left_over > 0)
        kept = ops.logical_and(kept, targets[..., 4] >= 0)
        kept = ops.expand_dims(kept, -1)
        moved = ops.concatenate([boxes, targets[..., 4:]], axis=-1)
        nothing = ops.cast([0.0, 0.0, 0.0, 0.0, -1.0], moved.dtype)
        return ops.where(kept, moved, nothing)

    def _vary(self, pictures):
        batch, channels = ops.shape(pictures)[0], pictures.shape[-1]
        if self.contrast:
            factor = self.uniform(
                (batch, 1, 1, 1), 1 - self.contrast, 1 + self.contrast
            )
            mean = ops.mean(pictures, axis=(1, 2, 3), keepdims=True)
            pictures = mean + ops.cast(factor, pictures.dtype) * (
                pictures - mean
            )
        if self.tint:
            factor = self.uniform(
                (batch, 1, 1, channels), 1 - self.tint, 1 + self.tint
            )
            pictures = pictures * ops.cast(factor, pictures.dtype)
        return pictures


class _Axis:
    """The view along one axis: where pixels come from, where boxes go."""

    def __init__(self, layer, batch, size, zoom, direction):
        self.size = size
        self.zoom = zoom  # (batch, 1)
        room = ops.cast(size, "float32") * (1 - 1 / zoom)
        self.corner = layer.uniform((batch, 1)) * room
        flips = direction in (layer.flip or "").split("_")
        coin = layer.uniform((batch, 1)) < 0.5
        self.flipped = coin if flips else None

    def reading(self, dtype):
        """How much each pixel of the view takes of each of the picture.

        `(batch, size, size)`: bilinear, nothing from beyond the margin.
        """
        there = ops.arange(self.size, dtype="float32")
        at = ops.expand_dims(there, 0) + 0.5
        if self.flipped is not None:
            at = ops.where(self.flipped, self.size - at, at)
        at = ops.expand_dims(self.corner + at / self.zoom - 0.5, -1)
        return ops.cast(ops.relu(1 - ops.abs(at - there)), dtype)

    def moved(self, sides):
        """Low and high sides of boxes `(batch, m, 2)`, in the view."""
        sides = ops.expand_dims(self.zoom, -1) * (
            sides - ops.expand_dims(self.corner, -1)
        )
        low, high = sides[..., 0], sides[..., 1]
        if self.flipped is None:
            return low, high
        return (
            ops.where(self.flipped, self.size - high, low),
            ops.where(self.flipped, self.size - low, high),
        )


def _seen(pictures, y_view, x_view):
    """The pixels of the view; the mean colour beyond the margin."""
    ground = ops.mean(pictures, axis=(1, 2), keepdims=True)
    pictures = pictures - ground
    # Two products: gathering four pixels for each takes longer.
    rows = ops.einsum(
        "byi,bijc->byjc", y_view.reading(pictures.dtype), pictures
    )
    seen = ops.einsum("bxj,byjc->byxc", x_view.reading(pictures.dtype), rows)
    return ground + seen
