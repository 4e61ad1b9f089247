"""Pictures of both sides, moved and mirrored at random in training."""

import keras
from keras import ops


def jittered(x, y, together, flip, jitter, seed):
    """Enlarges, cuts out at a random place, and mirrors at random.

    Args:
        x: float tensor `(batch, height, width, channels)`.
        y: the same, of the same height and width.
        together: bool. Whether the sides belong together: what is done to one
            is then done to the other.
        flip: bool. Whether each picture, or pair, is mirrored at random.
        jitter: float. Share by which pictures are enlarged before a part of
            the old size is cut out, one place a batch; 0.117 makes 286 of 256
            pixels, as published. 0 leaves them.
        seed: `keras.random.SeedGenerator`.

    Returns:
        `(x, y)`.
    """
    if together:
        channels = x.shape[-1]
        both = _moved(ops.concatenate([x, y], -1), flip, jitter, seed)
        return both[..., :channels], both[..., channels:]
    return tuple(_moved(pictures, flip, jitter, seed) for pictures in (x, y))


def _moved(pictures, flip, jitter, seed):
    height, width, channels = pictures.shape[1:]
    if jitter:
        large = [round(side * (1 + jitter)) for side in (height, width)]
        pictures = ops.image.resize(
            pictures, large, "bilinear", data_format="channels_last"
        )
        drawn = keras.random.uniform((2,), seed=seed)
        free = ops.convert_to_tensor(
            [large[0] - height + 1.0, large[1] - width + 1.0]
        )
        top, left = ops.unstack(ops.cast(ops.floor(drawn * free), "int32"))
        rows, columns = top + ops.arange(height), left + ops.arange(width)
        pictures = ops.take(ops.take(pictures, rows, 1), columns, 2)
    if flip:
        shape = (ops.shape(pictures)[0], 1, 1, 1)
        drawn = keras.random.uniform(shape, seed=seed)
        pictures = ops.where(drawn < 0.5, ops.flip(pictures, 2), pictures)
    return pictures
