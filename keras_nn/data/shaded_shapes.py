"""Maps of labels, and pictures that were painted after them: no file."""

import numpy as np

from keras_nn.data.shapes import draw_picture
from keras_nn.data.split import Split
from keras_nn.data.splits import Splits

# Of a map: ground, circle, square, triangle.
LABEL_COLOURS = np.array(
    [(0, 0, 120), (220, 40, 40), (240, 200, 0), (0, 170, 90)], "uint8"
)
TRAIN, TEST = 1200, 200


def draw_shaded_shapes(count, image_size=64, max_shapes=3, seed=0):
    """Draws maps of circles, squares and triangles, and paints after them.

    Circles become balls lit from the upper left, squares crates of planks,
    triangles firs, before a sky that brightens downwards; each throws a
    shadow to its lower right, and there is a little noise.

    Args:
        count: int. Number of pictures.
        image_size: int. Height and width, in pixels; at least 16.
        max_shapes: int. At most so many shapes in a picture.
        seed: int. The same seed draws the same pictures.

    Returns:
        A dict of uint8 arrays `(count, image_size, image_size, 3)`:
        `"labels"`, a colour for each kind of shape, and `"pictures"`.

    Raises:
        ValueError: If `count` or `max_shapes` is not positive, or the
            pictures are too small.

    Example:

    >>> drawn = draw_shaded_shapes(2, seed=1)
    >>> drawn["labels"].shape, drawn["pictures"].shape
    ((2, 64, 64, 3), (2, 64, 64, 3))
    """
    if min(count, max_shapes) < 1 or image_size < 16:
        raise ValueError(
            "`count` and `max_shapes` must be positive, `image_size` at least "
            f"16. Received: {count=}, {max_shapes=}, {image_size=}"
        )
    generator = np.random.default_rng(seed)
    labels, pictures = [], []
    for _ in range(count):
        _, mask, boxes, kinds = draw_picture(generator, image_size, max_shapes)
        labels.append(LABEL_COLOURS[mask])
        painted = _painted(mask, boxes.astype(int), kinds)
        painted += generator.normal(0, 4, painted.shape)
        pictures.append(painted.round().clip(0, 255).astype("uint8"))
    return {"labels": np.stack(labels), "pictures": np.stack(pictures)}


def shaded_shapes():
    """1,400 maps of labels, 64x64, with pictures; the last 200 the test set."""
    drawn = draw_shaded_shapes(TRAIN + TEST)
    whole = Split(drawn["labels"], drawn["pictures"])
    order = np.arange(TRAIN + TEST)
    return Splits(
        whole[order[:TRAIN]],
        None,
        whole[order[TRAIN:]],
        name="shaded-shapes",
        source="keras_nn.data.draw_shaded_shapes",
        licence="CC0",
        description="Coloured maps of circles, squares and triangles, and "
        "pictures of balls, crates and firs in their places, both uint8 of "
        "shape (64, 64, 3). Drawn with a seed; the last 200 are the test set.",
    )


def _painted(mask, boxes, kinds):
    size = len(mask)
    down = np.linspace(0, 1, size)[:, None, None]
    sky = (1 - down) * np.array([110, 160, 225.0])
    picture = sky + down * np.array([225, 235, 245.0])
    picture = np.broadcast_to(picture, (size, size, 3)).copy()
    shift = max(1, size // 20)
    shadow = np.zeros_like(mask, bool)
    shadow[shift:, shift:] = mask[:-shift, :-shift] > 0
    picture[shadow] *= 0.7
    for (left, top, right, bottom), kind in zip(boxes, kinds, strict=True):
        here = np.s_[top:bottom, left:right]
        inside = mask[here] == kind
        paint = _PAINTS[int(kind)](bottom - top, right - left)
        picture[here][inside] = paint[inside]
    return picture


def _places(height, width):
    """Rows and columns from -1 to 1."""
    y = (np.arange(height) + 0.5) / height * 2 - 1
    x = (np.arange(width) + 0.5) / width * 2 - 1
    return np.meshgrid(y, x, indexing="ij")


def _ball(height, width):
    y, x = _places(height, width)
    z = np.sqrt(np.maximum(1 - x**2 - y**2, 0))
    light = np.maximum(0.65 * z - 0.5 * x - 0.57 * y, 0)
    shine = light**12
    base = np.array([215, 45, 40.0]) * (0.3 + 0.7 * light[..., None])
    return base + 190 * shine[..., None]


def _crate(height, width):
    y, x = _places(height, width)
    planks = np.sin(3 * np.pi * y)[..., None]
    wood = np.array([190, 140, 80.0]) * (0.9 + 0.15 * planks)
    edge = (np.maximum(np.abs(x), np.abs(y)) > 0.78)[..., None]
    return np.where(edge, np.array([120, 80, 40.0]), wood)


def _fir(height, width):
    y, x = _places(height, width)
    tiers = (2.5 * (y + 1)) % 1
    green = np.array([30, 120, 60.0]) * (0.6 + 0.7 * tiers)[..., None]
    return green * (1 - 0.25 * x)[..., None]


_PAINTS = {1: _ball, 2: _crate, 3: _fir}
