"""Learnt positions of a checkpoint, for pictures or windows of another size.

Networks that look at places by number, ViT and Swin, have learnt a vector for
each place, or for each distance. Of more or fewer places, these are read off
between the learnt ones.
"""

import math

import numpy as np

_PLACES = "position_embeddings"
_DISTANCES = "relative_position_bias_table"


def is_of_positions(variables):
    """Whether the variables of a tensor are positions that can be resampled."""
    return isinstance(variables, list) and variables[0].path.endswith(
        (_PLACES, _DISTANCES)
    )


def resampled_positions(model, wanted, tensors):
    """The tensors of a checkpoint, positions at the size of the model.

    Args:
        model: `VisionTransformer` or `SwinTransformer`; of other networks the
            tensors are left as they are.
        wanted: dict from the name of a tensor to its variables, a list.
        tensors: dict from str to array. Positions are of square pictures.

    Returns:
        dict from str to array.

    Raises:
        ValueError: if positions in the checkpoint are of no square.

    Reference:
        [Dosovitskiy et al., 2021](https://arxiv.org/abs/2010.11929),
        section 3.2; [Liu et al., 2021](https://arxiv.org/abs/2103.14030),
        section 3.2
    """
    found = dict(tensors)
    for name in wanted.keys() & tensors.keys():
        if not is_of_positions(wanted[name]):
            continue
        (variable,) = wanted[name]
        value, shape = np.asarray(tensors[name]), tuple(variable.shape)
        if value.shape == shape:
            continue
        if variable.path.endswith(_DISTANCES):
            side = math.isqrt(shape[0])
            found[name] = _resampled(name, value, (side, side))
        else:
            front = int(bool(model.class_token))
            size = [s // model.patch_size for s in model.input_shape[1:3]]
            places = _resampled(name, value[0, front:], size)
            found[name] = np.concatenate([value[:, :front], places[None]], 1)
    return found


def bicubic(values, size):
    """A map at another size, as torch's `interpolate` makes it.

    Cubic convolution with `a = -0.75`, centres of pixels at halves, edges
    that go on, and no smoothing where the map shrinks.

    Args:
        values: float array `(height, width, channels)`.
        size: tuple `(height, width)`.

    Returns:
        float array `(*size, channels)`.

    Example:

    >>> bicubic(np.array([[[0.0], [1.0]]]), (1, 4))[0, :, 0].round(4).tolist()
    [-0.1055, 0.2266, 0.7734, 1.1055]

    Reference:
        [Keys, 1981](https://doi.org/10.1109/TASSP.1981.1163711)
    """
    rows = _weights(values.shape[0], size[0])
    columns = _weights(values.shape[1], size[1])
    return np.einsum("ai,bj,ijc->abc", rows, columns, values)


def _resampled(name, rows, size):
    """Rows of vectors, one a place of a square, for one of another size."""
    side = math.isqrt(len(rows))
    if side * side != len(rows):
        raise ValueError(
            "Positions are resampled from those of a square. "
            f"Received: {name} of {len(rows)} positions"
        )
    square = rows.reshape(side, side, -1).astype("float64")
    found = bicubic(square, size).reshape(size[0] * size[1], -1)
    return found.astype(rows.dtype)


def _weights(old, new):
    """What each old place weighs in each new one: `(new, old)`."""
    at = (np.arange(new) + 0.5) * old / new - 0.5
    first = np.floor(at).astype(int)
    found = np.zeros((new, old))
    for offset in (-1, 0, 1, 2):
        place = np.clip(first + offset, 0, old - 1)
        weight = _cubic(np.abs(at - (first + offset)))
        np.add.at(found, (np.arange(new), place), weight)
    return found


def _cubic(x, a=-0.75):
    near = ((a + 2) * x - (a + 3)) * x * x + 1
    far = ((x - 5) * x + 8) * x * a - 4 * a
    return np.where(x <= 1, near, np.where(x < 2, far, 0.0))
