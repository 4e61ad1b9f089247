"""Pictures cut into squares, and put together again."""

from keras import ops


def to_patches(pictures, patch_size):
    """The values of each square of a picture, in the order of reading.

    Args:
        pictures: tensor `(batch, height, width, channels)`, sizes known.
        patch_size: int. Side of a square; it divides height and width.

    Returns:
        A tensor `(batch, squares, patch_size**2 * channels)`.

    Example:

    >>> import numpy as np
    >>> x = np.arange(8).reshape(1, 2, 4, 1)
    >>> ops.convert_to_numpy(to_patches(x, 2))[0].tolist()
    [[0, 1, 4, 5], [2, 3, 6, 7]]
    """
    _, height, width, channels = pictures.shape
    rows, columns = height // patch_size, width // patch_size
    x = ops.reshape(
        pictures, (-1, rows, patch_size, columns, patch_size, channels)
    )
    x = ops.transpose(x, (0, 1, 3, 2, 4, 5))
    return ops.reshape(x, (-1, rows * columns, patch_size**2 * channels))


def from_patches(patches, picture_shape, patch_size):
    """Pictures out of their squares: what `to_patches` turns round.

    Args:
        patches: tensor `(batch, squares, patch_size**2 * channels)`.
        picture_shape: tuple `(height, width, channels)`.
        patch_size: int.

    Returns:
        A tensor `(batch, height, width, channels)`.

    Example:

    >>> import numpy as np
    >>> x = np.arange(8).reshape(1, 2, 4, 1)
    >>> y = from_patches(to_patches(x, 2), (2, 4, 1), 2)
    >>> bool(ops.all(y == x))
    True
    """
    height, width, channels = picture_shape
    rows, columns = height // patch_size, width // patch_size
    x = ops.reshape(
        patches, (-1, rows, columns, patch_size, patch_size, channels)
    )
    x = ops.transpose(x, (0, 1, 3, 2, 4, 5))
    return ops.reshape(x, (-1, height, width, channels))
